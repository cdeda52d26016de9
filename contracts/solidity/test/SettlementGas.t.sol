// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Committed, PairGap, PairLeaf, PairProof, ParentProof} from "../src/lib/Types.sol";
import {DeepTest} from "./base/DeepTest.sol";

/// @notice What the challenges to settlement trees cost.
/// @dev The figures stand in snapshots/SettlementGasTest.json.
contract SettlementGasTest is DeepTest {
    function setUp() public override {
        super.setUp();
        finaliseNext();
        skip(1);
    }

    function test_pairLeaf() public {
        Deep memory d = _deep(_pair(crawler.addr, 1_000), _pair(other, 5), false);
        Committed memory c = _post(d, d);
        treeJudge.challengePairLeaf(c, false, d.pair, _line(1));
        _limit("challengePairLeaf");
    }

    function test_missingPair_betweenPairs() public {
        (address low, address high) = (address(1), address(type(uint160).max));
        Deep memory d = _deep(_pair(low, 1_000), _pair(high, 5), false);
        Committed memory c = _post(d, d);
        PairGap memory gap = PairGap(new PairProof[](2), new ParentProof[](0));
        (gap.pairs[0], gap.pairs[1]) = (d.pair, d.next);
        treeJudge.challengeMissingPair(c, _line(1), gap);
        _limit("challengeMissingPair: between two pairs");
    }

    function test_missingPair_betweenLicences() public {
        Deep memory d = _deep(_pair(other, 1_000), _pair(crawlerB.addr, 5), false);
        (d.parent.leaf.key, d.nextParent.leaf.key) = (0, type(uint64).max);
        _root(d, false);
        Committed memory c = _post(d, d);
        treeJudge.challengeMissingPair(c, _line(1), _parents(d));
        _limit("challengeMissingPair: between two licences");
    }

    function test_trees_differ() public {
        Deep memory credit = _deep(_pair(crawler.addr, 1_000), _pair(other, 5), false);
        Deep memory debit = _deep(_pair(crawler.addr, 1_000), _pair(other, 5), true);
        credit.pair.pair.voucherHash = keccak256("other");
        credit = _deep(credit.pair.pair, credit.next.pair, false);
        Committed memory c = _post(credit, debit);
        treeJudge.challengeTrees(c, false, credit.pair, debit.pair, noGap());
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
        treeJudge.challengeTrees(c, false, credit.pair, noPair(), gap);
        _limit("challengeTrees: absent in one");
    }

    function test_sum() public {
        Deep memory d = _deep(_pair(crawler.addr, 1_000), _pair(other, 5), false);
        d.pair.pair.cumulative = 0;
        PairLeaf memory nothing = d.pair.pair;
        d = _deep(nothing, d.next.pair, false);
        Committed memory c = _post(d, d);
        treeJudge.challengeSum(c, false, _way(d.parent.path, d.parent.leaf), d.parent.leaf, _pairWay(d), nothing);
        _limit("challengeSum: down to a pair");
    }

    function test_order() public {
        Deep memory d = _deep(_pair(crawler.addr, 1_000), _pair(crawler.addr, 5), false);
        Committed memory c = _post(d, d);
        PairProof[] memory two = new PairProof[](2);
        (two[0], two[1]) = (d.pair, d.next);
        treeJudge.challengeOrder(c, false, new ParentProof[](0), two);
        _limit("challengeOrder: two pairs");
        addBond(900_000_000_000);
        d.nextParent.leaf.key = d.parent.leaf.key;
        _root(d, false);
        c = _post(d, d);
        treeJudge.challengeOrder(c, false, _parents(d).parents, new PairProof[](0));
        _limit("challengeOrder: two licences");
    }

    function test_decrease() public {
        Deep memory older = _deep(_pair(crawler.addr, 2_000), _pair(other, 5), false);
        Committed memory before = _post(older, older);
        Deep memory newer = _deep(_pair(crawler.addr, 1_000), _pair(other, 5_000), false);
        Committed memory c = _post(newer, newer);
        treeJudge.challengeDecrease(c, before, false, older.pair, newer.pair, noGap(), false);
        _limit("challengeDecrease: a pair");
    }

    function test_decrease_dropped() public {
        Deep memory older = _deep(_pair(crawler.addr, 2_000), _pair(other, 5), false);
        Committed memory before = _post(older, older);
        Deep memory newer = _deep(_pair(address(1), 1_000), _pair(address(type(uint160).max), 5_000), false);
        Committed memory c = _post(newer, newer);
        PairGap memory gap = PairGap(new PairProof[](2), new ParentProof[](0));
        (gap.pairs[0], gap.pairs[1]) = (newer.pair, newer.next);
        treeJudge.challengeDecrease(c, before, false, older.pair, noPair(), gap, false);
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
        treeJudge.challengeOverdraw(c, d.parent);
        _limit("challengeOverdraw: after 1,024 deposits");
    }

    function test_thawed() public {
        vm.prank(crawler.addr);
        escrow.requestThaw(1_000_000_000_000);
        skip(THAW / 2 + 1);
        Deep memory older = _deep(_pair(crawler.addr, 1_000), _pair(other, 5), true);
        Committed memory before = _post(older, older);
        Deep memory newer = _deep(_pair(crawler.addr, 2_000), _pair(other, 5), true);
        Committed memory c = _post(newer, newer);
        treeJudge.challengeThawed(c, before, newer.parent, older.parent, new ParentProof[](0));
        _limit("challengeThawed: billed before");
    }

    function test_thawed_neverBilledBefore() public {
        vm.prank(crawler.addr);
        escrow.requestThaw(1_000_000_000_000);
        skip(THAW / 2 + 1);
        Deep memory older = _deep(_pair(address(1), 1_000), _pair(other, 5), true);
        older.nextParent.leaf.key = type(uint160).max;
        _root(older, true);
        Committed memory before = _post(older, older);
        Deep memory newer = _deep(_pair(crawler.addr, 2_000), _pair(other, 5), true);
        Committed memory c = _post(newer, newer);
        treeJudge.challengeThawed(c, before, newer.parent, _noParent(), _parents(older).parents);
        _limit("challengeThawed: never billed before");
    }

    function _noParent() private pure returns (ParentProof memory proof) {}
}
