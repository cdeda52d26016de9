// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @dev One slot: deposited 88 bits, withdrawn 88, time of the last change 40, number of older states kept 40; from the
/// lowest bit up. Amounts are since the first deposit.
type Account is uint256;

using AccountLib for Account global;

/// @title A crawler's account in the escrow, as it stood after some change
/// @notice Packed by hand, so that a change reads and writes each slot once.
library AccountLib {
    /// @notice The account after a deposit or a withdrawal.
    /// @dev The caller sees to it that each value fits its field.
    function changed(Account before, uint256 deposit, uint256 withdrawal, uint256 changedAt_, uint256 pastCount_)
        internal
        pure
        returns (Account)
    {
        unchecked {
            uint256 sums = uint176(Account.unwrap(before)) + deposit + (withdrawal << 88);
            return Account.wrap(sums | (changedAt_ << 176) | (pastCount_ << 216));
        }
    }

    function deposited(Account account) internal pure returns (uint256) {
        return uint88(Account.unwrap(account));
    }

    function withdrawn(Account account) internal pure returns (uint256) {
        return uint88(Account.unwrap(account) >> 88);
    }

    /// @notice 0 if there was no deposit yet.
    function changedAt(Account account) internal pure returns (uint256) {
        return uint40(Account.unwrap(account) >> 176);
    }

    function pastCount(Account account) internal pure returns (uint256) {
        return uint40(Account.unwrap(account) >> 216);
    }
}
