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
import {LogProofLib} from "../../src/lib/LogProofLib.sol";
import {DemandTest} from "./DemandTest.sol";

/// @notice Headers with 2^24 lines, 2^20 licences and crawlers, and 2^20 pairs of the one in question: siblings that hold
/// nothing but a hash and a sum. What is called in them must cost no more than `LIMIT`, whole.
abstract contract DeepTest is DemandTest {
    uint256 internal constant LIMIT = 250_000;
    uint256 internal constant LEVELS = 20;
    uint64 internal constant COUNT = uint64(1) << 20;
    uint256 internal constant LOG_LEVELS = 24;

    /// @dev One tree with one pair in question, and its neighbour.
    struct Deep {
        PairProof pair;
        PairProof next;
        ParentProof parent;
        ParentProof nextParent;
        SumNode root;
    }

    function setUp() public virtual override {
        super.setUp();
        deposit(crawler.addr, 1_000_000_000_000);
        deposit(other, 1);
        addBond(900_000_000_000);
        use(crawler.addr, idA, 1, 1_000);
        use(crawler.addr, idA, 1, 1_000);
    }

    // ---- helpers

    function _limit(string memory name) internal {
        assertLe(vm.snapshotGasLastCall(name), LIMIT);
    }

    function _pair(address who, uint128 cumulative) internal view returns (PairLeaf memory) {
        return PairLeaf(who, idA, cumulative, 1, 0, keccak256("voucher"));
    }

    /// @dev A tree whose first parent has 2^20 pairs, the given ones first.
    function _deep(PairLeaf memory pair, PairLeaf memory next, bool debit) internal pure returns (Deep memory) {
        return _deepWith(pair, next, debit, LEVELS);
    }

    /// @dev The first parent has 2^levels pairs.
    function _deepWith(PairLeaf memory pair, PairLeaf memory next, bool debit, uint256 levels)
        internal
        pure
        returns (Deep memory d)
    {
        (d.pair.pair, d.next.pair) = (pair, next);
        d.pair.path = _path(pairNode(next), "pairs", levels);
        SumNode memory root = _fold(pairNode(pair), d.pair.path);
        d.parent.leaf = ParentLeaf(parentKey(pair, debit), root.sum, uint64(1) << uint64(levels), root.hash);
        d.nextParent.leaf = ParentLeaf(d.parent.leaf.key + 1, 7, COUNT, root.hash);
        _root(d, debit);
    }

    function _root(Deep memory d, bool debit) internal pure {
        d.parent.path = _path(parentNode(d.nextParent.leaf, debit), "parents", LEVELS);
        d.root = _fold(parentNode(d.parent.leaf, debit), d.parent.path);
        d.pair.parent = d.parent;
    }

    function _parents(Deep memory d) internal pure returns (PairGap memory gap) {
        gap.parents = new ParentProof[](2);
        (gap.parents[0], gap.parents[1]) = (d.parent, d.nextParent);
    }

    /// @dev Sums of six bytes, millions of USDC.
    function _path(SumNode memory sibling, string memory name, uint256 levels)
        internal
        pure
        returns (SumNode[] memory path)
    {
        path = new SumNode[](levels);
        path[0] = sibling;
        for (uint256 i = 1; i < levels; ++i) {
            bytes32 hash = keccak256(abi.encode(name, i));
            path[i] = SumNode(hash, uint128(uint256(hash) % 10_000_000_000));
        }
    }

    function _fold(SumNode memory node, SumNode[] memory path) internal pure returns (SumNode memory) {
        for (uint256 i = 0; i < path.length; ++i) {
            node = SumNode(
                keccak256(abi.encodePacked(uint8(5), node.hash, node.sum, path[i].hash, path[i].sum)),
                node.sum + path[i].sum
            );
        }
        return node;
    }

    function _way(SumNode[] memory path, ParentLeaf memory leaf) internal pure returns (Descent memory) {
        return _wayOf(path, parentNode(leaf, false));
    }

    function _pairWay(Deep memory d) internal pure returns (Descent memory) {
        return _wayOf(d.pair.path, pairNode(d.pair.pair));
    }

    function _wayOf(SumNode[] memory path, SumNode memory node) internal pure returns (Descent memory way) {
        way.splits = new Split[](path.length);
        for (uint256 i = 0; i < path.length; ++i) {
            way.splits[path.length - 1 - i] = Split(node, path[i]);
            node = SumNode(
                keccak256(abi.encodePacked(uint8(5), node.hash, node.sum, path[i].hash, path[i].sum)),
                node.sum + path[i].sum
            );
        }
    }

    /// @dev Lines 0 and 1 of 2^24.
    function _line(uint64 index) internal view returns (LogProof memory) {
        return LogProof(lines[index], index, _logPath(logLeaf(lines[1 - index])));
    }

    function _logPath(bytes32 sibling) internal pure returns (bytes32[] memory path) {
        path = new bytes32[](LOG_LEVELS);
        path[0] = sibling;
        for (uint256 i = 1; i < LOG_LEVELS; ++i) {
            path[i] = keccak256(abi.encode("log", i));
        }
    }

    function _post(Deep memory credit, Deep memory debit) internal returns (Committed memory c) {
        c = nextEpoch();
        c.body.logSize = uint64(1) << uint64(LOG_LEVELS);
        bytes32 root = logLeaf(lines[0]);
        bytes32[] memory path = _logPath(logLeaf(lines[1]));
        for (uint256 i = 0; i < LOG_LEVELS; ++i) {
            root = LogProofLib.node(root, path[i]);
        }
        c.body.logRoot = root;
        (c.body.creditRoot, c.body.licenseCount) = (credit.root.hash, COUNT);
        (c.body.debitRoot, c.body.crawlerCount) = (debit.root.hash, COUNT);
        (c.body.totalCredit, c.body.totalDebit) = (credit.root.sum, credit.root.sum);
        post(seal(c));
    }
}
