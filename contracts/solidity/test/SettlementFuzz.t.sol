// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Descent, SumNode} from "../src/lib/Types.sol";
import {SettlementProofs} from "../src/lib/SettlementProofs.sol";
import {SettlementTest} from "./base/SettlementTest.sol";

/// @notice The way down a settlement tree of any size finds any lie about a node's sum and any wrong count, and none
/// where there is none. `test/mutation` tries whole headers.
contract SettlementFuzzTest is SettlementTest {
    /// @dev Any node of a tree of any size.
    function testFuzz_anyNodesSum_shouldBeFoundOnTheWayDown(uint256 seed, uint256 size, uint256 at, uint128 delta)
        public
        view
    {
        SumNode[] memory nodes = _nodes(seed, bound(size, 1, 40));
        at = bound(at, 0, nodes.length - 1);
        _honestWay(nodes, at);
        _lyingWay(nodes, at, seed % 7, uint128(bound(delta, 1, type(uint64).max)));
    }

    function _lyingWay(SumNode[] memory nodes, uint256 at, uint256 splits, uint128 delta) private view {
        (uint256 from, uint256 to, uint256 depth) = _someNode(nodes.length, at, splits);
        SumNode memory root = lyingNode(nodes, 0, nodes.length, from, to, delta);
        Descent memory way = descentThrough(nodes, at, depth + 1, from, to, delta);
        SettlementProofs.End memory end = this.descend(root, uint64(nodes.length), way);
        assertTrue(end.matches);
        // A leaf's node is given away by the leaf, any other by its children.
        if (to - from == 1) assertEq(end.node.sum, nodes[at].sum + delta);
        else assertTrue(end.wrong);
    }

    function _honestWay(SumNode[] memory nodes, uint256 at) private view {
        SumNode memory root = lyingNode(nodes, 0, nodes.length, 0, 0, 0);
        SettlementProofs.End memory end = this.descend(root, uint64(nodes.length), descent(nodes, at, ALL));
        assertTrue(end.matches && !end.wrong && end.size == 1);
        assertEq(end.node.hash, nodes[at].hash);
        assertEq(end.node.sum, nodes[at].sum);
    }

    function _nodes(uint256 seed, uint256 size) private pure returns (SumNode[] memory nodes) {
        nodes = new SumNode[](size);
        for (uint256 i = 0; i < size; ++i) {
            nodes[i] = SumNode(keccak256(abi.encode(seed, i)), uint64(uint256(keccak256(abi.encode(seed, i, "sum")))));
        }
    }

    /// @dev Some leaf of a tree shows that its count is wrong.
    function testFuzz_anyWrongCount_shouldBeFoundOnTheWayDown(uint256 seed, uint256 size, uint256 count) public view {
        size = bound(size, 1, 33);
        count = bound(count, 1, 70);
        SumNode[] memory nodes = _nodes(seed, size);
        SumNode memory root = lyingNode(nodes, 0, size, 0, 0, 0);
        bool found = false;
        for (uint256 i = 0; i < size; ++i) {
            SettlementProofs.End memory end = this.descend(root, uint64(count), descent(nodes, i, ALL));
            found = found || end.wrong || end.size != 1;
        }
        assertTrue(found == (count != size));
    }

    function descend(SumNode memory root, uint64 count, Descent calldata way)
        external
        pure
        returns (SettlementProofs.End memory)
    {
        return SettlementProofs.descend(root, count, way);
    }

    /// @dev A node on the way to a leaf, so many splits down if there are so many.
    function _someNode(uint256 size, uint256 at, uint256 splits)
        private
        pure
        returns (uint256 low, uint256 high, uint256 depth)
    {
        high = size;
        while (high - low > 1 && depth < splits) {
            uint256 k = 1;
            while (k * 2 < high - low) k *= 2;
            if (at < low + k) high = low + k;
            else low += k;
            ++depth;
        }
    }
}
