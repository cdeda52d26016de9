// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SumNode} from "./Types.sol";

/// @title Proofs in the settlement trees
/// @notice Merkle-sum trees of wire.md section 5, shaped as RFC 6962. A sum that overflows makes a node invalid.
library SumTree {
    /// @notice Tells whether `leaf` stands at `index` in the tree of `count` leaves with the given root and sum.
    function verify(SumNode memory root, uint64 count, SumNode memory leaf, uint64 index, SumNode[] calldata path)
        internal
        pure
        returns (bool)
    {
        if (index >= count) return false;
        (bytes32 hash, uint256 sum, uint256 left) = _fold(leaf.hash, leaf.sum, index, uint256(count) - 1, path);
        return left == 0 && hash == root.hash && sum == root.sum;
    }

    /// @notice Tells whether `leaf` comes right after the one at `index` of `count`, whose path is proven: on that path
    /// the first sibling to the right is a node whose leftmost leaf it is.
    /// @param path from the leaf up to that sibling.
    function isNext(
        uint64 count,
        uint64 index,
        SumNode[] calldata indexPath,
        SumNode memory leaf,
        SumNode[] calldata path
    ) internal pure returns (bool) {
        // Nothing comes after the last leaf, which has no sibling to the right.
        if (uint256(index) + 1 >= count) return false;
        // Left of a right sibling all is full, so that a leaf is as often a right child as its index ends with ones.
        uint256 level = 0;
        while ((index >> level) & 1 == 1) ++level;
        if (level >= indexPath.length || path.length > 64) return false;
        // In a full tree the leaf at 0 is a left child all the way up.
        uint256 full = (uint256(1) << path.length) - 1;
        (bytes32 hash, uint256 sum, uint256 left) = _fold(leaf.hash, leaf.sum, 0, full, path);
        return left == 0 && hash == indexPath[level].hash && sum == indexPath[level].sum;
    }

    /// @dev RFC 9162 section 2.1.3.2 with sums. `fn` and `sn` are its names.
    /// @return hash of the root. @return sum of the root. @return left 0 if the path is as long as it must be and no
    /// sum is 2^128 or more.
    function _fold(bytes32 leafHash, uint256 leafSum, uint256 fn, uint256 sn, SumNode[] calldata path)
        private
        pure
        returns (bytes32 hash, uint256 sum, uint256 left)
    {
        assembly ("memory-safe") {
            hash := leafHash
            sum := leafSum
            // Free memory is used as scratch and not allocated. See `node` for the layout.
            let at := mload(0x40)
            mstore8(at, 0x05)
            let sibling := path.offset
            let end := add(sibling, shl(6, path.length))
            let high := 0
            for {} lt(sibling, end) { sibling := add(sibling, 64) } {
                // Stays in `high` too: a path that goes on above the root.
                high := or(high, iszero(sn))
                let siblingSum := calldataload(add(sibling, 32))
                switch or(and(fn, 1), eq(fn, sn))
                case 0 {
                    mstore(add(at, 1), hash)
                    mstore(add(at, 33), shl(128, sum))
                    mstore(add(at, 49), calldataload(sibling))
                    mstore(add(at, 81), shl(128, siblingSum))
                }
                default {
                    mstore(add(at, 1), calldataload(sibling))
                    mstore(add(at, 33), shl(128, siblingSum))
                    mstore(add(at, 49), hash)
                    mstore(add(at, 81), shl(128, sum))
                    for {} iszero(or(and(fn, 1), iszero(fn))) {} {
                        fn := shr(1, fn)
                        sn := shr(1, sn)
                    }
                }
                hash := keccak256(at, 97)
                // A sum that is too large stays in `high`, so that nothing later can hide it.
                sum := add(sum, siblingSum)
                high := or(high, shr(128, or(sum, siblingSum)))
                fn := shr(1, fn)
                sn := shr(1, sn)
            }
            left := or(sn, high)
        }
    }

    /// @notice Hash of an inner node: 97 bytes, `0x05 || left hash || left sum || right hash || right sum`.
    /// @param leftSum below 2^128, as `rightSum`.
    function node(bytes32 leftHash, uint256 leftSum, bytes32 rightHash, uint256 rightSum)
        internal
        pure
        returns (bytes32 hash)
    {
        assembly ("memory-safe") {
            // Free memory is used as scratch and not allocated.
            let at := mload(0x40)
            mstore8(at, 0x05)
            mstore(add(at, 1), leftHash)
            mstore(add(at, 33), shl(128, leftSum))
            mstore(add(at, 49), rightHash)
            mstore(add(at, 81), shl(128, rightSum))
            hash := keccak256(at, 97)
        }
    }
}
