// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Descent, EpochBody, PairGap, PairLeaf, PairProof, ParentLeaf, ParentProof, Split, SumNode} from "./Types.sol";
import {SumTree} from "./SumTree.sol";
import {Wire} from "./Wire.sol";

/// @title Evidence in a header's settlement trees
/// @notice What stands in the credit or debit tree of a header, what does not, and what lies on the way down from a
/// root; wire.md sections 5 and 6. Nothing here reverts but for malformed calldata.
library SettlementProofs {
    /// @notice One of the two settlement trees of a header.
    struct Tree {
        SumNode root;
        uint64 count;
        bool debit;
    }

    /// @notice Where a descent ends.
    /// @dev `matches`: each split hashes to its node. `wrong`: some node's children do not add up to its sum, or it
    /// has children where the shape has a leaf; `node` and `size` are then of that node.
    struct End {
        SumNode node;
        uint256 size;
        bool matches;
        bool wrong;
    }

    /// @notice The credit or the debit tree that a header commits to.
    function treeOf(EpochBody calldata body, bool debit) internal pure returns (Tree memory) {
        return debit
            ? Tree(SumNode(body.debitRoot, body.totalDebit), body.crawlerCount, true)
            : Tree(SumNode(body.creditRoot, body.totalCredit), body.licenseCount, false);
    }

    // ---- presence

    /// @notice Whether the parent leaf stands in the tree.
    function hasParent(Tree memory tree, ParentProof calldata proof) internal pure returns (bool) {
        return SumTree.verify(tree.root, tree.count, Wire.leafNode(proof.leaf, tree.debit), proof.index, proof.path);
    }

    /// @notice Whether the pair leaf stands under its parent, and that in the tree.
    function hasPair(Tree memory tree, PairProof calldata proof) internal pure returns (bool) {
        return hasParent(tree, proof.parent) && isUnder(proof.parent.leaf, proof);
    }

    /// @notice Whether the pair leaf stands in this parent's pair tree.
    function isUnder(ParentLeaf calldata parent, PairProof calldata proof) internal pure returns (bool) {
        SumNode memory root = SumNode(parent.pairRoot, parent.cumulative);
        return SumTree.verify(root, parent.pairCount, Wire.leafNode(proof.pair), proof.index, proof.path);
    }

    // ---- absence

    /// @notice Whether the tree, if its keys ascend, has no such pair: no such parent, or a parent without the pair.
    function lacksPair(Tree memory tree, address crawler, uint256 licenseId, PairGap calldata gap)
        internal
        pure
        returns (bool)
    {
        (uint256 key, uint256 inner) =
            tree.debit ? (uint256(uint160(crawler)), licenseId) : (licenseId, uint256(uint160(crawler)));
        if (gap.pairs.length == 0) return lacksParent(tree, key, gap.parents);
        PairProof calldata first = gap.pairs[0];
        ParentLeaf calldata parent = first.parent.leaf;
        if (gap.parents.length != 0 || parent.key != key || !hasPair(tree, first)) return false;
        uint256 low = sortKey(first.pair, tree.debit);
        if (gap.pairs.length == 1) return isOutside(inner, low, first.index, parent.pairCount);
        PairProof calldata second = gap.pairs[1];
        return
            gap.pairs.length == 2 && isNextPair(first, second) && low < inner
                && inner < sortKey(second.pair, tree.debit);
    }

    /// @notice Whether the tree, if its keys ascend, has no parent leaf of this key.
    /// @param proofs two neighbours, or the first or the last leaf; none if the tree is empty.
    function lacksParent(Tree memory tree, uint256 key, ParentProof[] calldata proofs) internal pure returns (bool) {
        if (proofs.length == 0) return tree.count == 0;
        ParentProof calldata first = proofs[0];
        if (!hasParent(tree, first)) return false;
        if (proofs.length == 1) return isOutside(key, first.leaf.key, first.index, tree.count);
        ParentProof calldata second = proofs[1];
        return proofs.length == 2 && isNextParent(tree, first, second) && first.leaf.key < key && key < second.leaf.key;
    }

    // ---- neighbours

    /// @notice Whether the second pair comes right after the first, which is proven. Of the second only the leaf is
    /// looked at, and a path that ends below the two leaves' common node.
    function isNextPair(PairProof calldata first, PairProof calldata second) internal pure returns (bool) {
        return
            SumTree.isNext(
                first.parent.leaf.pairCount, first.index, first.path, Wire.leafNode(second.pair), second.path
            );
    }

    /// @notice The same for two parents.
    function isNextParent(Tree memory tree, ParentProof calldata first, ParentProof calldata second)
        internal
        pure
        returns (bool)
    {
        return SumTree.isNext(tree.count, first.index, first.path, Wire.leafNode(second.leaf, tree.debit), second.path);
    }

    /// @notice Whether `key` would stand before the first or behind the last of `count` leaves, this being that leaf.
    function isOutside(uint256 key, uint256 leafKey, uint64 index, uint64 count) private pure returns (bool) {
        return key < leafKey ? index == 0 : key > leafKey && uint256(index) + 1 == count;
    }

    /// @notice What a parent's pairs are sorted by: the crawler in the credit tree, the licence in the debit tree.
    function sortKey(PairLeaf calldata pair, bool debit) internal pure returns (uint256) {
        return debit ? pair.licenseId : uint256(uint160(pair.crawler));
    }

    /// @notice Which parent a pair belongs to: its licence in the credit tree, its crawler in the debit tree.
    function parentKey(PairLeaf calldata pair, bool debit) internal pure returns (uint256) {
        return debit ? uint256(uint160(pair.crawler)) : pair.licenseId;
    }

    // ---- the way down

    /// @notice Goes down from the root of a tree of `count` leaves, as far as nothing is wrong.
    function descend(SumNode memory root, uint64 count, Descent calldata way) internal pure returns (End memory end) {
        (bytes32 hash, uint256 sum, uint256 size, uint256 turns) = (root.hash, root.sum, count, way.turns);
        // The leaves on the left of a node of n leaves: the largest power of two below n.
        uint256 left = size > 1 ? 1 << Math.log2(size - 1) : 0;
        Split[] calldata splits = way.splits;
        for (uint256 i = 0; i < splits.length; ++i) {
            Split calldata split = splits[i];
            (uint256 leftSum, uint256 rightSum) = (split.left.sum, split.right.sum);
            if (SumTree.node(split.left.hash, leftSum, split.right.hash, rightSum) != hash) return end;
            unchecked {
                // Two sums of 128 bits, and `left` below `size` where it is taken off it.
                if (size <= 1 || leftSum + rightSum != sum) {
                    end.wrong = true;
                    break;
                }
                if (turns & 1 == 0) (hash, sum, size) = (split.left.hash, leftSum, left);
                else (hash, sum, size) = (split.right.hash, rightSum, size - left);
            }
            turns >>= 1;
            while (left >= size && left != 0) left >>= 1;
        }
        (end.node.hash, end.node.sum, end.size, end.matches) = (hash, uint128(sum), size, true);
    }
}
