// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChallengeBase} from "../src/ChallengeBase.sol";
import {LedgerState} from "../src/LedgerState.sol";
import {MeteringLedger} from "../src/MeteringLedger.sol";
import {DemandChallenges} from "../src/DemandChallenges.sol";
import {LedgerChallenges} from "../src/LedgerChallenges.sol";
import {LostBonds} from "../src/LostBonds.sol";
import {SettlementChallenges} from "../src/SettlementChallenges.sol";
import {CreditEscrow} from "../src/CreditEscrow.sol";
import {ICrawlLicense} from "../src/interfaces/ICrawlLicense.sol";
import {ICreditEscrow} from "../src/interfaces/ICreditEscrow.sol";
import {IUsdc} from "../src/interfaces/IUsdc.sol";
import {
    Committed,
    Descent,
    LicenseProof,
    LogProof,
    PairGap,
    PairLeaf,
    PairProof,
    ParentLeaf,
    ParentProof,
    Split,
    SumNode
} from "../src/lib/Types.sol";
import {SettlementTest} from "./base/SettlementTest.sol";

contract SettlementChallengesTest is SettlementTest {
    address internal watcher;
    Account internal crawlerC;
    uint256 internal idC;

    function setUp() public override {
        super.setUp();
        watcher = makeAddress("watcher");
        crawlerC = makeAccount("crawlerC");
        vm.prank(publisher);
        idC = license.mint("https://c.example/terms", other, recovery);
        deposit(crawlerC.addr, 500_000);
        use(crawler.addr, idA, 2, 1_000);
        use(crawlerB.addr, idA, 1, 5_000);
        useDirect(crawler.addr, idA);
        use(crawler.addr, idB, 1, 300);
        use(crawler.addr, idA, 1, 1_000);
        use(crawlerC.addr, idC, 1, 700);
        use(crawlerB.addr, idC, 1, 50);
        use(crawler.addr, idC, 1, 20);
    }

    // ---- C5a

    function test_pairLeaf_anyFieldButTheKey_shouldBeHeldToTheLog() public {
        for (uint256 field = 0; field < 4; ++field) {
            for (uint256 tree = 0; tree < 2; ++tree) {
                PairLeaf[] memory all = pairs();
                uint256 at = _indexOf(all, crawler.addr, idA);
                if (field == 0) all[at].cumulative += 1;
                else if (field == 1) all[at].cumulative -= 1;
                else if (field == 2) all[at].lastPairSeq += 1;
                else all[at].voucherHash = keccak256("other");
                Side memory s = sideOf(all, tree == 1);
                Committed memory c = postSides(sideOf(all, false), sideOf(all, true));
                _winPairLeaf(c, s, crawler.addr, idA, logProof(4));
            }
        }
        _honestRepostIsPaid();
    }

    function test_pairLeaf_inOneTreeOnly_shouldBeHeldToTheLog() public {
        Side memory debit = side(true);
        (, uint256 i, uint256 j) = find(debit, crawler.addr, idA);
        debit.pairs[i][j].lastPairSeq -= 1;
        sum(debit, i);
        Committed memory c = postSides(side(false), debit);
        _winPairLeaf(c, debit, crawler.addr, idA, logProof(4));
    }

    function test_pairLeaf_ofAnOlderLine_shouldLoseToAnyLaterLine() public {
        use(crawler.addr, idA, 1, 10);
        PairLeaf[] memory all = pairs();
        uint256 at = _indexOf(all, crawler.addr, idA);
        all[at] = PairLeaf(crawler.addr, idA, 2_000, 1, 0, lines[0].paymentRef);
        for (uint64 line = 4; line < 9; line += 4) {
            Committed memory c = postSides(sideOf(all, false), sideOf(all, true));
            _winPairLeaf(c, sideOf(all, false), crawler.addr, idA, logProof(line));
        }
    }

    function test_pairLeaf_thatPointsElsewhere_shouldLose() public {
        PairLeaf[] memory all = pairs();
        uint256 at = _indexOf(all, crawler.addr, idA);
        // Of another pair, and of a direct payment; shown by the line there.
        for (uint64 index = 1; index < 3; ++index) {
            all[at].lastLogIndex = index;
            Committed memory c = postSides(sideOf(all, false), sideOf(all, true));
            _winPairLeaf(c, sideOf(all, false), crawler.addr, idA, logProof(index));
        }
        // Shown by the pair's own last line.
        for (uint64 index = 1; index < 8; index += 6) {
            all[at].lastLogIndex = index;
            Committed memory c = postSides(sideOf(all, false), sideOf(all, true));
            _winPairLeaf(c, sideOf(all, false), crawler.addr, idA, logProof(4));
        }
        // Behind the end of the log: shown by nothing at all.
        all[at].lastLogIndex = 8;
        Committed memory beyond = postSides(sideOf(all, false), sideOf(all, true));
        _winPairLeaf(beyond, sideOf(all, false), crawler.addr, idA, noProof());
    }

    /// @dev Else two lines of one number that slipped through would stop every later header.
    function test_pairLeaf_ofOneOfTwoFinalLinesOfOneNumber_shouldNotBeBlamed() public {
        use(crawler.addr, idA, 1, 10);
        lines[8].pairSeq = 2;
        finaliseNext();
        PairLeaf[] memory all = pairs();
        Committed memory c = postSides(sideOf(all, false), sideOf(all, true));
        PairProof memory pair = _pairProof(sideOf(all, false), crawler.addr, idA);
        assertEq(pair.pair.lastLogIndex, 8);
        _expectPairLeaf(c, false, pair, logProof(4), ChallengeBase.NoLie.selector);
    }

    function test_pairLeaf_ofAnInventedPair_shouldLose() public {
        PairLeaf[] memory all = _with(pairs(), PairLeaf(crawlerC.addr, idB, 10, 1, 3, keccak256("voucher")));
        Committed memory c = postSides(sideOf(all, false), sideOf(all, true));
        _winPairLeaf(c, sideOf(all, true), crawlerC.addr, idB, logProof(3));
    }

    function test_pairLeaf_badEvidence_shouldRevert() public {
        Committed memory c = postNext();
        Side memory credit = side(false);
        PairProof memory pair = _pairProof(credit, crawler.addr, idA);
        _expectPairLeaf(c, true, pair, logProof(4), LedgerState.BadProof.selector);
        LogProof memory line = logProof(4);
        line.index = 3;
        _expectPairLeaf(c, false, pair, line, LedgerState.BadProof.selector);
        pair.pair.cumulative += 1;
        _expectPairLeaf(c, false, pair, logProof(4), LedgerState.BadProof.selector);
        pair = _pairProof(side(false), crawler.addr, idA);
        pair.parent.leaf.cumulative += 1;
        _expectPairLeaf(c, false, pair, logProof(4), LedgerState.BadProof.selector);
        pair = _pairProof(side(false), crawler.addr, idA);
        _expectPairLeaf(c, false, pair, logProof(4), ChallengeBase.NoLie.selector);
        _expectPairLeaf(c, false, pair, logProof(0), ChallengeBase.NoLie.selector);
        _expectPairLeaf(c, false, pair, logProof(1), ChallengeBase.NoLie.selector);
        _expectPairLeaf(c, false, pair, logProof(2), ChallengeBase.NoLie.selector);
        c.body.rulesHash = 0;
        _expectPairLeaf(c, false, pair, logProof(4), LedgerState.WrongBody.selector);
        c.header.generation += 1;
        vm.expectRevert(abi.encodeWithSelector(LedgerState.NotPending.selector, 1));
        treeJudge.challengePairLeaf(c, false, pair, noProof());
    }

    // ---- C5b

    function test_missingPair_underItsLicence_shouldLose() public {
        // First, in the middle, last and alone among the licence's pairs.
        address[3] memory who = [crawler.addr, crawlerB.addr, crawlerC.addr];
        for (uint256 i = 0; i < 3; ++i) {
            _missing(who[i], idC);
        }
        _missing(crawler.addr, idB);
        _honestRepostIsPaid();
    }

    function test_missingPair_withItsLicence_shouldLose() public {
        uint256[3] memory ids = [idA, idB, idC];
        for (uint256 i = 0; i < 3; ++i) {
            PairLeaf[] memory all = pairs();
            uint256 count = 0;
            for (uint256 j = 0; j < all.length; ++j) {
                if (all[j].licenseId != ids[i]) all[count++] = all[j];
            }
            assembly ("memory-safe") {
                mstore(all, count)
            }
            Committed memory c = postSides(sideOf(all, false), sideOf(all, true));
            uint64 line = i == 0 ? 0 : (i == 1 ? 3 : 5);
            _winMissingPair(c, logProof(line), gapOf(sideOf(all, false), lines[line].crawler, ids[i]));
        }
    }

    function test_missingPair_inAnEmptyTree_shouldLose() public {
        PairLeaf[] memory none;
        Committed memory c = postSides(sideOf(none, false), sideOf(none, true));
        _winMissingPair(c, logProof(0), noGap());
    }

    function test_missingPair_noLie_shouldRevert() public {
        useDirect(crawlerC.addr, idB);
        use(crawlerC.addr, idA, 1, 0);
        PairLeaf[] memory all = pairs();
        (all[all.length - 1], all[0]) = (all[0], all[all.length - 1]);
        all = _without(all, 0);
        Side memory credit = sideOf(all, false);
        Committed memory c = postSides(credit, sideOf(all, true));
        // Direct lines make no pairs, and neither do lines that bill nothing.
        _expectMissing(c, logProof(8), gapOf(credit, crawlerC.addr, idB), ChallengeBase.NoLie.selector);
        _expectMissing(c, logProof(9), gapOf(credit, crawlerC.addr, idA), ChallengeBase.NoLie.selector);
        // Whatever is shown as a gap, no pair that is there is missing.
        for (uint64 line = 0; line < 8; ++line) {
            if (line == 2) continue;
            for (uint256 i = 0; i < credit.parents.length; ++i) {
                _expectMissing(c, logProof(line), _parentsGap(credit, i, 1), LedgerState.BadProof.selector);
                if (i + 1 < credit.parents.length) {
                    _expectMissing(c, logProof(line), _parentsGap(credit, i, 2), LedgerState.BadProof.selector);
                }
                for (uint256 j = 0; j < credit.pairs[i].length; ++j) {
                    _expectMissing(c, logProof(line), _pairsGap(credit, i, j, 1), LedgerState.BadProof.selector);
                    if (j + 1 < credit.pairs[i].length) {
                        _expectMissing(c, logProof(line), _pairsGap(credit, i, j, 2), LedgerState.BadProof.selector);
                    }
                }
            }
            _expectMissing(c, logProof(line), noGap(), LedgerState.BadProof.selector);
        }
    }

    function test_missingPair_badGap_shouldRevert() public {
        PairLeaf[] memory all = pairs();
        all = _without(all, _indexOf(all, crawlerB.addr, idC));
        Side memory credit = sideOf(all, false);
        Committed memory c = postSides(credit, sideOf(all, true));
        PairGap memory good = gapOf(credit, crawlerB.addr, idC);
        LogProof memory line = logProof(6);
        PairGap memory bad = abi.decode(abi.encode(good), (PairGap));
        bad.parents = _parentsGap(credit, 0, 1).parents;
        _expectMissing(c, line, bad, LedgerState.BadProof.selector);
        bad = abi.decode(abi.encode(good), (PairGap));
        bad.pairs[0].path = new SumNode[](0);
        _expectMissing(c, line, bad, LedgerState.BadProof.selector);
        if (good.pairs.length == 2) {
            bad = abi.decode(abi.encode(good), (PairGap));
            bad.pairs[1].path = new SumNode[](3);
            _expectMissing(c, line, bad, LedgerState.BadProof.selector);
            bad = abi.decode(abi.encode(good), (PairGap));
            bad.pairs[1].pair.cumulative += 1;
            _expectMissing(c, line, bad, LedgerState.BadProof.selector);
        }
        // Three are never needed.
        bad.pairs = new PairProof[](3);
        for (uint256 i = 0; i < 3; ++i) {
            bad.pairs[i] = good.pairs[i % good.pairs.length];
        }
        _expectMissing(c, line, bad, LedgerState.BadProof.selector);
        _winMissingPair(c, line, good);
    }

    // ---- C5c

    function test_trees_thatDiffer_shouldLose() public {
        for (uint256 tree = 0; tree < 2; ++tree) {
            Side memory debit = side(true);
            Side memory credit = side(false);
            Side memory lying = tree == 0 ? credit : debit;
            (, uint256 i, uint256 j) = find(lying, crawler.addr, idA);
            lying.pairs[i][j].voucherHash = keccak256("other");
            sum(lying, i);
            Committed memory c = postSides(credit, debit);
            PairProof memory inCredit = _pairProof(credit, crawler.addr, idA);
            PairProof memory inDebit = _pairProof(debit, crawler.addr, idA);
            _expectWon(5, 1);
            if (tree == 0) treeJudge.challengeTrees(c, false, inCredit, inDebit, noGap());
            else treeJudge.challengeTrees(c, true, inDebit, inCredit, noGap());
            _assertVoided();
        }
        _honestRepostIsPaid();
    }

    /// @dev What the pair was billed is hidden in another pair, so that the sums are right.
    function test_trees_oneWithoutThePair_shouldLose() public {
        for (uint256 tree = 0; tree < 2; ++tree) {
            PairLeaf[] memory less = pairs();
            less[_indexOf(less, crawlerB.addr, idA)].cumulative += 50;
            less = _without(less, _indexOf(less, crawlerB.addr, idC));
            Side memory lying = sideOf(less, tree == 1);
            Side memory right = side(tree == 0);
            Committed memory c = tree == 0 ? postSides(lying, right) : postSides(right, lying);
            PairProof memory pair = _pairProof(right, crawlerB.addr, idC);
            PairGap memory gap = gapOf(lying, crawlerB.addr, idC);
            _expectWon(5, 1);
            treeJudge.challengeTrees(c, right.debit, pair, noPair(), gap);
            _assertVoided();
        }
    }

    function test_trees_noLie_shouldRevert() public {
        Committed memory c = postNext();
        Side memory credit = side(false);
        Side memory debit = side(true);
        PairProof memory inCredit = _pairProof(credit, crawler.addr, idA);
        PairProof memory inDebit = _pairProof(debit, crawler.addr, idA);
        _expectTrees(c, false, inCredit, inDebit, noGap(), ChallengeBase.NoLie.selector);
        _expectTrees(c, true, inDebit, inCredit, noGap(), ChallengeBase.NoLie.selector);
        _expectTrees(c, true, inCredit, inDebit, noGap(), LedgerState.BadProof.selector);
        _expectTrees(c, false, inCredit, inCredit, noGap(), LedgerState.BadProof.selector);
        _expectTrees(c, false, inCredit, noPair(), noGap(), LedgerState.BadProof.selector);
        PairProof memory another = _pairProof(debit, crawler.addr, idB);
        _expectTrees(c, false, inCredit, another, noGap(), ChallengeBase.NoLie.selector);
        PairGap memory gap = gapOf(debit, crawlerB.addr, idB);
        _expectTrees(c, false, inCredit, noPair(), gap, LedgerState.BadProof.selector);
    }

    // ---- C6: one node

    function test_sum_ofATree_shouldLose() public {
        for (uint256 tree = 0; tree < 2; ++tree) {
            Side memory s = side(tree == 1);
            Committed memory c = nextEpoch();
            c.body.totalCredit += 1;
            c.body.totalDebit += 1;
            post(seal(c));
            _winSum(c, s.debit, descent(parentNodes(s), 0, 1), s.parents[0], _noWay(), _noLeaf());
        }
        _honestRepostIsPaid();
    }

    function test_sum_ofAParent_shouldLose() public {
        for (uint256 tree = 0; tree < 2; ++tree) {
            (Side memory credit, Side memory debit) = (side(false), side(true));
            Side memory s = tree == 0 ? credit : debit;
            for (uint256 i = 0; i < s.parents.length; ++i) {
                (credit, debit) = (side(false), side(true));
                s = tree == 0 ? credit : debit;
                s.parents[i].cumulative += 1;
                Committed memory c = _postBoth(credit, debit);
                Descent memory way = descent(parentNodes(s), i, ALL);
                // A parent of one pair is given away by that leaf, others by their root's children.
                Descent memory pairWay = descent(pairNodes(s.pairs[i]), 0, 1);
                _winSum(c, s.debit, way, s.parents[i], pairWay, s.pairs[i][0]);
            }
        }
    }

    function test_sum_ofAnyInnerNode_shouldLose() public {
        _manyPairs();
        uint8[2][5] memory ranges = [[0, 2], [2, 4], [0, 4], [4, 6], [4, 7]];
        for (uint256 k = 0; k < ranges.length; ++k) {
            _innerNode(ranges[k][0], ranges[k][1]);
        }
    }

    function _innerNode(uint256 from, uint256 to) private {
        Side memory credit = side(false);
        uint256 i = _largest(credit);
        SumNode[] memory nodes = pairNodes(credit.pairs[i]);
        assertEq(nodes.length, 7);
        SumNode memory root = lyingNode(nodes, 0, nodes.length, from, to, 1);
        (credit.parents[i].pairRoot, credit.parents[i].cumulative) = (root.hash, root.sum);
        Committed memory c = _postBoth(credit, side(true));
        Descent memory way = descent(parentNodes(credit), i, ALL);
        uint256 depth = _depthOf(from, to, nodes.length);
        // Above the lie all is right.
        Descent memory pairWay = descentThrough(nodes, from, depth, from, to, 1);
        _expectSum(c, false, way, credit.parents[i], pairWay, credit.pairs[i][0], LedgerState.BadProof.selector);
        pairWay = descentThrough(nodes, from, depth + 1, from, to, 1);
        _winSum(c, false, way, credit.parents[i], pairWay, _noLeaf());
    }

    function test_sum_ofANodeAboveParents_shouldLose() public {
        (Side memory credit, Side memory debit) = (side(false), side(true));
        SumNode[] memory nodes = parentNodes(credit);
        SumNode memory root = lyingNode(nodes, 0, 3, 0, 2, 5);
        Committed memory c = nextEpoch();
        (c.body.creditRoot, c.body.totalCredit, c.body.totalDebit) = (root.hash, root.sum, root.sum);
        post(seal(c));
        _winSum(c, false, descentThrough(nodes, 0, 2, 0, 2, 5), credit.parents[0], _noWay(), debit.pairs[0][0]);
    }

    function test_sum_ofALeafsNode_shouldLose() public {
        _manyPairs();
        Side memory credit = side(false);
        uint256 i = _largest(credit);
        SumNode[] memory nodes = pairNodes(credit.pairs[i]);
        for (uint256 j = 0; j < nodes.length; ++j) {
            credit = side(false);
            SumNode memory root = lyingNode(nodes, 0, nodes.length, j, j + 1, 3);
            (credit.parents[i].pairRoot, credit.parents[i].cumulative) = (root.hash, root.sum);
            Committed memory c = _postBoth(credit, side(true));
            Descent memory way = descent(parentNodes(credit), i, ALL);
            Descent memory pairWay = descentThrough(nodes, j, ALL, j, j + 1, 3);
            _winSum(c, false, way, credit.parents[i], pairWay, credit.pairs[i][j]);
        }
    }

    function test_sum_ofAParentLeafsNode_shouldLose() public {
        SumNode[] memory nodes = parentNodes(side(true));
        SumNode memory root = lyingNode(nodes, 0, nodes.length, 1, 2, 3);
        Committed memory c = nextEpoch();
        (c.body.debitRoot, c.body.totalCredit, c.body.totalDebit) = (root.hash, root.sum, root.sum);
        post(seal(c));
        Descent memory way = descentThrough(nodes, 1, ALL, 1, 2, 3);
        _winSum(c, true, way, side(true).parents[1], _noWay(), _noLeaf());
    }

    function test_sum_thatOverflows_shouldLose() public {
        Committed memory c = nextEpoch();
        SumNode memory l = SumNode(keccak256("l"), type(uint128).max);
        SumNode memory r = SumNode(keccak256("r"), 2);
        c.body.creditRoot = keccak256(abi.encodePacked(uint8(5), l.hash, l.sum, r.hash, r.sum));
        (c.body.totalCredit, c.body.totalDebit) = (1, 1);
        post(seal(c));
        Descent memory way = _noWay();
        way.splits = new Split[](1);
        way.splits[0] = Split(l, r);
        _winSum(c, false, way, _noParent(), _noWay(), _noLeaf());
    }

    function test_shape_ofAnyWrongCount_shouldLose() public {
        _manyPairs();
        uint64[7] memory counts = [1, 2, 5, 6, 8, 9, type(uint64).max];
        for (uint256 k = 0; k < counts.length; ++k) {
            _wrongCount(counts[k]);
        }
    }

    /// @dev Some of the seven leaves gives it away.
    function _wrongCount(uint64 count) private {
        Side memory credit = side(false);
        uint256 i = _largest(credit);
        SumNode[] memory nodes = pairNodes(credit.pairs[i]);
        credit.parents[i].pairCount = count;
        Committed memory c = _postBoth(credit, side(true));
        Descent memory way = descent(parentNodes(credit), i, ALL);
        bool won = false;
        for (uint256 j = 0; j < nodes.length && !won; ++j) {
            won = _sumIsWrong(c, way, credit.parents[i], descent(nodes, j, ALL), credit.pairs[i][j]);
        }
        assertTrue(won);
        addBond(BOND);
    }

    function _sumIsWrong(
        Committed memory c,
        Descent memory way,
        ParentLeaf memory parent,
        Descent memory pairWay,
        PairLeaf memory pair
    ) private returns (bool won) {
        bytes memory data = abi.encodeCall(treeJudge.challengeSum, (c, false, way, parent, pairWay, pair));
        (won,) = address(ledger).call(data);
    }

    function test_shape_ofTheParents_shouldLose() public {
        for (uint256 tree = 0; tree < 2; ++tree) {
            Side memory s = side(tree == 1);
            SumNode[] memory nodes = parentNodes(s);
            for (uint64 count = 1; count < 6; ++count) {
                if (count == 3) continue;
                Committed memory c = nextEpoch();
                if (s.debit) c.body.crawlerCount = count;
                else c.body.licenseCount = count;
                post(seal(c));
                uint256 leaf = count == 5 ? 0 : (count == 4 ? 2 : 0);
                _winSum(c, s.debit, descent(nodes, leaf, ALL), s.parents[leaf], _noWay(), _noLeaf());
            }
        }
    }

    function test_parentWithoutPairs_shouldLose() public {
        for (uint256 kind = 0; kind < 2; ++kind) {
            Side memory credit = side(false);
            if (kind == 0) credit.parents[1].pairCount = 0;
            else credit.parents[1].pairRoot = 0;
            Committed memory c = _postBoth(credit, side(true));
            _winSum(c, false, descent(parentNodes(credit), 1, ALL), credit.parents[1], _noWay(), _noLeaf());
        }
    }

    function test_pairOfNothing_shouldLose() public {
        PairLeaf[] memory all = _with(pairs(), PairLeaf(crawlerC.addr, idA, 0, 1, 3, keccak256("voucher")));
        for (uint256 tree = 0; tree < 2; ++tree) {
            Side memory s = sideOf(all, tree == 1);
            Committed memory c = _postBoth(sideOf(all, false), sideOf(all, true));
            (, uint256 i, uint256 j) = find(s, crawlerC.addr, idA);
            Descent memory way = descent(parentNodes(s), i, ALL);
            _winSum(c, s.debit, way, s.parents[i], descent(pairNodes(s.pairs[i]), j, ALL), s.pairs[i][j]);
        }
    }

    function test_pairUnderTheWrongParent_shouldLose() public {
        for (uint256 tree = 0; tree < 2; ++tree) {
            Side memory s = side(tree == 1);
            s.pairs[1][0] = s.pairs[0][0];
            sum(s, 1);
            Committed memory c = tree == 0 ? _postBoth(s, side(true)) : _postBoth(side(false), s);
            Descent memory way = descent(parentNodes(s), 1, ALL);
            _winSum(c, s.debit, way, s.parents[1], descent(pairNodes(s.pairs[1]), 0, ALL), s.pairs[1][0]);
        }
        _honestRepostIsPaid();
    }

    function test_honestNodes_shouldNeverLose() public {
        _manyPairs();
        Committed memory c = postNext();
        for (uint256 tree = 0; tree < 2; ++tree) {
            Side memory s = side(tree == 1);
            for (uint256 i = 0; i < s.parents.length; ++i) {
                for (uint256 j = 0; j < s.pairs[i].length; ++j) {
                    _honestNode(c, s, i, j);
                }
            }
        }
    }

    function _honestNode(Committed memory c, Side memory s, uint256 i, uint256 j) private {
        Descent memory way = descent(parentNodes(s), i, ALL);
        Descent memory pairWay = descent(pairNodes(s.pairs[i]), j, ALL);
        PairLeaf memory pair = s.pairs[i][j];
        _expectSum(c, s.debit, way, s.parents[i], pairWay, pair, ChallengeBase.NoLie.selector);
        bytes4 reason = LedgerState.BadProof.selector;
        _expectSum(c, !s.debit, way, s.parents[i], pairWay, pair, reason);
        if (s.pairs[i].length > 1) {
            _expectSum(c, s.debit, way, s.parents[i], pairWay, s.pairs[i][(j + 1) % s.pairs[i].length], reason);
            pairWay.splits[0].left.sum += 1;
            _expectSum(c, s.debit, way, s.parents[i], pairWay, pair, reason);
        }
        if (way.splits.length > 0) {
            way.turns ^= 1;
            _expectSum(c, s.debit, way, s.parents[i], pairWay, pair, reason);
        }
    }

    // ---- C6: order

    function test_order_ofParents_shouldLose() public {
        for (uint256 kind = 0; kind < 4; ++kind) {
            Side memory s = side(kind % 2 == 1);
            if (kind < 2) (s.parents[0], s.parents[1]) = (s.parents[1], s.parents[0]);
            else s.parents[1] = s.parents[0];
            Committed memory c = s.debit ? _postBoth(side(false), s) : _postBoth(s, side(true));
            _winOrder(c, s.debit, _parentsGap(s, 0, 2).parents, new PairProof[](0));
        }
        _honestRepostIsPaid();
    }

    function test_order_ofPairs_shouldLose() public {
        for (uint256 kind = 0; kind < 4; ++kind) {
            Side memory s = side(kind % 2 == 1);
            uint256 i = _largest(s);
            if (kind < 2) (s.pairs[i][0], s.pairs[i][1]) = (s.pairs[i][1], s.pairs[i][0]);
            else s.pairs[i][1] = s.pairs[i][0];
            sum(s, i);
            Committed memory c = s.debit ? _postBoth(side(false), s) : _postBoth(s, side(true));
            _winOrder(c, s.debit, new ParentProof[](0), _pairsGap(s, i, 0, 2).pairs);
        }
    }

    function test_order_noLie_shouldRevert() public {
        _manyPairs();
        Committed memory c = postNext();
        for (uint256 tree = 0; tree < 2; ++tree) {
            Side memory s = side(tree == 1);
            for (uint256 i = 0; i < s.parents.length; ++i) {
                for (uint256 k = 0; k < s.parents.length; ++k) {
                    _honestParents(c, s, i, k);
                }
                for (uint256 j = 0; j < s.pairs[i].length; ++j) {
                    for (uint256 k = 0; k < s.pairs[i].length; ++k) {
                        _honestPairs(c, s, i, j, k);
                    }
                }
            }
        }
    }

    /// @dev With every path that could make leaf k the one after leaf i.
    function _honestParents(Committed memory c, Side memory s, uint256 i, uint256 k) private {
        ParentProof[] memory two = new ParentProof[](2);
        two[0] = parentProof(s, i);
        two[1] = parentProof(s, k);
        SumNode[] memory path = two[1].path;
        for (uint256 length = 0; length <= path.length; ++length) {
            two[1].path = _prefix(path, length);
            bool next = k == i + 1 && length == nextParent(s, k).path.length;
            bytes4 reason = next ? ChallengeBase.NoLie.selector : LedgerState.BadProof.selector;
            _expectOrder(c, s.debit, two, new PairProof[](0), reason);
        }
    }

    function _honestPairs(Committed memory c, Side memory s, uint256 i, uint256 j, uint256 k) private {
        PairProof[] memory two = new PairProof[](2);
        two[0] = pairProof(s, i, j);
        two[1] = pairProof(s, i, k);
        SumNode[] memory path = two[1].path;
        for (uint256 length = 0; length <= path.length; ++length) {
            two[1].path = _prefix(path, length);
            bool next = k == j + 1 && length == nextPair(s, i, k).path.length;
            bytes4 reason = next ? ChallengeBase.NoLie.selector : LedgerState.BadProof.selector;
            _expectOrder(c, s.debit, new ParentProof[](0), two, reason);
        }
    }

    function test_order_badEvidence_shouldRevert() public {
        Committed memory c = postNext();
        Side memory s = side(false);
        ParentProof[] memory parents = _parentsGap(s, 0, 2).parents;
        PairProof[] memory two = _pairsGap(s, _largest(s), 0, 2).pairs;
        PairProof[] memory one = _pairsGap(s, _largest(s), 0, 1).pairs;
        bytes4 reason = LedgerState.BadProof.selector;
        _expectOrder(c, false, _parentsGap(s, 0, 1).parents, one, reason);
        _expectOrder(c, false, parents, one, reason);
        _expectOrder(c, false, parents, two, reason);
        _expectOrder(c, false, new ParentProof[](0), one, reason);
        _expectOrder(c, true, parents, new PairProof[](0), reason);
        two[0].parent.leaf.pairCount += 1;
        _expectOrder(c, false, new ParentProof[](0), two, reason);
        two[0].parent.leaf.pairCount -= 1;
        two[0].path[0].sum += 1;
        _expectOrder(c, false, new ParentProof[](0), two, reason);
        parents[0].index += 1;
        _expectOrder(c, false, parents, new PairProof[](0), reason);
    }

    function _prefix(SumNode[] memory path, uint256 length) private pure returns (SumNode[] memory prefix) {
        prefix = new SumNode[](length);
        for (uint256 i = 0; i < length; ++i) {
            prefix[i] = path[i];
        }
    }

    // ---- C7

    function test_decrease_ofAPair_shouldLose() public {
        Committed memory before = finaliseNext();
        (Side memory oldCredit, Side memory oldDebit) = (side(false), side(true));
        use(crawlerB.addr, idB, 1, 9_000);
        for (uint256 tree = 0; tree < 2; ++tree) {
            PairLeaf[] memory all = pairs();
            all[_indexOf(all, crawler.addr, idA)].cumulative -= 1;
            Side memory s = sideOf(all, tree == 1);
            Committed memory c = _postBoth(sideOf(all, false), sideOf(all, true));
            PairProof memory older = _pairProof(tree == 0 ? oldCredit : oldDebit, crawler.addr, idA);
            PairProof memory newer = _pairProof(s, crawler.addr, idA);
            _winDecrease(c, before, s.debit, older, newer, noGap(), false);
            // The licence or the crawler as a whole: the same lie, seen without its pairs.
            c = _postBoth(sideOf(all, false), sideOf(all, true));
            if (tree == 0) _winDecrease(c, before, s.debit, older, newer, noGap(), true);
            else addBond(BOND);
        }
    }

    function test_decrease_toNothing_shouldLose() public {
        Committed memory before = postNext();
        Side memory old = side(false);
        use(crawlerB.addr, idA, 1, 9_000);
        PairLeaf[] memory all = pairs();
        PairLeaf[] memory less = _without(all, _indexOf(all, crawlerB.addr, idC));
        Side memory s = sideOf(less, false);
        Committed memory c = _postBoth(s, sideOf(less, true));
        PairProof memory older = _pairProof(old, crawlerB.addr, idC);
        _winDecrease(c, before, false, older, noPair(), gapOf(s, crawlerB.addr, idC), false);
        // The whole licence, by its only pair and by itself.
        for (uint256 kind = 0; kind < 2; ++kind) {
            less = _without(all, _indexOf(all, crawler.addr, idB));
            s = sideOf(less, false);
            c = _postBoth(s, sideOf(less, true));
            older = _pairProof(old, crawler.addr, idB);
            if (kind == 1) older.path = new SumNode[](9);
            _winDecrease(c, before, false, older, noPair(), gapOf(s, crawler.addr, idB), kind == 1);
        }
    }

    function test_decrease_noLie_shouldRevert() public {
        Committed memory first = postNext();
        Side memory old = side(false);
        use(crawler.addr, idA, 1, 9_000);
        Committed memory c = postNext();
        Side memory s = side(false);
        PairProof memory older = _pairProof(old, crawler.addr, idA);
        PairProof memory newer = _pairProof(s, crawler.addr, idA);
        bytes4 noLie = ChallengeBase.NoLie.selector;
        bytes4 badProof = LedgerState.BadProof.selector;
        _expectDecrease(c, first, older, newer, noGap(), false, noLie);
        _expectDecrease(c, first, older, newer, noGap(), true, noLie);
        // Another pair, another licence.
        _expectDecrease(c, first, older, _pairProof(s, crawler.addr, idC), noGap(), false, noLie);
        _expectDecrease(c, first, older, _pairProof(s, crawler.addr, idC), noGap(), true, noLie);
        // What did not change.
        older = _pairProof(old, crawlerB.addr, idA);
        newer = _pairProof(s, crawlerB.addr, idA);
        _expectDecrease(c, first, older, newer, noGap(), false, noLie);
        _expectDecrease(c, first, newer, newer, noGap(), false, badProof);
        _expectDecrease(c, first, older, older, noGap(), false, badProof);
        _expectDecrease(c, first, newer, newer, noGap(), true, badProof);
        _expectDecrease(c, first, older, older, noGap(), true, badProof);
        _expectDecrease(c, first, older, noPair(), noGap(), false, badProof);
        _expectDecrease(c, first, older, noPair(), noGap(), true, badProof);
        bytes32 own = hashOf(c.header);
        vm.expectRevert(abi.encodeWithSelector(ChallengeBase.NotPredecessor.selector, c.header.prevHeaderHash, own));
        treeJudge.challengeDecrease(c, c, false, newer, older, noGap(), false);
        first.body.rulesHash = 0;
        _expectDecrease(c, first, older, newer, noGap(), false, LedgerState.WrongBody.selector);
    }

    /// @dev A pair that billed nothing was no pair, so it was not dropped.
    function test_decrease_fromNothing_shouldRevert() public {
        PairLeaf[] memory all = _with(pairs(), PairLeaf(crawlerC.addr, idB, 0, 1, 3, keccak256("voucher")));
        Side memory old = sideOf(all, false);
        Committed memory first = _postBoth(old, sideOf(all, true));
        Committed memory c = postNext();
        Side memory s = side(false);
        PairGap memory gap = gapOf(s, crawlerC.addr, idB);
        _expectDecrease(
            c, first, _pairProof(old, crawlerC.addr, idB), noPair(), gap, false, ChallengeBase.NoLie.selector
        );
    }

    // ---- C10

    function test_overdraw_shouldLose() public {
        uint64 closedAt = uint64(block.timestamp);
        uint128 left = 500_000 - uint128(_billed(crawler.addr));
        use(crawler.addr, idB, 1, left + 1);
        skip(1);
        // Too late for this header.
        deposit(crawler.addr, 1);
        Committed memory c = nextEpoch();
        c.body.closedAt = closedAt;
        post(seal(c));
        ParentProof memory proof = _parentProof(side(true), crawler.addr);
        _expectWon(10, 1);
        treeJudge.challengeOverdraw(c, proof);
        _assertVoided();
        // In time for the next.
        c = postNext();
        vm.expectRevert(ChallengeBase.NoLie.selector);
        treeJudge.challengeOverdraw(c, proof);
        _honestRepostIsPaid();
    }

    function test_overdraw_noLie_shouldRevert() public {
        use(crawler.addr, idB, 1, 500_000 - uint128(_billed(crawler.addr)));
        Committed memory c = postNext();
        Side memory debit = side(true);
        for (uint256 i = 0; i < debit.parents.length; ++i) {
            ParentProof memory proof = parentProof(debit, i);
            vm.expectRevert(ChallengeBase.NoLie.selector);
            treeJudge.challengeOverdraw(c, proof);
            proof.leaf.cumulative += 1;
            vm.expectRevert(LedgerState.BadProof.selector);
            treeJudge.challengeOverdraw(c, proof);
            proof.leaf.cumulative -= 1;
            proof = parentProof(side(false), i);
            vm.expectRevert(LedgerState.BadProof.selector);
            treeJudge.challengeOverdraw(c, proof);
        }
    }

    // ---- the judge

    function test_judgeForAnotherPool_shouldBeRefused() public {
        CreditEscrow another = new CreditEscrow(admin, usdc, THAW, FALLBACK, REVOKE_DELAY);
        _expectWrongLog(new LedgerChallenges(IUsdc(other)));
        _expectWrongSettlement(new SettlementChallenges(usdc, another));
        _expectWrongSettlement(new SettlementChallenges(IUsdc(other), escrow));
        _expectWrongDemands(new DemandChallenges(usdc, another, license, DEMAND_FEE, DEMAND));
        _expectWrongDemands(new DemandChallenges(IUsdc(other), escrow, license, DEMAND_FEE, DEMAND));
        _expectWrongDemands(new DemandChallenges(usdc, escrow, ICrawlLicense(other), DEMAND_FEE, DEMAND));
        _expectWrongDemands(new DemandChallenges(usdc, escrow, license, DEMAND_FEE, WINDOW));
        _expectWrongBonds(new LostBonds(usdc, another, license, POT));
        _expectWrongBonds(new LostBonds(IUsdc(other), escrow, license, POT));
        _expectWrongBonds(new LostBonds(usdc, escrow, ICrawlLicense(other), POT));
    }

    function test_judgeCalledDirectly_shouldFindNothing() public {
        Committed memory c = postNext();
        SettlementChallenges judge = ledger.settlementChallenges();
        ParentProof memory proof = parentProof(side(true), 0);
        vm.expectRevert(abi.encodeWithSelector(LedgerState.NotPending.selector, 1));
        judge.challengeOverdraw(c, proof);
    }

    // ---- helpers: winning

    function _winPairLeaf(Committed memory c, Side memory s, address who, uint256 licenseId, LogProof memory line)
        private
    {
        PairProof memory pair = _pairProof(s, who, licenseId);
        _expectWon(5, c.header.epoch);
        treeJudge.challengePairLeaf(c, s.debit, pair, line);
        _assertVoided();
    }

    function _winMissingPair(Committed memory c, LogProof memory line, PairGap memory gap) private {
        _expectWon(5, c.header.epoch);
        treeJudge.challengeMissingPair(c, line, gap);
        _assertVoided();
    }

    function _winSum(
        Committed memory c,
        bool debit,
        Descent memory way,
        ParentLeaf memory parent,
        Descent memory pairWay,
        PairLeaf memory pair
    ) private {
        _expectWon(6, c.header.epoch);
        treeJudge.challengeSum(c, debit, way, parent, pairWay, pair);
        _assertVoided();
    }

    function _winOrder(Committed memory c, bool debit, ParentProof[] memory parents, PairProof[] memory pairs_)
        private
    {
        _expectWon(6, c.header.epoch);
        treeJudge.challengeOrder(c, debit, parents, pairs_);
        _assertVoided();
    }

    function _winDecrease(
        Committed memory c,
        Committed memory before,
        bool debit,
        PairProof memory older,
        PairProof memory newer,
        PairGap memory gap,
        bool wholeParent
    ) private {
        _expectWon(7, c.header.epoch);
        treeJudge.challengeDecrease(c, before, debit, older, newer, gap, wholeParent);
        _assertVoided();
    }

    function _expectWon(uint8 challenge, uint64 epoch) private {
        vm.expectEmit(address(ledger));
        emit LedgerState.ChallengeWon(challenge, epoch, watcher, BOND * 4 / 10);
        vm.prank(watcher);
    }

    /// @dev One header is gone, the bond is lost and paid in again.
    function _assertVoided() private {
        (uint64 lastPosted, uint64 lastFinalised,) = ledger.head();
        assertTrue(lastPosted <= lastFinalised + 1);
        assertEq(ledger.bond(), 0);
        addBond(BOND);
    }

    function _honestRepostIsPaid() private {
        (,, uint64 generation) = ledger.head();
        for (uint256 i = 0; i < lines.length; ++i) {
            lines[i].generation = generation;
        }
        finaliseNext();
        LicenseProof memory proof = licenseProof(0);
        ledger.claim(proof.leaf, proof.index, proof.path);
        assertEq(usdc.balanceOf(payout), proof.leaf.cumulative);
        assertTrue(escrow.solvent());
    }

    // ---- helpers: losing

    function _expectPairLeaf(Committed memory c, bool debit, PairProof memory pair, LogProof memory line, bytes4 reason)
        private
    {
        vm.expectRevert(reason);
        treeJudge.challengePairLeaf(c, debit, pair, line);
    }

    function _expectMissing(Committed memory c, LogProof memory line, PairGap memory gap, bytes4 reason) private {
        vm.expectRevert(reason);
        treeJudge.challengeMissingPair(c, line, gap);
    }

    function _expectTrees(
        Committed memory c,
        bool debit,
        PairProof memory pair,
        PairProof memory another,
        PairGap memory gap,
        bytes4 reason
    ) private {
        vm.expectRevert(reason);
        treeJudge.challengeTrees(c, debit, pair, another, gap);
    }

    function _expectSum(
        Committed memory c,
        bool debit,
        Descent memory way,
        ParentLeaf memory parent,
        Descent memory pairWay,
        PairLeaf memory pair,
        bytes4 reason
    ) private {
        vm.expectRevert(reason);
        treeJudge.challengeSum(c, debit, way, parent, pairWay, pair);
    }

    function _expectOrder(
        Committed memory c,
        bool debit,
        ParentProof[] memory parents,
        PairProof[] memory pairs_,
        bytes4 reason
    ) private {
        vm.expectRevert(reason);
        treeJudge.challengeOrder(c, debit, parents, pairs_);
    }

    function _expectDecrease(
        Committed memory c,
        Committed memory before,
        PairProof memory older,
        PairProof memory newer,
        PairGap memory gap,
        bool wholeParent,
        bytes4 reason
    ) private {
        vm.expectRevert(reason);
        treeJudge.challengeDecrease(c, before, false, older, newer, gap, wholeParent);
    }

    function _expectWrongJudges(MeteringLedger.Judges memory judges, address wrong) private {
        address[] memory signers = rootAddresses();
        vm.expectRevert(abi.encodeWithSelector(MeteringLedger.WrongJudge.selector, wrong));
        new MeteringLedger(
            admin,
            usdc,
            ICreditEscrow(address(escrow)),
            license,
            MeteringLedger.Times(WINDOW, MAX_WINDOW, BOND_NOTICE, CONFIG_DELAY),
            2,
            signers,
            attestor.addr,
            judges
        );
    }

    function _expectWrongLog(LedgerChallenges judge) private {
        _expectWrongJudges(
            MeteringLedger.Judges(judge, ledger.settlementChallenges(), ledger.demandChallenges(), ledger.lostBonds()),
            address(judge)
        );
    }

    function _expectWrongSettlement(SettlementChallenges judge) private {
        _expectWrongJudges(
            MeteringLedger.Judges(ledger.challenges(), judge, ledger.demandChallenges(), ledger.lostBonds()),
            address(judge)
        );
    }

    function _expectWrongDemands(DemandChallenges judge) private {
        _expectWrongJudges(
            MeteringLedger.Judges(ledger.challenges(), ledger.settlementChallenges(), judge, ledger.lostBonds()),
            address(judge)
        );
    }

    function _expectWrongBonds(LostBonds judge) private {
        _expectWrongJudges(
            MeteringLedger.Judges(ledger.challenges(), ledger.settlementChallenges(), ledger.demandChallenges(), judge),
            address(judge)
        );
    }

    // ---- helpers: trees

    /// @dev As `postSides`, with each side's own total if they are the same, else with the larger one.
    function _postBoth(Side memory credit, Side memory debit) private returns (Committed memory c) {
        c = nextEpoch();
        put(c, credit);
        put(c, debit);
        uint128 total = c.body.totalCredit > c.body.totalDebit ? c.body.totalCredit : c.body.totalDebit;
        (uint128 creditTotal, uint128 debitTotal) = (c.body.totalCredit, c.body.totalDebit);
        // The side that a test looks at is the one that was changed: its total must be its own.
        if (creditTotal != debitTotal) total = creditTotal == _honestTotal() ? debitTotal : creditTotal;
        (c.body.totalCredit, c.body.totalDebit) = (total, total);
        post(seal(c));
    }

    function _honestTotal() private view returns (uint128 total) {
        PairLeaf[] memory all = pairs();
        for (uint256 i = 0; i < all.length; ++i) {
            total += all[i].cumulative;
        }
    }

    /// @dev Seven crawlers use licence B.
    function _manyPairs() private {
        use(crawlerB.addr, idB, 1, 11);
        use(crawlerC.addr, idB, 1, 12);
        for (uint256 i = 0; i < 4; ++i) {
            use(makeAddress(string(abi.encodePacked("crawler", i))), idB, 1, uint128(13 + i));
        }
    }

    function _largest(Side memory s) private pure returns (uint256 at) {
        for (uint256 i = 1; i < s.pairs.length; ++i) {
            if (s.pairs[i].length > s.pairs[at].length) at = i;
        }
    }

    /// @dev How many splits above the node over the leaves [from, to) of `size`.
    function _depthOf(uint256 from, uint256 to, uint256 size) private pure returns (uint256 depth) {
        uint256 low = 0;
        uint256 high = size;
        while (low != from || high != to) {
            uint256 k = 1;
            while (k * 2 < high - low) k *= 2;
            if (from < low + k) high = low + k;
            else low += k;
            ++depth;
        }
    }

    function _missing(address who, uint256 licenseId) private {
        PairLeaf[] memory all = pairs();
        uint256 at = _indexOf(all, who, licenseId);
        uint64 line = all[at].lastLogIndex;
        all = _without(all, at);
        Side memory credit = sideOf(all, false);
        Committed memory c = postSides(credit, sideOf(all, true));
        _winMissingPair(c, logProof(line), gapOf(credit, who, licenseId));
    }

    function _pairProof(Side memory s, address who, uint256 licenseId) private pure returns (PairProof memory) {
        (bool found, uint256 i, uint256 j) = find(s, who, licenseId);
        assertTrue(found);
        return pairProof(s, i, j);
    }

    function _parentProof(Side memory s, address who) private pure returns (ParentProof memory) {
        (uint256 i, bool found) = place(parentKeys(s), uint160(who));
        assertTrue(found);
        return parentProof(s, i);
    }

    function _parentsGap(Side memory s, uint256 from, uint256 count) private pure returns (PairGap memory gap) {
        gap.parents = new ParentProof[](count);
        for (uint256 i = 0; i < count; ++i) {
            gap.parents[i] = i == 0 ? parentProof(s, from) : nextParent(s, from + i);
        }
    }

    function _pairsGap(Side memory s, uint256 parent, uint256 from, uint256 count)
        private
        pure
        returns (PairGap memory gap)
    {
        gap.pairs = new PairProof[](count);
        for (uint256 i = 0; i < count; ++i) {
            gap.pairs[i] = i == 0 ? pairProof(s, parent, from) : nextPair(s, parent, from + i);
        }
    }

    function _indexOf(PairLeaf[] memory all, address who, uint256 licenseId) private pure returns (uint256 at) {
        while (all[at].crawler != who || all[at].licenseId != licenseId) ++at;
    }

    function _without(PairLeaf[] memory all, uint256 at) private pure returns (PairLeaf[] memory less) {
        less = new PairLeaf[](all.length - 1);
        for (uint256 i = 0; i < less.length; ++i) {
            less[i] = all[i < at ? i : i + 1];
        }
    }

    function _with(PairLeaf[] memory all, PairLeaf memory leaf) private pure returns (PairLeaf[] memory more) {
        more = new PairLeaf[](all.length + 1);
        for (uint256 i = 0; i < all.length; ++i) {
            more[i] = all[i];
        }
        more[all.length] = leaf;
    }

    function _billed(address who) private view returns (uint256 total) {
        PairLeaf[] memory all = pairs();
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].crawler == who) total += all[i].cumulative;
        }
    }

    function _noWay() private pure returns (Descent memory way) {}

    function _noParent() private pure returns (ParentLeaf memory leaf) {}

    function _noLeaf() private pure returns (PairLeaf memory leaf) {}
}
