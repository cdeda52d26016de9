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
        uint128 sum = leaf.sum;
        for (uint256 i = 0; i < path.length; ++i) {
            if (sn == 0) return false;
            SumNode calldata sibling = path[i];
            uint128 siblingSum = sibling.sum;
            if (siblingSum > type(uint128).max - sum) return false;
            if (fn & 1 == 1 || fn == sn) {
                hash = keccak256(abi.encodePacked(uint8(0x05), sibling.hash, siblingSum, hash, sum));
                while (fn & 1 == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                hash = keccak256(abi.encodePacked(uint8(0x05), hash, sum, sibling.hash, siblingSum));
            }
            sum += siblingSum;
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && hash == root.hash && sum == root.sum;
    }
}
