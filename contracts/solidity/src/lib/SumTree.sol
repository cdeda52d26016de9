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
        uint256 fn = index;
        uint256 sn = count - 1;
        bytes32 hash = leaf.hash;
        uint256 sum = leaf.sum;
        for (uint256 i = 0; i < path.length;) {
            if (sn == 0) return false;
            SumNode calldata sibling = path[i];
            uint256 siblingSum = sibling.sum;
            if (fn & 1 == 1 || fn == sn) {
                hash = node(sibling.hash, siblingSum, hash, sum);
                while (fn & 1 == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                hash = node(hash, sum, sibling.hash, siblingSum);
            }
            fn >>= 1;
            sn >>= 1;
            // Neither sum is 2^128 or more, so that none of this overflows.
            unchecked {
                sum += siblingSum;
                ++i;
            }
            if (sum > type(uint128).max) return false;
        }
        return sn == 0 && hash == root.hash && sum == root.sum;
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
