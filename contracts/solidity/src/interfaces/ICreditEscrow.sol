// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title What the metering ledger asks of the escrow
interface ICreditEscrow {
    /// @notice All deposits minus all withdrawals: the most that may ever have been billed.
    function netDeposits() external view returns (uint256);

    /// @notice A crawler's deposits and withdrawals in total as of a time, that second included.
    function accountAt(address crawler, uint64 at) external view returns (uint128 deposited, uint128 withdrawn);

    /// @notice Pays a proven claim out of the pool; only the metering ledger.
    function payClaim(uint256 licenseId, address payout, uint128 amount) external;
}
