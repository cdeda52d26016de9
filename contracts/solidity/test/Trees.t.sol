// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SumNode} from "../src/lib/Types.sol";
import {LogProofLib} from "../src/lib/LogProofLib.sol";
import {SumTree} from "../src/lib/SumTree.sol";
import {Test} from "./base/Test.sol";
import {Trees} from "./base/Trees.sol";

contract TreesTest is Test {
    function verifyLog(bytes32 root, uint64 size, bytes32 leaf, uint64 index, bytes32[] calldata path)
        external
        pure
        returns (bool)
    {
        return LogProofLib.verify(root, size, leaf, index, path);
    }

    function verifySum(SumNode memory root, uint64 count, SumNode memory leaf, uint64 index, SumNode[] calldata path)
        external
        pure
        returns (bool)
    {
        return SumTree.verify(root, count, leaf, index, path);
    }

    function testFuzz_logProof_shouldHoldAtItsOwnIndexOnly(uint256 seed, uint256 size, uint256 index, uint256 wrong)
        public
        view
    {
        size = bound(size, 1, 70);
        index = bound(index, 0, size - 1);
        wrong = bound(wrong, 0, size + 3);
        bytes32[] memory leaves = _leaves(seed, size);
        bytes32 root = Trees.logRoot(leaves);
        bytes32[] memory path = Trees.logPath(leaves, index);
        assertTrue(this.verifyLog(root, uint64(size), leaves[index], uint64(index), path));
        if (wrong != index) assertFalse(this.verifyLog(root, uint64(size), leaves[index], uint64(wrong), path));
    }

    function testFuzz_logProof_shouldBindItsSize(uint256 seed, uint256 size, uint256 wrongSize) public view {
        size = bound(size, 1, 40);
        wrongSize = bound(wrongSize, 1, 80);
        bytes32[] memory leaves = _leaves(seed, size);
        bytes32 root = Trees.logRoot(leaves);
        uint64 last = uint64(size - 1);
        bool holds = this.verifyLog(root, uint64(wrongSize), leaves[last], last, Trees.logPath(leaves, last));
        // A path from the right edge is the same shape in some larger trees; it never holds in a smaller one.
        if (wrongSize == size) assertTrue(holds);
        if (wrongSize < size) assertFalse(holds);
    }

    function testFuzz_logProof_changedAnywhere_shouldFail(uint256 seed, uint256 size, uint256 index, uint256 bit)
        public
        view
    {
        size = bound(size, 2, 70);
        index = bound(index, 0, size - 1);
        bytes32[] memory leaves = _leaves(seed, size);
        bytes32[] memory path = Trees.logPath(leaves, index);
        uint256 at = bound(bit >> 8, 0, path.length - 1);
        path[at] ^= bytes32(uint256(1) << (bit & 255));
        assertFalse(this.verifyLog(Trees.logRoot(leaves), uint64(size), leaves[index], uint64(index), path));
    }

    function test_logProof_longerOrShorter_shouldFail() public view {
        bytes32[] memory leaves = _leaves(1, 13);
        bytes32 root = Trees.logRoot(leaves);
        bytes32[] memory path = Trees.logPath(leaves, 5);
        bytes32[] memory longer = new bytes32[](path.length + 1);
        bytes32[] memory shorter = new bytes32[](path.length - 1);
        for (uint256 i = 0; i < path.length; ++i) {
            longer[i] = path[i];
            if (i < shorter.length) shorter[i] = path[i];
        }
        assertFalse(this.verifyLog(root, 13, leaves[5], 5, longer));
        assertFalse(this.verifyLog(root, 13, leaves[5], 5, shorter));
        assertFalse(this.verifyLog(LogProofLib.EMPTY_ROOT, 0, leaves[5], 0, new bytes32[](0)));
    }

    function testFuzz_sumProof_shouldHoldAtItsOwnIndexOnly(uint256 seed, uint256 size, uint256 index, uint256 wrong)
        public
        view
    {
        size = bound(size, 1, 70);
        index = bound(index, 0, size - 1);
        wrong = bound(wrong, 0, size + 3);
        SumNode[] memory leaves = _sumLeaves(seed, size);
        SumNode memory root = Trees.sumRoot(leaves);
        SumNode[] memory path = Trees.sumPath(leaves, index);
        assertTrue(this.verifySum(root, uint64(size), leaves[index], uint64(index), path));
        if (wrong != index) assertFalse(this.verifySum(root, uint64(size), leaves[index], uint64(wrong), path));
    }

    function testFuzz_sumProof_anySumChanged_shouldFail(uint256 seed, uint256 size, uint256 index, uint128 delta)
        public
        view
    {
        size = bound(size, 2, 70);
        index = bound(index, 0, size - 1);
        delta = uint128(bound(delta, 1, type(uint64).max));
        SumNode[] memory leaves = _sumLeaves(seed, size);
        SumNode memory root = Trees.sumRoot(leaves);
        SumNode[] memory path = Trees.sumPath(leaves, index);
        SumNode memory leaf = leaves[index];
        assertFalse(this.verifySum(root, uint64(size), SumNode(leaf.hash, leaf.sum + delta), uint64(index), path));
        assertFalse(this.verifySum(SumNode(root.hash, root.sum + delta), uint64(size), leaf, uint64(index), path));
        path[bound(seed, 0, path.length - 1)].sum += delta;
        assertFalse(this.verifySum(root, uint64(size), leaf, uint64(index), path));
    }

    function test_sumProof_overflow_shouldFail() public view {
        SumNode memory leaf = SumNode(keccak256("leaf"), type(uint128).max);
        SumNode[] memory path = new SumNode[](1);
        path[0] = SumNode(keccak256("sibling"), 1);
        bytes32 hash = keccak256(abi.encodePacked(uint8(5), leaf.hash, leaf.sum, path[0].hash, path[0].sum));
        assertFalse(this.verifySum(SumNode(hash, 0), 2, leaf, 0, path));
    }

    /// @dev A path that is right but for the count, by which it ends above the root.
    function test_proofs_thatGoOnAboveTheRoot_shouldFail() public view {
        for (uint256 depth = 0; depth < 4; ++depth) {
            uint256 size = 1 << depth;
            SumNode[] memory sums = _sumLeaves(depth, size * 2);
            SumNode memory sumRoot = Trees.sumRoot(sums);
            SumNode[] memory sumPath = Trees.sumPath(sums, size * 2 - 1);
            assertTrue(this.verifySum(sumRoot, uint64(size * 2), sums[size * 2 - 1], uint64(size * 2 - 1), sumPath));
            assertFalse(this.verifySum(sumRoot, uint64(size), sums[size * 2 - 1], uint64(size - 1), sumPath));
            bytes32[] memory leaves = _leaves(depth, size * 2);
            bytes32[] memory path = Trees.logPath(leaves, size * 2 - 1);
            bytes32 root = Trees.logRoot(leaves);
            assertTrue(this.verifyLog(root, uint64(size * 2), leaves[size * 2 - 1], uint64(size * 2 - 1), path));
            assertFalse(this.verifyLog(root, uint64(size), leaves[size * 2 - 1], uint64(size - 1), path));
        }
    }

    function test_sumProof_emptyTree_shouldFail() public view {
        assertFalse(this.verifySum(SumNode(0, 0), 0, SumNode(0, 0), 0, new SumNode[](0)));
    }

    function _leaves(uint256 seed, uint256 size) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            leaves[i] = keccak256(abi.encode(seed, i));
        }
    }

    function _sumLeaves(uint256 seed, uint256 size) private pure returns (SumNode[] memory leaves) {
        leaves = new SumNode[](size);
        for (uint256 i = 0; i < size; ++i) {
            leaves[i] = SumNode(keccak256(abi.encode(seed, i)), uint64(uint256(keccak256(abi.encode(seed, i, "sum")))));
        }
    }
}
