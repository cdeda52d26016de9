// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title What the metering ledger asks of the escrow
interface ICreditEscrow {
    /// @notice All deposits minus all withdrawals: the most that may ever have been billed.
    function netDeposits() external view returns (uint256);

    /// @notice A crawler's deposits and withdrawals in total as of a time, that second included.
    function accountAt(address crawler, uint64 at) external view returns (uint128 deposited, uint128 withdrawn);

    /// @notice What a crawler was thawing as of a time, that second included; 0 if nothing.
    /// @return amount what was thawing.
    /// @return billableUntil until when, by their `closedAt`, headers may be the last to bill it.
    function thawAt(address crawler, uint64 at) external view returns (uint128 amount, uint64 billableUntil);

    /// @notice When a crawler last withdrew without a header that closed after its thaw was requested; 0 if never.
    function fallbackAt(address crawler) external view returns (uint64);

    /// @notice Seconds after a thaw request from which the last finalised header counts, however old.
    function fallbackSeconds() external view returns (uint64);

    /// @notice Whether `signer` may sign vouchers of `crawler` at time `at`; a crawler always may itself.
    function isSignerAt(address crawler, address signer, uint64 at) external view returns (bool);

    /// @notice Domain separator of vouchers.
    function domainSeparator() external view returns (bytes32);

    /// @notice Takes a deposit for a crawler that is billed more than it deposited; only the metering ledger.
    function coverOverdraw(address crawler, uint256 amount) external;

    /// @notice Pays a proven claim out of the pool; only the metering ledger.
    function payClaim(uint256 licenseId, address payout, uint128 amount) external;
}
