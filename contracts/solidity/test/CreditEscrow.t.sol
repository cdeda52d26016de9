// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {CreditEscrow} from "../src/CreditEscrow.sol";
import {LedgerState} from "../src/LedgerState.sol";
import {IDebitLedger} from "../src/interfaces/IDebitLedger.sol";
import {Committed, CrawlerProof, SignerGrant} from "../src/lib/Types.sol";
import {Wire} from "../src/lib/Wire.sol";
import {LedgerTest} from "./base/LedgerTest.sol";

/// @dev A wallet that accepts everything, or first calls the escrow that is being paid.
contract CallsBack {
    CreditEscrow private immutable escrow;
    bool private quiet;

    constructor(CreditEscrow escrow_) {
        escrow = escrow_;
    }

    function answer(bool quiet_) external {
        quiet = quiet_;
    }

    function isValidSignature(bytes32, bytes memory) external returns (bytes4) {
        // It has been credited by now, so that nothing but the STATICCALL is in the way.
        if (!quiet) escrow.requestThaw(1);
        return IERC1271.isValidSignature.selector;
    }
}

contract CreditEscrowTest is LedgerTest {
    uint256 internal constant BEFORE = 2_000_000_000;
    uint128 internal constant START = 500_000;
    Account internal session;
    CrawlerProof[] internal none;

    function setUp() public override {
        super.setUp();
        session = makeAccount("session");
        give(crawler.addr, 1_000_000);
    }

    // ---- accounts as of a time

    function test_accountAt_shouldTellEachSecond() public {
        uint64 start = uint64(block.timestamp);
        address who = makeAddress("fresh");
        _expectAccountAt(who, start, 0);
        for (uint64 i = 1; i < 12; ++i) {
            skip(3);
            // Twice in one second: only what it ends with counts.
            deposit(who, i);
            deposit(who, 100);
        }
        uint128 total = 0;
        _expectAccountAt(who, start, 0);
        for (uint64 i = 1; i < 12; ++i) {
            uint64 at = start + 3 * i;
            _expectAccountAt(who, at - 1, total);
            total += i + 100;
            _expectAccountAt(who, at, total);
            _expectAccountAt(who, at + 1, total);
        }
        _expectAccountAt(who, type(uint64).max, total);
    }

    function test_accountAt_shouldKnowWithdrawals() public {
        uint64 before = uint64(block.timestamp);
        vm.prank(crawler.addr);
        escrow.requestThaw(1_000);
        skip(THAW + FALLBACK);
        vm.prank(crawler.addr);
        escrow.withdraw(other, none);
        (uint128 deposited, uint128 withdrawn) = escrow.accountAt(crawler.addr, uint64(block.timestamp));
        assertEq(deposited, START);
        assertEq(withdrawn, 1_000);
        (deposited, withdrawn) = escrow.accountAt(crawler.addr, uint64(block.timestamp) - 1);
        assertEq(deposited, START);
        assertEq(withdrawn, 0);
        (deposited, withdrawn) = escrow.accountAt(crawler.addr, before - 1);
        assertEq(deposited, 0);
        (deposited, withdrawn) = escrow.accounts(crawler.addr);
        assertEq(withdrawn, 1_000);
    }

    function testFuzz_accountAt_shouldEqualASimpleHistory(uint256 seed) public {
        address who = makeAddress("fresh");
        uint256 count = bound(seed, 0, 20);
        uint64[] memory times = new uint64[](count);
        uint128[] memory totals = new uint128[](count);
        uint64 start = uint64(block.timestamp);
        uint128 total = 0;
        for (uint256 i = 0; i < count; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            skip(random % 4);
            uint128 amount = uint128(1 + (random >> 8) % 1_000);
            deposit(who, amount);
            total += amount;
            (times[i], totals[i]) = (uint64(block.timestamp), total);
        }
        for (uint64 at = start - 1; at <= block.timestamp + 1; ++at) {
            uint128 expected = 0;
            for (uint256 i = 0; i < count; ++i) {
                if (times[i] <= at) expected = totals[i];
            }
            _expectAccountAt(who, at, expected);
        }
    }

    function _expectAccountAt(address who, uint64 at, uint128 expected) private view {
        (uint128 deposited, uint128 withdrawn) = escrow.accountAt(who, at);
        assertEq(deposited, expected);
        assertEq(withdrawn, 0);
    }

    // ---- deposits

    function test_deposit_shouldCreditTheNamedCrawler() public {
        vm.startPrank(crawler.addr);
        usdc.approve(address(escrow), 700);
        vm.expectEmit(address(escrow));
        emit CreditEscrow.Deposited(crawlerB.addr, crawler.addr, 700);
        escrow.deposit(crawlerB.addr, 700);
        vm.stopPrank();
        (uint128 deposited, uint128 withdrawn) = escrow.accounts(crawlerB.addr);
        assertEq(deposited, START + 700);
        assertEq(withdrawn, 0);
        assertEq(_pooled(), 2 * START + 700);
        assertEq(escrow.netDeposits(), 2 * START + 700);
        assertTrue(escrow.solvent());
    }

    function test_deposit_refused() public {
        vm.expectRevert(CreditEscrow.ZeroAddress.selector);
        escrow.deposit(address(0), 1);
        vm.expectRevert(CreditEscrow.ZeroAmount.selector);
        escrow.deposit(other, 0);
        vm.prank(admin);
        escrow.pause();
        vm.expectRevert(Pausable.EnforcedPause.selector);
        escrow.deposit(other, 1);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        escrow.depositWithPermit(other, 1, 1, 27, 0, 0);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        escrow.depositWithAuthorization(other, 1, 0, 1, 0, "");
        vm.expectRevert(Pausable.EnforcedPause.selector);
        escrow.depositWithAuthorization(other, 1, 0, 1, 0, 27, 0, 0);
        vm.prank(admin);
        escrow.unpause();
        vm.expectRevert();
        escrow.deposit(other, 1);
    }

    function test_pause_shouldChangeOnlyItself() public {
        uint256 before = _pooled();
        vm.startPrank(admin);
        vm.expectRevert(Pausable.ExpectedPause.selector);
        escrow.unpause();
        vm.expectEmit(address(escrow));
        emit CreditEscrow.Paused(admin);
        escrow.pause();
        assertTrue(escrow.paused());
        assertEq(_pooled(), before);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        escrow.pause();
        vm.expectEmit(address(escrow));
        emit CreditEscrow.Unpaused(admin);
        escrow.unpause();
        vm.stopPrank();
        assertFalse(escrow.paused());
        assertEq(_pooled(), before);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, other));
        vm.prank(other);
        escrow.pause();
    }

    function test_depositWithPermit_shouldNeedNoApproval() public {
        (bytes32 r, bytes32 s, uint8 v) = split(_permit(900));
        vm.prank(crawler.addr);
        escrow.depositWithPermit(crawler.addr, 900, BEFORE, v, r, s);
        assertEq(_deposited(), START + 900);
    }

    function test_depositWithPermit_frontRun_shouldStillDeposit() public {
        bytes memory signature = _permit(900);
        (bytes32 r, bytes32 s, uint8 v) = split(signature);
        vm.prank(other);
        usdc.permit(crawler.addr, address(escrow), 900, BEFORE, signature);
        vm.prank(crawler.addr);
        escrow.depositWithPermit(crawler.addr, 900, BEFORE, v, r, s);
        assertEq(_deposited(), START + 900);
    }

    function test_depositWithPermit_ofAnother_shouldRevert() public {
        (bytes32 r, bytes32 s, uint8 v) = split(_permit(900));
        vm.expectRevert();
        vm.prank(other);
        escrow.depositWithPermit(other, 900, BEFORE, v, r, s);
    }

    function test_depositWithAuthorization_bothForms_shouldCreditTheSigner() public {
        bytes32 nonce = keccak256("a");
        vm.expectEmit(address(escrow));
        emit CreditEscrow.Deposited(crawler.addr, crawler.addr, 800);
        vm.prank(other);
        escrow.depositWithAuthorization(crawler.addr, 800, 0, BEFORE, nonce, _authorize(800, nonce));
        nonce = keccak256("b");
        (bytes32 r, bytes32 s, uint8 v) = split(_authorize(80, nonce));
        escrow.depositWithAuthorization(crawler.addr, 80, 0, BEFORE, nonce, v, r, s);
        assertEq(_deposited(), START + 880);
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.AuthorizationAlreadyUsed.selector, crawler.addr, nonce));
        escrow.depositWithAuthorization(crawler.addr, 80, 0, BEFORE, nonce, v, r, s);
    }

    function test_depositWithAuthorization_frontRun_shouldLoseNothing() public {
        bytes32 nonce = keccak256("a");
        bytes memory signature = _authorize(800, nonce);
        vm.expectRevert("FiatTokenV2: caller must be the payee");
        usdc.receiveWithAuthorization(crawler.addr, address(escrow), 800, 0, BEFORE, nonce, signature);
        vm.prank(other);
        escrow.depositWithAuthorization(crawler.addr, 800, 0, BEFORE, nonce, signature);
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.AuthorizationAlreadyUsed.selector, crawler.addr, nonce));
        escrow.depositWithAuthorization(crawler.addr, 800, 0, BEFORE, nonce, signature);
        assertEq(_deposited(), START + 800);
    }

    /// @dev USDC asks a wallet by STATICCALL, so that what it calls back can change nothing.
    function test_depositWithAuthorization_ofAWalletThatCallsBack_shouldFail() public {
        CallsBack wallet = new CallsBack(escrow);
        give(address(wallet), 800);
        wallet.answer(false);
        vm.expectRevert();
        escrow.depositWithAuthorization(address(wallet), 800, 0, BEFORE, keccak256("a"), "");
        wallet.answer(true);
        escrow.depositWithAuthorization(address(wallet), 800, 0, BEFORE, keccak256("a"), "");
        (uint128 deposited,) = escrow.accounts(address(wallet));
        assertEq(deposited, 800);
    }

    function test_depositWithAuthorization_forAnotherCrawler_shouldRevert() public {
        bytes memory signature = _authorize(800, 0);
        vm.expectRevert("FiatTokenV2: invalid signature");
        escrow.depositWithAuthorization(other, 800, 0, BEFORE, 0, signature);
    }

    // ---- thaw and withdraw

    function test_thaw_shouldBeReplacedAndCancelled() public {
        vm.startPrank(crawler.addr);
        vm.expectRevert(CreditEscrow.ZeroAmount.selector);
        escrow.requestThaw(0);
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.ThawTooLarge.selector, START + 1, START));
        escrow.requestThaw(START + 1);
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.NoThaw.selector, crawler.addr));
        escrow.cancelThaw();
        vm.expectEmit(address(escrow));
        emit CreditEscrow.ThawStarted(crawler.addr, 100, uint64(block.timestamp) + THAW);
        escrow.requestThaw(100);
        skip(3);
        vm.expectEmit(address(escrow));
        emit CreditEscrow.ThawStarted(crawler.addr, 50, uint64(block.timestamp) + THAW);
        escrow.requestThaw(50);
        (uint128 amount, uint64 requestedAt, uint64 endsAt) = escrow.thaws(crawler.addr);
        assertEq(amount, 50);
        assertEq(requestedAt, block.timestamp);
        assertEq(endsAt, block.timestamp + THAW);
        vm.expectEmit(address(escrow));
        emit CreditEscrow.ThawCancelled(crawler.addr);
        escrow.cancelThaw();
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.NoThaw.selector, crawler.addr));
        escrow.withdraw(crawler.addr, none);
        vm.stopPrank();
    }

    function test_withdraw_shouldPayWhatIsNotBilled() public {
        use(crawler.addr, idA, 1, 120_000);
        use(crawlerB.addr, idA, 1, 5_000);
        vm.prank(crawler.addr);
        escrow.requestThaw(START);
        skip(THAW / 2 + 1);
        Committed memory c = postNext();
        skip(THAW / 2 - 2);
        CrawlerProof[] memory proofs = debitProof(crawler.addr);
        bytes memory early = abi.encodeWithSelector(CreditEscrow.StillThawing.selector, uint64(block.timestamp) + 1);
        vm.expectRevert(early);
        vm.prank(crawler.addr);
        escrow.withdraw(other, proofs);
        skip(2);
        ledger.finalise(c);
        vm.expectEmit(address(escrow));
        emit CreditEscrow.CreditWithdrawn(crawler.addr, other, START - 120_000, START - 120_000);
        vm.prank(crawler.addr);
        assertEq(escrow.withdraw(other, proofs), START - 120_000);
        assertEq(usdc.balanceOf(other), START - 120_000);
        (, uint256 withdrawn,) = escrow.sums();
        assertEq(withdrawn, START - 120_000);
        assertTrue(escrow.solvent());
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.NoThaw.selector, crawler.addr));
        vm.prank(crawler.addr);
        escrow.withdraw(other, proofs);
    }

    function test_withdraw_shouldPayNoMoreThanWasThawed() public {
        use(crawler.addr, idA, 1, 120_000);
        _thawAndFinalise(300);
        CrawlerProof[] memory proofs = debitProof(crawler.addr);
        vm.prank(crawler.addr);
        assertEq(escrow.withdraw(crawler.addr, proofs), 300);
    }

    function test_withdraw_allBilled_shouldRevert() public {
        use(crawler.addr, idA, 1, START);
        _thawAndFinalise(300);
        CrawlerProof[] memory proofs = debitProof(crawler.addr);
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.NothingToWithdraw.selector, crawler.addr));
        vm.prank(crawler.addr);
        escrow.withdraw(crawler.addr, proofs);
    }

    function test_withdraw_onAnOldHeader_shouldWaitForTheFallback() public {
        use(crawler.addr, idA, 1, 100);
        Committed memory c = finaliseNext();
        CrawlerProof[] memory proofs = debitProof(crawler.addr);
        vm.prank(crawler.addr);
        escrow.requestThaw(START);
        uint64 requestedAt = uint64(block.timestamp);
        skip(THAW);
        bytes memory reason =
            abi.encodeWithSelector(CreditEscrow.NoFinalisedHeaderYet.selector, requestedAt + THAW / 2, c.body.closedAt);
        vm.expectRevert(reason);
        vm.prank(crawler.addr);
        escrow.withdraw(crawler.addr, proofs);
        vm.warp(requestedAt + FALLBACK - 1);
        vm.expectRevert(reason);
        vm.prank(crawler.addr);
        escrow.withdraw(crawler.addr, proofs);
        skip(1);
        vm.prank(crawler.addr);
        assertEq(escrow.withdraw(crawler.addr, proofs), START - 100);
    }

    function test_withdraw_noHeaderEver_shouldFallBackToo() public {
        vm.prank(crawler.addr);
        escrow.requestThaw(START);
        skip(FALLBACK - 1);
        vm.expectRevert();
        vm.prank(crawler.addr);
        escrow.withdraw(crawler.addr, none);
        skip(1);
        vm.prank(crawler.addr);
        assertEq(escrow.withdraw(crawler.addr, none), START);
    }

    function test_withdraw_headerClosedInTheFirstHalf_shouldNotCount() public {
        vm.prank(crawler.addr);
        escrow.requestThaw(START);
        skip(THAW / 2);
        finaliseNext();
        skip(THAW);
        vm.expectRevert();
        vm.prank(crawler.addr);
        escrow.withdraw(crawler.addr, none);
    }

    function test_withdraw_neverBilled_shouldProveAbsence() public {
        Account[6] memory all = _sortedCrawlers();
        for (uint256 i = 1; i < 5; ++i) {
            if (i != 3) use(all[i].addr, idA, 1, 10);
        }
        for (uint256 i = 0; i < 6; ++i) {
            deposit(all[i].addr, 1_000);
        }
        for (uint256 i = 0; i < 6; ++i) {
            vm.prank(all[i].addr);
            escrow.requestThaw(1_000);
        }
        skip(THAW / 2 + 1);
        finaliseNext();
        skip(THAW);
        CrawlerProof memory first = crawlerProof(0);
        CrawlerProof memory second = crawlerProof(1);
        CrawlerProof memory last = crawlerProof(2);
        // all[0] lies before the first leaf, all[5] behind the last, all[3] between the second and the last.
        assertEq(_withdraw(all[0].addr, _proofs(first)), 1_000);
        assertEq(_withdraw(all[5].addr, _proofs(last)), 1_000);
        _expectBadProof(all[3].addr, none);
        _expectBadProof(all[3].addr, _proofs(first));
        _expectBadProof(all[3].addr, _proofs(last));
        _expectBadProof(all[3].addr, _proofs(first, last));
        _expectBadProof(all[3].addr, _proofs(first, second));
        _expectBadProof(all[3].addr, _proofs(last, second));
        assertEq(_withdraw(all[3].addr, _proofs(second, last)), 1_000);
        // A billed crawler cannot hide behind its neighbours, nor be one of them.
        _expectBadProof(all[2].addr, _proofs(second, last));
        _expectBadProof(all[2].addr, _proofs(first, second));
        _expectBadProof(all[2].addr, _proofs(first, last));
        _expectBadProof(all[2].addr, _proofs(first));
        second.leaf.cumulative -= 1;
        _expectBadProof(all[2].addr, _proofs(second));
        second.leaf.cumulative += 1;
        assertEq(_withdraw(all[2].addr, _proofs(second)), 990);
    }

    function test_withdraw_whilePaused_shouldWork() public {
        use(crawler.addr, idA, 1, 10);
        _thawAndFinalise(300);
        vm.prank(admin);
        escrow.pause();
        CrawlerProof[] memory proofs = debitProof(crawler.addr);
        vm.prank(crawler.addr);
        escrow.withdraw(crawler.addr, proofs);
    }

    function test_billAfterAllWasWithdrawn_shouldNotEatIntoOthers() public {
        _thawAndFinalise(START);
        vm.prank(crawler.addr);
        escrow.withdraw(crawler.addr, none);
        use(crawlerB.addr, idA, 1, START + 1);
        Committed memory c = nextEpoch();
        bytes memory signatures = quorum(c.header, 3);
        vm.expectRevert();
        ledger.post(c.header, c.body, 3, signatures);
        assertTrue(escrow.solvent());
    }

    // ---- signers

    function test_registerSigner_shouldNeedItsOwnConsent() public {
        uint64 expiry = uint64(block.timestamp) + 1_000;
        bytes memory grant = _grant(session, crawler.addr, expiry);
        vm.expectEmit(address(escrow));
        emit CreditEscrow.SignerRegistered(crawler.addr, session.addr, uint64(block.timestamp), expiry);
        vm.prank(crawler.addr);
        escrow.registerSigner(session.addr, expiry, grant);
        uint64 t = uint64(block.timestamp);
        assertTrue(escrow.isSignerAt(crawler.addr, session.addr, t));
        assertTrue(escrow.isSignerAt(crawler.addr, crawler.addr, 0));
        assertFalse(escrow.isSignerAt(crawler.addr, session.addr, t - 1));
        assertFalse(escrow.isSignerAt(crawler.addr, session.addr, expiry));
        assertFalse(escrow.isSignerAt(crawlerB.addr, session.addr, t));
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.SignerKnown.selector, crawler.addr, session.addr));
        vm.prank(crawler.addr);
        escrow.registerSigner(session.addr, expiry, grant);
    }

    function test_registerSigner_refused() public {
        uint64 expiry = uint64(block.timestamp) + 1_000;
        bytes memory grant = _grant(session, crawler.addr, expiry);
        bytes memory bad = abi.encodeWithSelector(CreditEscrow.BadSignerGrant.selector, session.addr);
        vm.expectRevert(bad);
        vm.prank(crawlerB.addr);
        escrow.registerSigner(session.addr, expiry, grant);
        vm.startPrank(crawler.addr);
        vm.expectRevert(bad);
        escrow.registerSigner(session.addr, expiry + 1, grant);
        vm.expectRevert(bad);
        escrow.registerSigner(session.addr, expiry, flip(grant));
        vm.expectRevert(bad);
        escrow.registerSigner(session.addr, expiry, "");
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.BadSignerGrant.selector, address(0)));
        escrow.registerSigner(address(0), expiry, "");
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.GrantExpired.selector, block.timestamp));
        escrow.registerSigner(session.addr, uint64(block.timestamp), grant);
        vm.stopPrank();
    }

    function test_revokeSigner_shouldTakeEffectAfterTheDelay() public {
        uint64 expiry = uint64(block.timestamp) + 1_000;
        bytes memory grant = _grant(session, crawler.addr, expiry);
        vm.startPrank(crawler.addr);
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.SignerUnknown.selector, crawler.addr, session.addr));
        escrow.revokeSigner(session.addr);
        escrow.registerSigner(session.addr, expiry, grant);
        uint64 revokedAt = uint64(block.timestamp) + REVOKE_DELAY;
        vm.expectEmit(address(escrow));
        emit CreditEscrow.SignerRevoked(crawler.addr, session.addr, revokedAt);
        escrow.revokeSigner(session.addr);
        assertTrue(escrow.isSignerAt(crawler.addr, session.addr, revokedAt - 1));
        assertFalse(escrow.isSignerAt(crawler.addr, session.addr, revokedAt));
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.SignerAlreadyRevoked.selector, crawler.addr, session.addr));
        escrow.revokeSigner(session.addr);
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.SignerKnown.selector, crawler.addr, session.addr));
        escrow.registerSigner(session.addr, expiry, grant);
        vm.stopPrank();
    }

    // ---- wiring

    function test_payClaim_byAnyoneButTheLedger_shouldRevert() public {
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.NotLedger.selector, admin));
        vm.prank(admin);
        escrow.payClaim(idA, admin, 1);
        vm.expectRevert(abi.encodeWithSelector(CreditEscrow.Insolvent.selector, 2 * START, 2 * START + 1));
        vm.prank(address(ledger));
        escrow.payClaim(idA, admin, 2 * START + 1);
    }

    function test_setLedger_shouldBeDoneOnceByTheAdmin() public {
        vm.expectRevert(CreditEscrow.AlreadySet.selector);
        vm.prank(admin);
        escrow.setLedger(IDebitLedger(other));
        CreditEscrow fresh = new CreditEscrow(admin, usdc, 1, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, other));
        vm.prank(other);
        fresh.setLedger(IDebitLedger(other));
        vm.expectRevert(CreditEscrow.ZeroAddress.selector);
        vm.prank(admin);
        fresh.setLedger(IDebitLedger(address(0)));
        vm.startPrank(other);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, other));
        escrow.pause();
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, other));
        escrow.unpause();
        vm.stopPrank();
    }

    // ---- helpers

    function _deposited() private view returns (uint128 deposited) {
        (deposited,) = escrow.accounts(crawler.addr);
    }

    function _permit(uint256 amount) private view returns (bytes memory) {
        return sign(crawler, permitDigest(crawler.addr, address(escrow), amount, BEFORE));
    }

    function _authorize(uint256 amount, bytes32 nonce) private view returns (bytes memory) {
        return sign(crawler, receiveDigest(crawler.addr, address(escrow), amount, BEFORE, nonce));
    }

    function _grant(Account memory signer, address who, uint64 expiry) private view returns (bytes memory) {
        bytes32 structHash = keccak256(abi.encode(Wire.SIGNER_GRANT_TYPEHASH, SignerGrant(who, signer.addr, expiry)));
        return sign(signer, keccak256(abi.encodePacked("\x19\x01", escrow.domainSeparator(), structHash)));
    }

    function _thawAndFinalise(uint128 amount) private {
        vm.prank(crawler.addr);
        escrow.requestThaw(amount);
        skip(THAW / 2 + 1);
        finaliseNext();
        skip(THAW);
    }

    function _withdraw(address who, CrawlerProof[] memory proofs) private returns (uint128) {
        vm.prank(who);
        return escrow.withdraw(who, proofs);
    }

    function _expectBadProof(address who, CrawlerProof[] memory proofs) private {
        vm.expectRevert(LedgerState.BadProof.selector);
        vm.prank(who);
        escrow.withdraw(who, proofs);
    }

    function _proofs(CrawlerProof memory a) private pure returns (CrawlerProof[] memory proofs) {
        proofs = new CrawlerProof[](1);
        proofs[0] = a;
    }

    function _proofs(CrawlerProof memory a, CrawlerProof memory b) private pure returns (CrawlerProof[] memory proofs) {
        proofs = new CrawlerProof[](2);
        (proofs[0], proofs[1]) = (a, b);
    }

    function _sortedCrawlers() private returns (Account[6] memory all) {
        for (uint256 i = 0; i < 6; ++i) {
            all[i] = makeAccount(vm.toString(i));
        }
        for (uint256 i = 0; i < 6; ++i) {
            for (uint256 j = i + 1; j < 6; ++j) {
                if (all[j].addr < all[i].addr) (all[i], all[j]) = (all[j], all[i]);
            }
        }
    }

    function _pooled() private view returns (uint256 deposited) {
        (deposited,,) = escrow.sums();
    }
}
