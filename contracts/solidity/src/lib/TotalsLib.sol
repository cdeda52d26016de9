// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @dev One slot: deposited 80 bits, withdrawn 80, claimed 80, paused 1; from the lowest bit up. Amounts are since the
/// first deposit; 2^80 atomic units are 10^18 USDC.
type Totals is uint256;

using TotalsLib for Totals global;

/// @title What went through the escrow in total
/// @notice Packed by hand, so that every deposit, claim and withdrawal reads and writes one slot once.
library TotalsLib {
    uint256 private constant PAUSED = 1 << 240;

    error TotalTooLarge();

    function deposited(Totals totals) internal pure returns (uint256) {
        return uint80(Totals.unwrap(totals));
    }

    function withdrawn(Totals totals) internal pure returns (uint256) {
        return uint80(Totals.unwrap(totals) >> 80);
    }

    function claimed(Totals totals) internal pure returns (uint256) {
        return uint80(Totals.unwrap(totals) >> 160);
    }

    function paused(Totals totals) internal pure returns (bool) {
        return Totals.unwrap(totals) & PAUSED != 0;
    }

    /// @notice What the pool owes to crawlers and publishers together.
    function owed(Totals totals) internal pure returns (uint256) {
        return totals.deposited() - totals.withdrawn() - totals.claimed();
    }

    function addDeposited(Totals totals, uint256 amount) internal pure returns (Totals) {
        return _add(totals, totals.deposited(), amount, 0);
    }

    function addWithdrawn(Totals totals, uint256 amount) internal pure returns (Totals) {
        return _add(totals, totals.withdrawn(), amount, 80);
    }

    function addClaimed(Totals totals, uint256 amount) internal pure returns (Totals) {
        return _add(totals, totals.claimed(), amount, 160);
    }

    function withPaused(Totals totals, bool value) internal pure returns (Totals) {
        uint256 rest = Totals.unwrap(totals) & ~PAUSED;
        return Totals.wrap(value ? rest | PAUSED : rest);
    }

    /// @dev Checks that nothing runs over into the next field.
    function _add(Totals totals, uint256 before, uint256 amount, uint256 shift) private pure returns (Totals) {
        if (amount > type(uint80).max - before) revert TotalTooLarge();
        unchecked {
            return Totals.wrap(Totals.unwrap(totals) + (amount << shift));
        }
    }
}
