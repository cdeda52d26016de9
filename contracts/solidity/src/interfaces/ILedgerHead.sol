// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Where the metering ledger stands
interface ILedgerHead {
    /// @notice A header is pending if `lastPosted` is not `lastFinalised`.
    function head() external view returns (uint64 lastPosted, uint64 lastFinalised, uint64 generation);
}
