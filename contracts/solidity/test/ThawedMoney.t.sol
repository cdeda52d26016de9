// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChallengeBase} from "../src/ChallengeBase.sol";
import {CreditEscrow} from "../src/CreditEscrow.sol";
import {LedgerState} from "../src/LedgerState.sol";
import {MeteringLedger} from "../src/MeteringLedger.sol";
import {Committed, CrawlerProof, LicenseProof, ParentProof} from "../src/lib/Types.sol";
import {SettlementTest} from "./base/SettlementTest.sol";

/// @notice What thaws may be billed by headers that close in the first half of the thaw and by the first one after, and
/// withdrawn by a header that closed in the second half or later: so no unit is both billed and withdrawn.
contract ThawedMoneyTest is SettlementTest {
    uint128 private constant DEPOSIT = 500_000;
    uint64 private constant HALF = THAW / 2;

    uint64 private requestedAt;

    /// @dev One state of a crawler's thaw, for the model.
    struct Step {
        uint64 at;
        uint128 amount;
        uint64 requestedAt;
    }

    Step[] private steps;

    // ---- lies that are defeated

    /// @dev The thaw is over and a header that bills nothing is final; the next one bills all that thawed, and the crawler
    /// withdraws while that is pending.
    function test_billOfThawedMoney_beforeItsWithdrawal_isDefeated() public {
        _thaw(DEPOSIT);
        skip(HALF + 1);
        Committed memory before = finaliseNext();
        skip(THAW);
        use(crawler.addr, idA, 1, DEPOSIT);
        Committed memory c = postNext();
        skip(1);
        _withdraw(DEPOSIT);
        ParentProof memory proof = parentProof(side(true), 0);
        // As of `closedAt` nothing was withdrawn.
        vm.expectRevert(ChallengeBase.NoLie.selector);
        treeJudge.challengeOverdraw(c, proof);
        treeJudge.challengeThawed(c, before, proof, _none(), new ParentProof[](0));
        _assertVoided(1);
        assertTrue(escrow.solvent());
    }

    /// @dev The same after the withdrawal, under a `closedAt` from before it.
    function test_billOfWithdrawnMoney_closedEarlier_isDefeated() public {
        _thaw(DEPOSIT);
        skip(HALF + 1);
        Committed memory before = finaliseNext();
        skip(THAW);
        _withdraw(DEPOSIT);
        use(crawler.addr, idA, 1, DEPOSIT);
        Committed memory c = nextEpoch();
        c.body.closedAt = before.body.closedAt;
        post(seal(c));
        ParentProof memory proof = parentProof(side(true), 0);
        vm.expectRevert(ChallengeBase.NoLie.selector);
        treeJudge.challengeOverdraw(c, proof);
        treeJudge.challengeThawed(c, before, proof, _none(), new ParentProof[](0));
        _assertVoided(1);
    }

    function test_billOfWithdrawnMoney_closedAfter_isDefeatedByOverdraw() public {
        _thaw(DEPOSIT);
        skip(HALF + 1);
        Committed memory before = finaliseNext();
        skip(THAW);
        _withdraw(DEPOSIT);
        use(crawler.addr, idA, 1, DEPOSIT);
        Committed memory c = postNext();
        ParentProof memory proof = parentProof(side(true), 0);
        vm.expectRevert(ChallengeBase.NoLie.selector);
        treeJudge.challengeThawed(c, before, proof, _none(), new ParentProof[](0));
        treeJudge.challengeOverdraw(c, proof);
        _assertVoided(1);
    }

    /// @dev Growth by one unit into what thaws, of a crawler that was billed before.
    function test_growth_intoWhatThaws_isDefeated() public {
        use(crawler.addr, idA, 1, 100_000);
        use(crawlerB.addr, idA, 1, 1);
        _thaw(300_000);
        skip(HALF + 1);
        Committed memory before = postNext();
        ParentProof memory older = _proofOf(crawler.addr);
        skip(1);
        use(crawler.addr, idA, 1, 100_001);
        Committed memory c = postNext();
        treeJudge.challengeThawed(c, before, _proofOf(crawler.addr), older, new ParentProof[](0));
        _assertVoided(1);
    }

    /// @dev As of `closedAt`, whatever is deposited or withdrawn later.
    function test_growth_intoWhatThaws_isDefeated_whateverIsDepositedLater() public {
        _thaw(300_000);
        skip(HALF + 1);
        Committed memory before = postNext();
        use(crawler.addr, idA, 1, 200_001);
        Committed memory c = postNext();
        skip(1);
        deposit(crawler.addr, DEPOSIT);
        treeJudge.challengeThawed(c, before, _proofOf(crawler.addr), _none(), new ParentProof[](0));
        _assertVoided(1);
    }

    /// @dev What was withdrawn before is no deposit any more.
    function test_growth_intoWhatThaws_isDefeated_afterAnEarlierWithdrawal() public {
        _thaw(100_000);
        skip(HALF + 1);
        finaliseNext();
        skip(THAW);
        _withdraw(100_000);
        _thaw(300_000);
        skip(HALF + 1);
        Committed memory before = postNext();
        use(crawler.addr, idA, 1, 100_000);
        Committed memory c = postNext();
        ParentProof memory older = _proofOf(crawler.addr);
        _expectNoLie(c, before, older, _none());
        use(crawler.addr, idA, 1, 1);
        Committed memory next = postNext();
        treeJudge.challengeThawed(next, c, _proofOf(crawler.addr), older, new ParentProof[](0));
        _assertVoided(3);
    }

    /// @dev After the fallback nobody waits for a header; one that is posted then and bills what was withdrawn loses,
    /// whenever it says that it closed.
    function test_billAfterAFallback_closedBeforeIt_isDefeated() public {
        Committed memory before = finaliseNext();
        _thaw(DEPOSIT);
        skip(FALLBACK);
        _withdraw(DEPOSIT);
        assertEq(escrow.fallbackAt(crawler.addr), block.timestamp);
        skip(5);
        use(crawler.addr, idA, 1, 1);
        Committed memory c = nextEpoch();
        c.body.closedAt = uint64(block.timestamp) - 30;
        post(seal(c));
        ParentProof memory proof = parentProof(side(true), 0);
        vm.expectRevert(ChallengeBase.NoLie.selector);
        treeJudge.challengeThawed(c, before, proof, _none(), new ParentProof[](0));
        treeJudge.challengeOverdraw(c, proof);
        _assertVoided(1);
    }

    // ---- what is right, and loses nothing

    function test_billInTheFirstHalf_andByTheFirstHeaderAfter_shouldStand() public {
        use(crawler.addr, idA, 1, 100_000);
        _thaw(DEPOSIT);
        skip(HALF);
        Committed memory before = nextEpoch();
        use(crawler.addr, idA, 1, 1);
        before = postNext();
        ParentProof memory older = _proofOf(crawler.addr);
        skip(1);
        // Closed when the predecessor had closed in the first half.
        use(crawler.addr, idA, 1, 399_999);
        Committed memory c = postNext();
        ParentProof memory proof = _proofOf(crawler.addr);
        _expectNoLie(c, before, proof, older);
        skip(WINDOW);
        ledger.finalise(c);
        // All of it is billed, so nothing is withdrawn.
        skip(THAW);
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.NothingToWithdraw.selector, crawler.addr));
        vm.prank(crawler.addr);
        escrow.withdraw(crawler.addr, _own(proof));
        LicenseProof memory claimed = licenseProof(0);
        assertEq(ledger.claim(claimed.leaf, claimed.index, claimed.path), DEPOSIT);
    }

    function test_noGrowth_whileMoreThaws_shouldStand() public {
        use(crawler.addr, idA, 1, 400_000);
        _thaw(DEPOSIT);
        skip(HALF + 1);
        Committed memory before = postNext();
        skip(1);
        Committed memory c = postNext();
        ParentProof memory proof = _proofOf(crawler.addr);
        _expectNoLie(c, before, proof, proof);
    }

    function test_growth_upToWhatThaws_shouldStand() public {
        _thaw(300_000);
        skip(HALF + 1);
        Committed memory before = postNext();
        use(crawler.addr, idA, 1, 200_000);
        Committed memory c = postNext();
        _expectNoLie(c, before, _proofOf(crawler.addr), _none());
    }

    function test_growth_onceTheThawIsCancelledOrReplaced_shouldStand() public {
        _thaw(DEPOSIT);
        skip(HALF + 1);
        Committed memory before = postNext();
        skip(1);
        vm.prank(crawler.addr);
        escrow.cancelThaw();
        use(crawler.addr, idA, 1, 200_000);
        Committed memory c = postNext();
        _expectNoLie(c, before, _proofOf(crawler.addr), _none());
        ParentProof memory older = _proofOf(crawler.addr);
        _thaw(300_000);
        use(crawler.addr, idA, 1, 1);
        skip(1);
        Committed memory next = postNext();
        _expectNoLie(next, c, _proofOf(crawler.addr), older);
    }

    // ---- evidence

    function test_thawed_withWrongEvidence_shouldRevert() public {
        use(crawlerB.addr, idA, 1, 5);
        _thaw(DEPOSIT);
        skip(HALF + 1);
        Committed memory before = postNext();
        ParentProof memory another = _proofOf(crawlerB.addr);
        ParentProof[] memory gap = parentGapOf(side(true), uint160(crawler.addr));
        use(crawler.addr, idA, 1, DEPOSIT);
        Committed memory c = postNext();
        ParentProof memory proof = _proofOf(crawler.addr);
        // Absence must be shown, presence be of the same crawler and proven.
        _expectThawed(c, before, proof, _none(), new ParentProof[](0), LedgerState.BadProof.selector);
        _expectThawed(c, before, proof, another, gap, LedgerState.BadProof.selector);
        another.leaf.cumulative += 1;
        _expectThawed(c, before, proof, another, gap, LedgerState.BadProof.selector);
        ParentProof memory wrong = _proofOf(crawler.addr);
        wrong.leaf.cumulative += 1;
        _expectThawed(c, before, wrong, _none(), gap, LedgerState.BadProof.selector);
        vm.expectRevert(
            abi.encodeWithSelector(ChallengeBase.NotPredecessor.selector, hashOf(before.header), hashOf(c.header))
        );
        treeJudge.challengeThawed(c, c, proof, _none(), gap);
        Committed memory unposted = nextEpoch();
        vm.expectRevert(abi.encodeWithSelector(LedgerState.NotPending.selector, 3));
        treeJudge.challengeThawed(unposted, before, proof, _none(), gap);
        treeJudge.challengeThawed(c, before, proof, _none(), gap);
        _assertVoided(1);
    }

    // ---- closing times

    function test_post_closedTooLongAgo_shouldRevert() public {
        Committed memory c = nextEpoch();
        assertEq(ledger.closedAtMaxAge(), FALLBACK / 2);
        skip(FALLBACK / 2 + 1);
        bytes memory signatures = quorum(c.header, 3);
        vm.expectRevert(abi.encodeWithSelector(MeteringLedger.ClosedAtOutOfRange.selector, c.body.closedAt));
        ledger.post(c.header, c.body, 3, signatures);
        vm.warp(block.timestamp - 1);
        ledger.post(c.header, c.body, 3, signatures);
    }

    function test_fallback_whileAHeaderIsPending_shouldRevert() public {
        finaliseNext();
        _thaw(DEPOSIT);
        skip(FALLBACK);
        Committed memory c = nextEpoch();
        c.body.closedAt = uint64(block.timestamp) - FALLBACK / 2;
        post(seal(c));
        // This one counts, once it is final.
        vm.expectRevert(CreditEscrow.HeaderPending.selector);
        vm.prank(crawler.addr);
        escrow.withdraw(crawler.addr, new CrawlerProof[](0));
        assertEq(escrow.fallbackAt(crawler.addr), 0);
        skip(WINDOW);
        ledger.finalise(c);
        _withdraw(DEPOSIT);
        assertEq(escrow.fallbackAt(crawler.addr), 0);
    }

    /// @dev A quorum without a bond may void its own header and post the next one in one transaction, again and again.
    function test_fallback_behindEndlessPendingHeaders_shouldOpenAllTheSame() public {
        finaliseNext();
        _thaw(DEPOSIT);
        skip(FALLBACK + FALLBACK / 2 - 1);
        post(nextEpoch());
        vm.expectRevert(CreditEscrow.HeaderPending.selector);
        vm.prank(crawler.addr);
        escrow.withdraw(crawler.addr, new CrawlerProof[](0));
        skip(1);
        _withdraw(DEPOSIT);
        assertEq(escrow.fallbackAt(crawler.addr), block.timestamp);
    }

    function test_fallback_whileItsBillIsPending_shouldDefeatTheBill() public {
        finaliseNext();
        _thaw(DEPOSIT);
        skip(FALLBACK + FALLBACK / 2);
        use(crawler.addr, idA, 1, 100);
        Committed memory c = nextEpoch();
        post(c);
        _withdraw(DEPOSIT);
        treeJudge.challengeOverdraw(c, _proofOf(crawler.addr));
        _assertVoided(1);
    }

    // ---- history

    function test_thawAt_shouldEndWithTheSecondInWhichItEnds() public {
        _thaw(100);
        uint64 first = requestedAt;
        skip(5);
        _thaw(200);
        uint64 second = requestedAt;
        _thaw(300);
        skip(5);
        vm.prank(crawler.addr);
        escrow.cancelThaw();
        _assertThaw(first - 1, 0, 0);
        _assertThaw(first, 100, first + HALF);
        _assertThaw(second - 1, 100, first + HALF);
        _assertThaw(second, 300, second + HALF);
        _assertThaw(second + 4, 300, second + HALF);
        _assertThaw(second + 5, 0, 0);
    }

    function testFuzz_thawAt_shouldEqualASimpleHistory(uint256[20] calldata moves, uint256 asked) public {
        uint64 start = uint64(block.timestamp);
        for (uint256 i = 0; i < moves.length; ++i) {
            _move(moves[i]);
        }
        uint64 at = uint64(bound(asked, start - 2, block.timestamp + 2));
        Step memory expected;
        for (uint256 i = 0; i < steps.length; ++i) {
            if (steps[i].at <= at) expected = steps[i];
        }
        (uint128 amount, uint64 billableUntil) = escrow.thawAt(crawler.addr, at);
        assertEq(amount, expected.amount);
        assertEq(billableUntil, expected.amount == 0 ? 0 : expected.requestedAt + HALF);
    }

    /// @dev Whatever a quorum bills and when, and whatever the crawler thaws and withdraws: with a watcher that tries both
    /// challenges, the pool can pay all that is final and all that is left.
    function testFuzz_billedOrWithdrawn_neverBoth(uint256[12] calldata moves) public {
        Committed memory last;
        ParentProof memory older;
        uint256 billed = 0;
        for (uint256 i = 0; i < moves.length; ++i) {
            skip(moves[i] % 11);
            uint256 what = (moves[i] >> 16) % 4;
            uint128 amount = uint128(bound(moves[i] >> 32, 1, DEPOSIT));
            if (what == 0) _tryThaw(amount);
            if (what == 1) _tryWithdraw(billed == 0 ? new CrawlerProof[](0) : _own(older));
            if (what == 2) {
                use(crawler.addr, idA, 1, amount);
                Committed memory c = nextEpoch();
                (bool stands, bytes memory signatures) = (true, quorum(c.header, 3));
                try ledger.post(c.header, c.body, 3, signatures) {
                    ParentProof memory proof = _proofOf(crawler.addr);
                    stands = !_defeat(c, last, proof, older);
                    if (stands) (last, older, billed) = (c, proof, proof.leaf.cumulative);
                } catch {
                    stands = false;
                }
                if (!stands) _unuse();
            }
            (uint64 lastPosted, uint64 lastFinalised,) = ledger.head();
            if (what == 3 && lastPosted != lastFinalised) {
                // No withdrawal while it is pending, but by one that is final.
                _tryWithdraw(new CrawlerProof[](0));
                skip(WINDOW);
                ledger.finalise(last);
            }
            (uint128 deposited, uint128 withdrawn) = escrow.accounts(crawler.addr);
            assertLe(billed + withdrawn, deposited);
        }
    }

    // ---- helpers

    function _thaw(uint128 amount) private {
        requestedAt = uint64(block.timestamp);
        vm.prank(crawler.addr);
        escrow.requestThaw(amount);
    }

    function _tryThaw(uint128 amount) private {
        (uint128 deposited, uint128 withdrawn) = escrow.accounts(crawler.addr);
        if (deposited != withdrawn) _thaw(uint128(bound(amount, 1, deposited - withdrawn)));
    }

    function _withdraw(uint128 amount) private {
        vm.prank(crawler.addr);
        assertEq(escrow.withdraw(crawler.addr, new CrawlerProof[](0)), amount);
    }

    function _tryWithdraw(CrawlerProof[] memory proofs) private {
        vm.prank(crawler.addr);
        try escrow.withdraw(crawler.addr, proofs) {} catch {}
    }

    function _defeat(Committed memory c, Committed memory before, ParentProof memory proof, ParentProof memory older)
        private
        returns (bool)
    {
        try treeJudge.challengeOverdraw(c, proof) {
            addBond(BOND);
            return true;
        } catch {}
        try treeJudge.challengeThawed(c, before, proof, older, new ParentProof[](0)) {
            addBond(BOND);
            return true;
        } catch {}
        return false;
    }

    /// @dev The last line is cut off, and the log goes on in the ledger's generation.
    function _unuse() private {
        lines.pop();
        (,, uint64 generation) = ledger.head();
        for (uint256 i = 0; i < lines.length; ++i) {
            lines[i].generation = generation;
        }
    }

    function _move(uint256 seed) private {
        skip(seed % 4);
        uint64 now_ = uint64(block.timestamp);
        (uint128 thawing,, uint64 endsAt) = escrow.thaws(crawler.addr);
        uint256 what = (seed >> 8) % 3;
        if (what == 0) {
            uint128 amount = uint128(bound(seed >> 16, 1, 1_000));
            _thaw(amount);
            steps.push(Step(now_, amount, now_));
        } else if (thawing != 0 && what == 1) {
            vm.prank(crawler.addr);
            escrow.cancelThaw();
            steps.push(Step(now_, 0, 0));
        } else if (thawing != 0 && now_ < endsAt) {
            skip(FALLBACK);
            vm.prank(crawler.addr);
            escrow.withdraw(crawler.addr, new CrawlerProof[](0));
            steps.push(Step(uint64(block.timestamp), 0, 0));
        }
    }

    function _proofOf(address who) private view returns (ParentProof memory) {
        Side memory debit = side(true);
        (uint256 i,) = place(parentKeys(debit), uint160(who));
        return parentProof(debit, i);
    }

    function _own(ParentProof memory proof) private view returns (CrawlerProof[] memory proofs) {
        proofs = debitProof(address(uint160(proof.leaf.key)));
        proofs[0].leaf.cumulative = proof.leaf.cumulative;
        proofs[0].leaf.pairRoot = proof.leaf.pairRoot;
        proofs[0].leaf.pairCount = proof.leaf.pairCount;
        (proofs[0].index, proofs[0].path) = (proof.index, proof.path);
    }

    function _none() private pure returns (ParentProof memory proof) {}

    function _expectNoLie(
        Committed memory c,
        Committed memory before,
        ParentProof memory proof,
        ParentProof memory older
    ) private {
        _expectThawed(c, before, proof, older, new ParentProof[](0), ChallengeBase.NoLie.selector);
        vm.expectRevert(ChallengeBase.NoLie.selector);
        treeJudge.challengeOverdraw(c, proof);
    }

    function _expectThawed(
        Committed memory c,
        Committed memory before,
        ParentProof memory proof,
        ParentProof memory older,
        ParentProof[] memory gap,
        bytes4 reason
    ) private {
        vm.expectRevert(reason);
        treeJudge.challengeThawed(c, before, proof, older, gap);
    }

    function _assertThaw(uint64 at, uint128 expected, uint64 expectedUntil) private view {
        (uint128 amount, uint64 billableUntil) = escrow.thawAt(crawler.addr, at);
        assertEq(amount, expected);
        assertEq(billableUntil, expectedUntil);
    }

    function _assertVoided(uint64 lastGood) private view {
        (uint64 lastPosted,,) = ledger.head();
        assertEq(lastPosted, lastGood);
    }
}
