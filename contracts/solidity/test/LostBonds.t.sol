// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChallengeBase} from "../src/ChallengeBase.sol";
import {CreditEscrow} from "../src/CreditEscrow.sol";
import {LedgerState} from "../src/LedgerState.sol";
import {LostBonds} from "../src/LostBonds.sol";
import {Committed, CrawlerProof, LicenseProof, PairGap, PairLeaf, PairProof} from "../src/lib/Types.sol";
import {SettlementTest} from "./base/SettlementTest.sol";

contract LostBondsTest is SettlementTest {
    uint256 private constant REST = uint256(BOND) * 6 / 10;
    uint256 private constant SHARED = REST / 6;

    address private watcher;

    event PotOpened(bytes32 indexed headerHash, uint256 amount);
    event HarmPaid(
        bytes32 indexed headerHash,
        address indexed crawler,
        uint256 indexed licenseId,
        uint256 crawlerAmount,
        uint256 licenseAmount
    );
    event PotClosed(bytes32 indexed headerHash, uint256 remainder);
    event OverdrawCovered(address indexed crawler, uint256 amount, uint256 insurance);
    event OwedSent(address indexed account, uint256 amount);
    event PaymentKept(address indexed account, uint256 amount);

    function setUp() public override {
        super.setUp();
        watcher = makeAddress("watcher");
    }

    // ---- claims

    function test_claim_shouldPayBothPartiesByWhatTheirPairGrewBy() public {
        (Committed memory before, Side memory old) = _first();
        Committed memory c = _voided(before);
        bytes32 headerHash = hashOf(c.header);
        Side memory s = side(false);
        // Pairs grew by 120,000, by 60,000, and by 20,000 from nothing.
        vm.expectEmit(address(ledger));
        emit HarmPaid(headerHash, crawler.addr, idA, SHARED * 3 / 10, SHARED * 3 / 10);
        _claim(c, before, old, s, crawler.addr, idA);
        assertEq(usdc.balanceOf(crawler.addr), SHARED * 3 / 10);
        assertEq(usdc.balanceOf(payout), SHARED * 3 / 10);
        _claim(c, before, old, s, crawlerB.addr, idB);
        _claim(c, before, old, s, crawlerB.addr, idA);
        assertEq(usdc.balanceOf(crawlerB.addr), SHARED * 15 / 100 + SHARED * 5 / 100);
        assertEq(usdc.balanceOf(other), SHARED * 15 / 100);
        (uint128 amount, uint88 paid,) = ledger.pots(headerHash);
        assertEq(amount, REST);
        assertEq(paid, SHARED);
    }

    function test_claim_again_shouldRevert() public {
        (Committed memory before, Side memory old) = _first();
        Committed memory c = _voided(before);
        Side memory s = side(false);
        _claim(c, before, old, s, crawler.addr, idA);
        _expectClaim(
            c,
            before,
            old,
            s,
            crawler.addr,
            idA,
            abi.encodeWithSelector(LostBonds.AlreadyPaid.selector, hashOf(c.header), crawler.addr, idA)
        );
    }

    /// @dev Nobody gets more than a pair grew by, however large the bond was.
    function test_claim_ofTheSamePairFromAnotherPot_shouldBePaid() public {
        use(crawler.addr, idA, 1, 70);
        Committed memory one = _voidedFirst();
        addBond(BOND);
        Committed memory two = _voidedFirst();
        _claimFirst(one, crawler.addr, idA);
        _claimFirst(two, crawler.addr, idA);
        assertEq(usdc.balanceOf(crawler.addr), 70);
    }

    function test_claim_ofALargeBond_shouldBeNoMoreThanTheGrowth() public {
        addBond(99 * BOND);
        use(crawler.addr, idA, 1, 70);
        Committed memory c = _voidedFirst();
        _claimFirst(c, crawler.addr, idA);
        assertEq(usdc.balanceOf(crawler.addr), 35);
        assertEq(usdc.balanceOf(payout), 35);
    }

    function test_claim_ofAnOddShare_shouldGiveTheLicenceTheUnit() public {
        addBond(99 * BOND);
        use(crawler.addr, idA, 1, 71);
        Committed memory c = _voidedFirst();
        _claimFirst(c, crawler.addr, idA);
        assertEq(usdc.balanceOf(crawler.addr), 35);
        assertEq(usdc.balanceOf(payout), 36);
    }

    /// @dev In a tree that lies, pairs grow by more than the total: whoever comes late gets what is left.
    function test_claims_shouldNeverExceedThePot() public {
        addBond(99 * BOND);
        use(crawler.addr, idA, 1, 100);
        Committed memory before = postNext();
        Side memory old = side(false);
        // One pair is dropped, two others are made up.
        delete lines;
        use(crawlerB.addr, idA, 1, 100);
        use(crawlerB.addr, idB, 1, 60);
        Committed memory c = _voided(before);
        _claim(c, before, old, side(false), crawlerB.addr, idA);
        (, uint88 paid,) = ledger.pots(hashOf(c.header));
        assertEq(paid, 60);
        _expectClaim(
            c,
            before,
            old,
            side(false),
            crawlerB.addr,
            idB,
            abi.encodeWithSelector(LostBonds.NothingGrew.selector, crawlerB.addr, idB)
        );
    }

    function test_claim_ofAPairThatDidNotGrow_shouldRevert() public {
        (Committed memory before, Side memory old) = _first();
        use(crawler.addr, idB, 1, 10);
        Committed memory c = _voidedNext(before);
        bytes memory reason = abi.encodeWithSelector(LostBonds.NothingGrew.selector, crawler.addr, idA);
        _expectClaim(c, before, old, side(false), crawler.addr, idA, reason);
    }

    function test_claim_whenNothingGrew_shouldRevert() public {
        (Committed memory before, Side memory old) = _first();
        Committed memory c = _voidedNext(before);
        bytes memory reason = abi.encodeWithSelector(LostBonds.NothingGrew.selector, crawler.addr, idA);
        _expectClaim(c, before, old, side(false), crawler.addr, idA, reason);
    }

    function test_claim_withWrongEvidence_shouldRevert() public {
        // Less of each party with the other one, before.
        use(crawler.addr, idB, 1, 1);
        use(crawlerB.addr, idA, 1, 1);
        use(crawler.addr, idA, 1, 10_000);
        (Committed memory before, Side memory old) = (postNext(), side(false));
        use(crawler.addr, idA, 1, 120_000);
        Committed memory c = _voidedNext(before);
        Side memory s = side(false);
        bytes memory bad = abi.encodeWithSelector(LedgerState.BadProof.selector);
        (PairProof memory pair, PairProof memory was) = (_pair(s, crawler.addr, idA), _pair(old, crawler.addr, idA));
        // That there was less before, or nothing, must be shown.
        _expect(abi.encodeCall(bonds.claimHarm, (c, before, pair, noPair(), noGap())), bad);
        _expect(abi.encodeCall(bonds.claimHarm, (c, before, pair, _pair(old, crawler.addr, idB), noGap())), bad);
        _expect(abi.encodeCall(bonds.claimHarm, (c, before, pair, _pair(old, crawlerB.addr, idA), noGap())), bad);
        was.pair.cumulative -= 1;
        _expect(abi.encodeCall(bonds.claimHarm, (c, before, pair, was, noGap())), bad);
        was.pair.cumulative += 1;
        pair.pair.cumulative += 1;
        _expect(abi.encodeCall(bonds.claimHarm, (c, before, pair, was, noGap())), bad);
        pair.pair.cumulative -= 1;
        _expect(
            abi.encodeCall(bonds.claimHarm, (c, c, pair, was, noGap())),
            abi.encodeWithSelector(ChallengeBase.NotPredecessor.selector, hashOf(before.header), hashOf(c.header))
        );
        Committed memory wrong = c;
        wrong.body.totalCredit += 1;
        _expect(
            abi.encodeCall(bonds.claimHarm, (wrong, before, pair, was, noGap())),
            abi.encodeWithSelector(LedgerState.WrongBody.selector)
        );
        wrong.body.totalCredit -= 1;
        bonds.claimHarm(c, before, pair, was, noGap());
    }

    function test_claim_withoutAPot_shouldRevert() public {
        (Committed memory before, Side memory old) = _first();
        bytes memory reason = abi.encodeWithSelector(LostBonds.NoPot.selector, hashOf(before.header));
        _expect(
            abi.encodeCall(bonds.claimHarm, (before, before, _pair(old, crawler.addr, idA), noPair(), noGap())), reason
        );
        vm.expectRevert(reason);
        bonds.closePot(hashOf(before.header));
    }

    function test_void_withoutABond_shouldOpenNoPot() public {
        vm.prank(admin);
        ledger.noticeBond(BOND);
        skip(BOND_NOTICE);
        vm.prank(admin);
        ledger.withdrawBond(admin);
        Committed memory c = _voidedFirst();
        (,, uint40 openedAt) = ledger.pots(hashOf(c.header));
        assertEq(openedAt, 0);
        assertEq(ledger.insurance(), 0);
    }

    function test_void_shouldOpenThePot() public {
        use(crawler.addr, idA, 1, 70);
        Committed memory c = postNext();
        vm.expectEmit(address(ledger));
        emit PotOpened(hashOf(c.header), REST);
        _challenge();
        (uint128 amount, uint88 paid, uint40 openedAt) = ledger.pots(hashOf(c.header));
        assertEq(amount, REST);
        assertEq(paid, 0);
        assertEq(openedAt, block.timestamp);
    }

    /// @dev Nobody has posted what the two headers were signed for.
    function test_slash_withoutATarget_shouldInsureAll() public {
        Committed memory a = nextEpoch();
        Committed memory b = nextEpoch();
        b.body.rulesHash = 0;
        seal(b);
        bytes memory signaturesA = quorum(a.header, 3);
        bytes memory signaturesB = quorum(b.header, 3);
        logJudge.challengeHeaders(a.header, 3, signaturesA, b.header, 3, signaturesB, 1);
        assertEq(ledger.insurance(), REST);
    }

    // ---- when somebody can't be paid

    function test_claim_ofARefusedParty_shouldPayTheOtherAndOwe() public {
        use(crawler.addr, idA, 1, 70);
        Committed memory c = _voidedFirst();
        blacklist(crawler.addr);
        vm.expectEmit(address(ledger));
        emit PaymentKept(crawler.addr, 35);
        _claimFirst(c, crawler.addr, idA);
        assertEq(usdc.balanceOf(payout), 35);
        assertEq(ledger.owed(crawler.addr), 35);
        vm.expectRevert();
        bonds.sendOwed(crawler.addr);
        vm.prank(usdcOwner);
        token.unBlacklist(crawler.addr);
        vm.expectEmit(address(ledger));
        emit OwedSent(crawler.addr, 35);
        bonds.sendOwed(crawler.addr);
        assertEq(usdc.balanceOf(crawler.addr), 35);
        vm.expectRevert(abi.encodeWithSelector(LostBonds.NothingOwed.selector, crawler.addr));
        bonds.sendOwed(crawler.addr);
    }

    function test_claim_ofALicenceThatIsNot_shouldPayTheCrawler() public {
        uint256 madeUp = idA + 1_000;
        use(crawler.addr, madeUp, 1, 70);
        Committed memory c = _voidedFirst();
        vm.expectEmit(address(ledger));
        emit HarmPaid(hashOf(c.header), crawler.addr, madeUp, 35, 0);
        _claimFirst(c, crawler.addr, madeUp);
        skip(POT + 1);
        bonds.closePot(hashOf(c.header));
        assertEq(ledger.insurance(), REST - 35);
    }

    function test_claim_withTooLittleGas_shouldNotCostTheLicenceItsPart() public {
        use(crawler.addr, idA, 1, 70);
        Committed memory c = _voidedFirst();
        bytes memory data =
            abi.encodeCall(bonds.claimHarm, (c, c, _pair(side(false), crawler.addr, idA), noPair(), noGap()));
        for (uint256 gas_ = 40_000; gas_ < 400_000; gas_ += 1_000) {
            (bool ok,) = address(ledger).call{gas: gas_}(data);
            if (!ok) continue;
            assertEq(usdc.balanceOf(crawler.addr), 35);
            assertEq(usdc.balanceOf(payout), 35);
            return;
        }
        assertTrue(false);
    }

    // ---- the end of a pot

    function test_close_shouldInsureWhatRemains() public {
        use(crawler.addr, idA, 1, 70);
        Committed memory c = _voidedFirst();
        bytes32 headerHash = hashOf(c.header);
        uint256 closesAt = block.timestamp + POT;
        assertEq(ledger.lostBonds().potSeconds(), POT);
        skip(POT);
        vm.expectRevert(abi.encodeWithSelector(LostBonds.PotStillOpen.selector, closesAt));
        bonds.closePot(headerHash);
        _claimFirst(c, crawler.addr, idA);
        skip(1);
        vm.expectEmit(address(ledger));
        emit PotClosed(headerHash, REST - 70);
        bonds.closePot(headerHash);
        assertEq(ledger.insurance(), REST - 70);
        vm.expectRevert(abi.encodeWithSelector(LostBonds.NoPot.selector, headerHash));
        bonds.closePot(headerHash);
    }

    function test_claim_afterItsTime_shouldRevert() public {
        use(crawler.addr, idA, 1, 70);
        Committed memory c = _voidedFirst();
        uint256 closesAt = block.timestamp + POT;
        skip(POT + 1);
        _expect(
            abi.encodeCall(bonds.claimHarm, (c, c, _pair(side(false), crawler.addr, idA), noPair(), noGap())),
            abi.encodeWithSelector(LostBonds.PotOver.selector, closesAt)
        );
    }

    /// @dev Who lies, challenges itself and owns all its pairs loses half of the bond all the same.
    function testFuzz_selfChallenge_shouldLoseHalf(uint128 bond, uint64 growth) public {
        bond = uint128(bound(bond, BOND + 1, 10_000_000_000_000));
        growth = uint64(bound(growth, 1, 500_000));
        addBond(bond - BOND);
        use(crawler.addr, idA, 1, growth);
        Committed memory c = _voidedFirst();
        PairProof memory pair = _pair(side(false), crawler.addr, idA);
        try bonds.claimHarm(c, c, pair, noPair(), noGap()) {} catch {}
        uint256 back = usdc.balanceOf(watcher) + usdc.balanceOf(crawler.addr) + usdc.balanceOf(payout);
        assertLe(back * 2, bond);
    }

    // ---- insurance

    /// @dev Nobody challenged a debit beyond the deposit, and its licence is paid out of what others deposited.
    function test_cover_shouldGiveThePoolWhatItLacks() public {
        _insure();
        use(crawler.addr, idA, 1, 600_000);
        finaliseNext();
        LicenseProof memory claimed = licenseProof(0);
        ledger.claim(claimed.leaf, claimed.index, claimed.path);
        CrawlerProof memory proof = debitProof(crawler.addr)[0];
        vm.expectEmit(address(ledger));
        emit OverdrawCovered(crawler.addr, 100_000, REST - 100_000);
        assertEq(bonds.coverOverdraw(proof), 100_000);
        assertEq(ledger.insurance(), REST - 100_000);
        (uint128 deposited,) = escrow.accounts(crawler.addr);
        assertEq(deposited, 600_000);
        // The other crawler has all it deposited, and the first one nothing.
        assertEq(escrow.owed(), 500_000);
        assertTrue(escrow.solvent());
        vm.expectRevert(abi.encodeWithSelector(LostBonds.NothingToCover.selector, crawler.addr));
        bonds.coverOverdraw(proof);
        _withdrawAll(crawlerB.addr, 500_000);
    }

    function test_cover_ofTheOverdrawnCrawler_shouldNotBeWithdrawn() public {
        _insure();
        use(crawler.addr, idA, 1, 600_000);
        finaliseNext();
        bonds.coverOverdraw(debitProof(crawler.addr)[0]);
        vm.prank(crawler.addr);
        escrow.requestThaw(600_000);
        skip(THAW / 2 + 1);
        finaliseNext();
        skip(THAW);
        CrawlerProof[] memory proofs = debitProof(crawler.addr);
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.NothingToWithdraw.selector, crawler.addr));
        vm.prank(crawler.addr);
        escrow.withdraw(crawler.addr, proofs);
    }

    function test_cover_shouldCountWhatWasWithdrawn() public {
        _insure();
        _withdrawAll(crawler.addr, 100_000);
        use(crawler.addr, idA, 1, 450_000);
        finaliseNext();
        assertEq(bonds.coverOverdraw(debitProof(crawler.addr)[0]), 50_000);
    }

    function test_cover_whileDepositsArePaused_shouldWork_andPayWhatThereIs() public {
        _insure();
        deposit(crawlerB.addr, 5_000_000);
        addBond(5_000_000);
        use(crawler.addr, idA, 1, 2_000_000);
        finaliseNext();
        vm.prank(admin);
        escrow.pause();
        assertEq(bonds.coverOverdraw(debitProof(crawler.addr)[0]), REST);
        assertEq(ledger.insurance(), 0);
        CrawlerProof memory proof = debitProof(crawler.addr)[0];
        vm.expectRevert(abi.encodeWithSelector(LostBonds.NothingToCover.selector, crawler.addr));
        bonds.coverOverdraw(proof);
    }

    function test_cover_ofWhatIsCoveredOrNotFinal_shouldRevert() public {
        _insure();
        use(crawler.addr, idA, 1, 500_000);
        finaliseNext();
        CrawlerProof memory proof = debitProof(crawler.addr)[0];
        vm.expectRevert(abi.encodeWithSelector(LostBonds.NothingToCover.selector, crawler.addr));
        bonds.coverOverdraw(proof);
        use(crawler.addr, idA, 1, 100_000);
        postNext();
        proof = debitProof(crawler.addr)[0];
        vm.expectRevert(LedgerState.BadProof.selector);
        bonds.coverOverdraw(proof);
    }

    function test_cover_byAnybodyElse_shouldRevert() public {
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.NotLedger.selector, address(this)));
        escrow.coverOverdraw(crawler.addr, 1);
    }

    function test_judgeCalledDirectly_shouldFindNothing() public {
        LostBonds judge = ledger.lostBonds();
        vm.expectRevert(abi.encodeWithSelector(LostBonds.NothingOwed.selector, admin));
        judge.sendOwed(admin);
        vm.expectRevert(abi.encodeWithSelector(LostBonds.NoPot.selector, bytes32(0)));
        judge.closePot(0);
        CrawlerProof memory proof;
        vm.expectRevert(LedgerState.BadProof.selector);
        judge.coverOverdraw(proof);
    }

    // ---- helpers

    function _first() private returns (Committed memory before, Side memory old) {
        use(crawler.addr, idA, 1, 10_000);
        use(crawlerB.addr, idB, 1, 5_000);
        before = postNext();
        old = side(false);
    }

    /// @dev A header in which pairs grew by 120,000, 60,000 and 20,000, and that is void.
    function _voided(Committed memory before) private returns (Committed memory c) {
        if (lines.length == 2 && lines[0].crawler == crawler.addr) {
            use(crawler.addr, idA, 1, 120_000);
            use(crawlerB.addr, idB, 1, 60_000);
            use(crawlerB.addr, idA, 1, 20_000);
        }
        c = _voidedNext(before);
    }

    function _voidedNext(Committed memory before) private returns (Committed memory c) {
        c = postNext();
        assertEq(c.header.prevHeaderHash, hashOf(before.header));
        _voidLast();
    }

    function _voidedFirst() private returns (Committed memory c) {
        c = postNext();
        _voidLast();
    }

    function _challenge() private {
        (uint64 lastPosted,,) = ledger.head();
        _voidEpoch(lastPosted);
    }

    function _voidLast() private {
        _challenge();
    }

    /// @dev Two headers of a pending epoch.
    function _voidEpoch(uint64 epoch) private {
        (, uint64 generation,,) = ledger.headerAt(epoch);
        Committed memory a;
        Committed memory b;
        (a.header.epoch, a.header.generation, a.header.configDigest) = (epoch, generation, ledger.configDigest());
        (b.header.epoch, b.header.generation, b.header.configDigest) = (epoch, generation, ledger.configDigest());
        b.header.bodyHash = bytes32("other");
        bytes memory signaturesA = quorum(a.header, 3);
        bytes memory signaturesB = quorum(b.header, 3);
        uint64 version = ledger.configVersion();
        vm.prank(watcher);
        logJudge.challengeHeaders(a.header, 3, signaturesA, b.header, 3, signaturesB, version);
    }

    /// @dev The rest of a bond becomes insurance, and the operator bonds again.
    function _insure() private {
        Committed memory c = _voidedFirst();
        skip(POT + 1);
        bonds.closePot(hashOf(c.header));
        assertEq(ledger.insurance(), REST);
        addBond(BOND);
    }

    function _withdrawAll(address who, uint128 amount) private {
        vm.prank(who);
        escrow.requestThaw(amount);
        skip(THAW / 2 + 1);
        finaliseNext();
        skip(THAW);
        CrawlerProof[] memory proofs = new CrawlerProof[](lines.length == 0 ? 0 : 1);
        if (lines.length != 0) proofs[0] = crawlerProof(0);
        vm.prank(who);
        assertEq(escrow.withdraw(who, proofs), amount);
    }

    function _pair(Side memory s, address who, uint256 licenseId) private pure returns (PairProof memory) {
        (, uint256 i, uint256 j) = find(s, who, licenseId);
        return pairProof(s, i, j);
    }

    function _claimCall(
        Committed memory c,
        Committed memory before,
        Side memory old,
        Side memory s,
        address who,
        uint256 licenseId
    ) private view returns (bytes memory) {
        (bool found, uint256 i, uint256 j) = find(old, who, licenseId);
        PairProof memory was = found ? pairProof(old, i, j) : noPair();
        PairGap memory gap = found ? noGap() : gapOf(old, who, licenseId);
        return abi.encodeCall(bonds.claimHarm, (c, before, _pair(s, who, licenseId), was, gap));
    }

    function _claim(
        Committed memory c,
        Committed memory before,
        Side memory old,
        Side memory s,
        address who,
        uint256 licenseId
    ) private {
        (bool ok,) = address(ledger).call(_claimCall(c, before, old, s, who, licenseId));
        assertTrue(ok);
    }

    function _claimFirst(Committed memory c, address who, uint256 licenseId) private {
        bonds.claimHarm(c, c, _pair(side(false), who, licenseId), noPair(), noGap());
    }

    function _expectClaim(
        Committed memory c,
        Committed memory before,
        Side memory old,
        Side memory s,
        address who,
        uint256 licenseId,
        bytes memory reason
    ) private {
        _expect(_claimCall(c, before, old, s, who, licenseId), reason);
    }

    function _expect(bytes memory data, bytes memory reason) private {
        (bool ok, bytes memory answer) = address(ledger).call(data);
        assertFalse(ok);
        assertEq(answer, reason);
    }
}
