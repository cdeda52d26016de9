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
} from "../src/lib/Types.sol";
import {LogProofLib} from "../src/lib/LogProofLib.sol";
import {SettlementTest} from "./base/SettlementTest.sol";

/// @notice What the challenges to settlement trees cost, whole, with 2^24 lines, 2^20 licences and crawlers, and 2^20
/// pairs of the one in question: siblings that hold nothing but a hash and a sum.
/// @dev The figures stand in snapshots/SettlementGasTest.json.
contract SettlementGasTest is SettlementTest {
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

    function setUp() public override {
        super.setUp();
        deposit(crawler.addr, 1_000_000_000_000);
        deposit(other, 1);
        addBond(900_000_000_000);
        use(crawler.addr, idA, 1, 1_000);
        use(crawler.addr, idA, 1, 1_000);
        finaliseNext();
        skip(1);
    }

    function test_pairLeaf() public {
        Deep memory d = _deep(_pair(crawler.addr, 1_000), _pair(other, 5), false);
        Committed memory c = _post(d, d);
        ledger.challengePairLeaf(c, false, d.pair, _line(1));
        _limit("challengePairLeaf");
    }

    function test_missingPair_betweenPairs() public {
        (address low, address high) = (address(1), address(type(uint160).max));
        Deep memory d = _deep(_pair(low, 1_000), _pair(high, 5), false);
        Committed memory c = _post(d, d);
        PairGap memory gap = PairGap(new PairProof[](2), new ParentProof[](0));
        (gap.pairs[0], gap.pairs[1]) = (d.pair, d.next);
        ledger.challengeMissingPair(c, _line(1), gap);
        _limit("challengeMissingPair: between two pairs");
    }

    function test_missingPair_betweenLicences() public {
        Deep memory d = _deep(_pair(other, 1_000), _pair(crawlerB.addr, 5), false);
        (d.parent.leaf.key, d.nextParent.leaf.key) = (0, type(uint64).max);
        _root(d, false);
        Committed memory c = _post(d, d);
        ledger.challengeMissingPair(c, _line(1), _parents(d));
        _limit("challengeMissingPair: between two licences");
    }

    function test_trees_differ() public {
        Deep memory credit = _deep(_pair(crawler.addr, 1_000), _pair(other, 5), false);
        Deep memory debit = _deep(_pair(crawler.addr, 1_000), _pair(other, 5), true);
        credit.pair.pair.voucherHash = keccak256("other");
        credit = _deep(credit.pair.pair, credit.next.pair, false);
        Committed memory c = _post(credit, debit);
        ledger.challengeTrees(c, false, credit.pair, debit.pair, noGap());
        _limit("challengeTrees: two leaves");
    }

    function test_trees_absent() public {
        Deep memory credit = _deep(_pair(crawler.addr, 1_000), _pair(other, 5), false);
        PairLeaf memory low = _pair(crawler.addr, 1_000);
        PairLeaf memory high = _pair(crawler.addr, 5);
        (low.licenseId, high.licenseId) = (idA - 1, idA + 1);
        Deep memory debit = _deep(low, high, true);
        Committed memory c = _post(credit, debit);
        PairGap memory gap = PairGap(new PairProof[](2), new ParentProof[](0));
        (gap.pairs[0], gap.pairs[1]) = (debit.pair, debit.next);
        ledger.challengeTrees(c, false, credit.pair, noPair(), gap);
        _limit("challengeTrees: absent in one");
    }

    function test_sum() public {
        Deep memory d = _deep(_pair(crawler.addr, 1_000), _pair(other, 5), false);
        d.pair.pair.cumulative = 0;
        PairLeaf memory nothing = d.pair.pair;
        d = _deep(nothing, d.next.pair, false);
        Committed memory c = _post(d, d);
        ledger.challengeSum(c, false, _way(d.parent.path, d.parent.leaf), d.parent.leaf, _pairWay(d), nothing);
        _limit("challengeSum: down to a pair");
    }

    function test_order() public {
        Deep memory d = _deep(_pair(crawler.addr, 1_000), _pair(crawler.addr, 5), false);
        Committed memory c = _post(d, d);
        PairProof[] memory two = new PairProof[](2);
        (two[0], two[1]) = (d.pair, d.next);
        ledger.challengeOrder(c, false, new ParentProof[](0), two);
        _limit("challengeOrder: two pairs");
        addBond(900_000_000_000);
        d.nextParent.leaf.key = d.parent.leaf.key;
        _root(d, false);
        c = _post(d, d);
        ledger.challengeOrder(c, false, _parents(d).parents, new PairProof[](0));
        _limit("challengeOrder: two licences");
    }

    function test_decrease() public {
        Deep memory older = _deep(_pair(crawler.addr, 2_000), _pair(other, 5), false);
        Committed memory before = _post(older, older);
        Deep memory newer = _deep(_pair(crawler.addr, 1_000), _pair(other, 5_000), false);
        Committed memory c = _post(newer, newer);
        ledger.challengeDecrease(c, before, false, older.pair, newer.pair, noGap(), false);
        _limit("challengeDecrease: a pair");
    }

    function test_decrease_dropped() public {
        Deep memory older = _deep(_pair(crawler.addr, 2_000), _pair(other, 5), false);
        Committed memory before = _post(older, older);
        Deep memory newer = _deep(_pair(address(1), 1_000), _pair(address(type(uint160).max), 5_000), false);
        Committed memory c = _post(newer, newer);
        PairGap memory gap = PairGap(new PairProof[](2), new ParentProof[](0));
        (gap.pairs[0], gap.pairs[1]) = (newer.pair, newer.next);
        ledger.challengeDecrease(c, before, false, older.pair, noPair(), gap, false);
        _limit("challengeDecrease: a pair is dropped");
    }

    /// @dev After 1,024 deposits.
    function test_overdraw() public {
        for (uint256 i = 0; i < 1_024; ++i) {
            skip(1);
            deposit(other, 1);
        }
        Deep memory d = _deep(_pair(other, 10_000), _pair(other, 5), true);
        Committed memory c = _post(d, d);
        ledger.challengeOverdraw(c, d.parent);
        _limit("challengeOverdraw: after 1,024 deposits");
    }

    // ---- helpers

    function _limit(string memory name) private {
        assertLe(vm.snapshotGasLastCall(name), LIMIT);
    }

    function _pair(address who, uint128 cumulative) private view returns (PairLeaf memory) {
        return PairLeaf(who, idA, cumulative, 1, 0, keccak256("voucher"));
    }

    /// @dev A tree whose first parent has 2^20 pairs, the given ones first.
    function _deep(PairLeaf memory pair, PairLeaf memory next, bool debit) private pure returns (Deep memory d) {
        (d.pair.pair, d.next.pair) = (pair, next);
        d.pair.path = _path(pairNode(next), "pairs");
        SumNode memory root = _fold(pairNode(pair), d.pair.path);
        d.parent.leaf = ParentLeaf(parentKey(pair, debit), root.sum, COUNT, root.hash);
        d.nextParent.leaf = ParentLeaf(d.parent.leaf.key + 1, 7, COUNT, root.hash);
        _root(d, debit);
    }

    function _root(Deep memory d, bool debit) private pure {
        d.parent.path = _path(parentNode(d.nextParent.leaf, debit), "parents");
        d.root = _fold(parentNode(d.parent.leaf, debit), d.parent.path);
        d.pair.parent = d.parent;
    }

    function _parents(Deep memory d) private pure returns (PairGap memory gap) {
        gap.parents = new ParentProof[](2);
        (gap.parents[0], gap.parents[1]) = (d.parent, d.nextParent);
    }

    /// @dev Sums of six bytes, millions of USDC.
    function _path(SumNode memory sibling, string memory name) private pure returns (SumNode[] memory path) {
        path = new SumNode[](LEVELS);
        path[0] = sibling;
        for (uint256 i = 1; i < LEVELS; ++i) {
            bytes32 hash = keccak256(abi.encode(name, i));
            path[i] = SumNode(hash, uint128(uint256(hash) % 10_000_000_000));
        }
    }

    function _fold(SumNode memory node, SumNode[] memory path) private pure returns (SumNode memory) {
        for (uint256 i = 0; i < path.length; ++i) {
            node = SumNode(
                keccak256(abi.encodePacked(uint8(5), node.hash, node.sum, path[i].hash, path[i].sum)),
                node.sum + path[i].sum
            );
        }
        return node;
    }

    function _way(SumNode[] memory path, ParentLeaf memory leaf) private pure returns (Descent memory) {
        return _wayOf(path, parentNode(leaf, false));
    }

    function _pairWay(Deep memory d) private pure returns (Descent memory) {
        return _wayOf(d.pair.path, pairNode(d.pair.pair));
    }

    function _wayOf(SumNode[] memory path, SumNode memory node) private pure returns (Descent memory way) {
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
    function _line(uint64 index) private view returns (LogProof memory) {
        return LogProof(lines[index], index, _logPath(logLeaf(lines[1 - index])));
    }

    function _logPath(bytes32 sibling) private pure returns (bytes32[] memory path) {
        path = new bytes32[](LOG_LEVELS);
        path[0] = sibling;
        for (uint256 i = 1; i < LOG_LEVELS; ++i) {
            path[i] = keccak256(abi.encode("log", i));
        }
    }

    function _post(Deep memory credit, Deep memory debit) private returns (Committed memory c) {
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
