// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    Committed,
    Descent,
    LogProof,
    PairGap,
    PairLeaf,
    PairProof,
    ParentLeaf,
    ParentProof,
    Split,
    SumNode
} from "../../src/lib/Types.sol";
import {LedgerTest} from "./LedgerTest.sol";
import {Trees} from "./Trees.sol";

/// @notice Settlement trees that a test can lie in before it seals them into a header, and evidence about them.
abstract contract SettlementTest is LedgerTest {
    /// @dev One tree: parent leaves, and the pairs of each. What is proven is what stands here, wrong or not.
    struct Side {
        bool debit;
        ParentLeaf[] parents;
        PairLeaf[][] pairs;
    }

    uint256 internal constant ALL = type(uint256).max;

    // ---- honest trees

    /// @dev The tree over the pairs of the log.
    function side(bool debit) internal view returns (Side memory s) {
        return sideOf(pairs(), debit);
    }

    function sideOf(PairLeaf[] memory all, bool debit) internal pure returns (Side memory s) {
        uint256[] memory keys = new uint256[](all.length);
        for (uint256 i = 0; i < all.length; ++i) {
            keys[i] = parentKey(all[i], debit);
        }
        keys = distinct(keys);
        s = Side(debit, new ParentLeaf[](keys.length), new PairLeaf[][](keys.length));
        for (uint256 i = 0; i < keys.length; ++i) {
            s.parents[i].key = keys[i];
            s.pairs[i] = _sortedPairsOf(all, keys[i], debit);
            sum(s, i);
        }
    }

    function parentKey(PairLeaf memory pair, bool debit) internal pure returns (uint256) {
        return debit ? uint256(uint160(pair.crawler)) : pair.licenseId;
    }

    function sortKey(PairLeaf memory pair, bool debit) internal pure returns (uint256) {
        return parentKey(pair, !debit);
    }

    /// @dev Makes a parent leaf say what its pairs are.
    function sum(Side memory s, uint256 parent) internal pure {
        SumNode memory root = Trees.sumRoot(pairNodes(s.pairs[parent]));
        s.parents[parent].cumulative = root.sum;
        s.parents[parent].pairCount = uint64(s.pairs[parent].length);
        s.parents[parent].pairRoot = root.hash;
    }

    /// @dev Puts the tree into the body.
    function put(Committed memory c, Side memory s) internal pure {
        SumNode memory root = Trees.sumRoot(parentNodes(s));
        uint64 count = uint64(s.parents.length);
        if (s.debit) {
            (c.body.debitRoot, c.body.totalDebit, c.body.crawlerCount) = (root.hash, root.sum, count);
        } else {
            (c.body.creditRoot, c.body.totalCredit, c.body.licenseCount) = (root.hash, root.sum, count);
        }
    }

    /// @dev Posts the next epoch with these trees, whatever they say. The totals are the credit tree's.
    function postSides(Side memory credit, Side memory debit) internal returns (Committed memory c) {
        c = nextEpoch();
        put(c, credit);
        put(c, debit);
        c.body.totalDebit = c.body.totalCredit;
        post(seal(c));
    }

    // ---- nodes

    function pairNode(PairLeaf memory pair) internal pure returns (SumNode memory) {
        return SumNode(keccak256(abi.encodePacked(uint8(2), abi.encode(pair))), pair.cumulative);
    }

    function parentNode(ParentLeaf memory leaf, bool debit) internal pure returns (SumNode memory) {
        return SumNode(keccak256(abi.encodePacked(debit ? uint8(4) : uint8(3), abi.encode(leaf))), leaf.cumulative);
    }

    function pairNodes(PairLeaf[] memory list) internal pure returns (SumNode[] memory nodes) {
        nodes = new SumNode[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            nodes[i] = pairNode(list[i]);
        }
    }

    function parentNodes(Side memory s) internal pure returns (SumNode[] memory nodes) {
        nodes = new SumNode[](s.parents.length);
        for (uint256 i = 0; i < nodes.length; ++i) {
            nodes[i] = parentNode(s.parents[i], s.debit);
        }
    }

    // ---- evidence

    function parentProof(Side memory s, uint256 i) internal pure returns (ParentProof memory) {
        return ParentProof(s.parents[i], uint64(i), Trees.sumPath(parentNodes(s), i));
    }

    function pairProof(Side memory s, uint256 i, uint256 j) internal pure returns (PairProof memory) {
        return PairProof(s.pairs[i][j], uint64(j), Trees.sumPath(pairNodes(s.pairs[i]), j), parentProof(s, i));
    }

    /// @dev A pair as the one after its neighbour: its leaf, and the path up to where it meets the neighbour's.
    function nextPair(Side memory s, uint256 i, uint256 j) internal pure returns (PairProof memory proof) {
        proof.pair = s.pairs[i][j];
        proof.path = _pathOfNext(pairNodes(s.pairs[i]), j);
    }

    function nextParent(Side memory s, uint256 i) internal pure returns (ParentProof memory proof) {
        proof.leaf = s.parents[i];
        proof.path = _pathOfNext(parentNodes(s), i);
    }

    function _pathOfNext(SumNode[] memory nodes, uint256 index) private pure returns (SumNode[] memory path) {
        (uint256 low, uint256 high) = (0, nodes.length);
        uint256 middle = low + _split(high - low);
        // Down to the node whose right child begins with the leaf.
        while (middle != index) {
            if (index < middle) high = middle;
            else low = middle;
            middle = low + _split(high - low);
        }
        SumNode[] memory under = new SumNode[](high - middle);
        for (uint256 i = 0; i < under.length; ++i) {
            under[i] = nodes[middle + i];
        }
        return Trees.sumPath(under, 0);
    }

    function noPair() internal pure returns (PairProof memory proof) {}

    function noGap() internal pure returns (PairGap memory gap) {}

    /// @dev Where the key stands or would stand among ascending keys.
    function place(uint256[] memory keys, uint256 key) internal pure returns (uint256 at, bool found) {
        while (at < keys.length && keys[at] < key) ++at;
        found = at < keys.length && keys[at] == key;
    }

    function parentKeys(Side memory s) internal pure returns (uint256[] memory keys) {
        keys = new uint256[](s.parents.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            keys[i] = s.parents[i].key;
        }
    }

    function pairKeys(Side memory s, uint256 parent) internal pure returns (uint256[] memory keys) {
        keys = new uint256[](s.pairs[parent].length);
        for (uint256 i = 0; i < keys.length; ++i) {
            keys[i] = sortKey(s.pairs[parent][i], s.debit);
        }
    }

    function find(Side memory s, address who, uint256 licenseId)
        internal
        pure
        returns (bool found, uint256 i, uint256 j)
    {
        PairLeaf memory named;
        (named.crawler, named.licenseId) = (who, licenseId);
        (i, found) = place(parentKeys(s), parentKey(named, s.debit));
        if (found) (j, found) = place(pairKeys(s, i), sortKey(named, s.debit));
    }

    /// @dev Neighbours around a pair that is not there.
    function gapOf(Side memory s, address who, uint256 licenseId) internal pure returns (PairGap memory gap) {
        PairLeaf memory named;
        (named.crawler, named.licenseId) = (who, licenseId);
        (uint256 i, bool found) = place(parentKeys(s), parentKey(named, s.debit));
        if (!found) return PairGap(new PairProof[](0), parentGapOf(s, parentKey(named, s.debit)));
        (uint256 j,) = place(pairKeys(s, i), sortKey(named, s.debit));
        (uint256 from, uint256 to) = _around(j, s.pairs[i].length);
        gap.pairs = new PairProof[](to - from);
        for (uint256 k = from; k < to; ++k) {
            gap.pairs[k - from] = k == from ? pairProof(s, i, k) : nextPair(s, i, k);
        }
    }

    function parentGapOf(Side memory s, uint256 key) internal pure returns (ParentProof[] memory proofs) {
        (uint256 i,) = place(parentKeys(s), key);
        (uint256 from, uint256 to) = _around(i, s.parents.length);
        proofs = new ParentProof[](to - from);
        for (uint256 k = from; k < to; ++k) {
            proofs[k - from] = k == from ? parentProof(s, k) : nextParent(s, k);
        }
    }

    /// @dev The way from the root of a list's tree towards a leaf, at most so many splits.
    function descent(SumNode[] memory nodes, uint256 index, uint256 splits) internal pure returns (Descent memory way) {
        return descentThrough(nodes, index, splits, 0, 0, 0);
    }

    /// @dev As above, where the node over the leaves [from, to) says that its sum is larger by `delta` than it is.
    function descentThrough(
        SumNode[] memory nodes,
        uint256 index,
        uint256 splits,
        uint256 from,
        uint256 to,
        uint128 delta
    ) internal pure returns (Descent memory way) {
        (uint256 low, uint256 high) = (0, nodes.length);
        way.splits = new Split[](64);
        uint256 depth = 0;
        while (high - low > 1 && depth < splits) {
            uint256 middle = low + _split(high - low);
            way.splits[depth] =
                Split(lyingNode(nodes, low, middle, from, to, delta), lyingNode(nodes, middle, high, from, to, delta));
            if (index < middle) {
                high = middle;
            } else {
                low = middle;
                way.turns |= 1 << depth;
            }
            ++depth;
        }
        Split[] memory cut = way.splits;
        assembly ("memory-safe") {
            mstore(cut, depth)
        }
    }

    /// @dev The node over the leaves [low, high), where that over [from, to) lies about its sum.
    function lyingNode(SumNode[] memory nodes, uint256 low, uint256 high, uint256 from, uint256 to, uint128 delta)
        internal
        pure
        returns (SumNode memory node)
    {
        if (high - low == 1) {
            node = SumNode(nodes[low].hash, nodes[low].sum);
        } else {
            uint256 middle = low + _split(high - low);
            SumNode memory l = lyingNode(nodes, low, middle, from, to, delta);
            SumNode memory r = lyingNode(nodes, middle, high, from, to, delta);
            node = SumNode(keccak256(abi.encodePacked(uint8(5), l.hash, l.sum, r.hash, r.sum)), l.sum + r.sum);
        }
        if (low == from && high == to) node.sum += delta;
    }

    function _split(uint256 size) private pure returns (uint256 k) {
        k = 1;
        while (k * 2 < size) k *= 2;
    }

    function _around(uint256 at, uint256 length) private pure returns (uint256 from, uint256 to) {
        from = at == 0 ? 0 : at - 1;
        to = at < length ? at + 1 : length;
    }

    function _sortedPairsOf(PairLeaf[] memory all, uint256 key, bool debit)
        private
        pure
        returns (PairLeaf[] memory list)
    {
        list = new PairLeaf[](all.length);
        uint256 count = 0;
        for (uint256 i = 0; i < all.length; ++i) {
            if (parentKey(all[i], debit) != key) continue;
            uint256 at = count++;
            while (at > 0 && sortKey(list[at - 1], debit) > sortKey(all[i], debit)) {
                list[at] = list[at - 1];
                --at;
            }
            list[at] = all[i];
        }
        assembly ("memory-safe") {
            mstore(list, count)
        }
    }
}
