// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {DisputeResolver} from "../src/DisputeResolver.sol";
import {PaymentProcessor} from "../src/PaymentProcessor.sol";
import {IArbitrable} from "../src/interfaces/IArbiter.sol";
import {Payment} from "../src/lib/Types.sol";
import {UsdcOut} from "../src/lib/UsdcOut.sol";
import {PaymentTest} from "./base/PaymentTest.sol";
import {Court, CourtAdapter} from "./fixtures/Court.sol";

contract DisputeResolverTest is PaymentTest {
    bytes32 internal constant EVIDENCE = keccak256("evidence");
    string internal constant URI = "ipfs://evidence";

    // ---- open

    function test_open_shouldHoldThePayments() public {
        Payment memory a = pay(1_000, "a");
        Payment memory b = settle(2_000, "b");
        bytes32[] memory ids = new bytes32[](2);
        (ids[0], ids[1]) = (a.paymentId, b.paymentId);
        vm.expectEmit(address(processor));
        emit PaymentProcessor.PaymentHeld(a.paymentId);
        vm.expectEmit(address(processor));
        emit PaymentProcessor.PaymentHeld(b.paymentId);
        vm.expectEmit(address(resolver));
        emit DisputeResolver.DisputeOpened(
            1, id, crawler.addr, ids, 3_000, EVIDENCE, URI, uint64(block.timestamp) + ANSWER
        );
        vm.expectEmit(address(resolver));
        emit DisputeResolver.FeeStaked(1, crawler.addr, 300);
        assertEq(_open(list(a, b)), 1);
        assertEq(processor.stateOf(a.paymentId), 2);
        assertEq(processor.pendingOf(id), 0);
        assertEq(processor.lockedOf(id), 3_000);
        assertEq(processor.attributedOf(id), 3_000);
    }

    function test_open_shouldLeaveOtherPaymentsWithdrawable() public {
        uint64 bucket = bucketNow();
        Payment memory a = pay(1_000, "a");
        pay(5_000, "b");
        _open(list(a));
        vm.warp(processor.maturesAt(bucket));
        assertEq(processor.withdraw(id), 5_000);
        assertBacked();
    }

    function test_open_inAnOlderBucket_shouldHoldToo() public {
        uint64 bucket = bucketNow();
        Payment memory a = pay(1_000, "a");
        pay(2_000, "a2");
        skip(BUCKET);
        Payment memory b = pay(1_000, "b");
        _open(list(a));
        assertEq(processor.pendingOf(id), 3_000);
        skip(BUCKET);
        pay(1_000, "c");
        _open(list(b));
        vm.warp(processor.maturesAt(bucket));
        assertEq(processor.pendingOf(id), 1_000);
        assertEq(processor.withdraw(id), 2_000);
    }

    function test_open_atTheEndOfTheWindow_shouldRevert() public {
        Payment memory a = pay(1_000, "a");
        vm.warp(processor.maturesAt(bucketNow()) - 1);
        _open(list(a));
        Payment memory b = pay(1_000, "b");
        vm.warp(processor.maturesAt(bucketNow()));
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.HoldWindowOver.selector, b.paymentId));
        _open(list(b));
    }

    function test_open_refused() public {
        Payment memory a = pay(1_000, "a");
        Payment[] memory payments = new Payment[](0);
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.BadPaymentCount.selector, 0));
        _open(payments);
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.BadPaymentCount.selector, 257));
        _open(new Payment[](257));
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.NotPayer.selector, a.paymentId));
        vm.prank(other);
        resolver.open(list(a), EVIDENCE, URI);
        Payment memory changed = Payment(a.paymentId, id, crawler.addr, 1_001, a.paidAt);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.PaymentMismatch.selector, a.paymentId));
        _open(list(changed));
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.PaymentMismatch.selector, a.paymentId));
        _open(list(a, a));
    }

    function test_open_mixedPayments_shouldRevert() public {
        Payment memory a = pay(1_000, "a");
        uint256 second = mintLicense();
        vm.prank(crawler.addr);
        bytes32 paymentId = processor.pay(second, 1_000, keccak256("b"));
        Payment memory b = Payment(paymentId, second, crawler.addr, 1_000, uint64(block.timestamp));
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.PaymentsMixed.selector, paymentId));
        _open(list(a, b));
        b.licenseId = id;
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.PaymentMismatch.selector, paymentId));
        _open(list(a, b));
    }

    function test_open_256Payments_shouldResolve() public {
        Payment[] memory payments = new Payment[](256);
        for (uint256 i = 0; i < 256; ++i) {
            payments[i] = pay(10, vm.toString(i));
        }
        uint256 before = usdc.balanceOf(crawler.addr);
        uint256 disputeId = _open(payments);
        assertEq(usdc.balanceOf(address(resolver)), 256);
        vm.prank(publisher);
        resolver.accept(disputeId, payments);
        assertEq(usdc.balanceOf(crawler.addr), before + 2_560);
    }

    // ---- outcomes

    function test_accept_shouldRefund() public {
        Payment memory a = pay(1_000, "a");
        uint256 before = usdc.balanceOf(crawler.addr);
        uint256 disputeId = _open(list(a));
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.NotPublisher.selector, other));
        vm.prank(other);
        resolver.accept(disputeId, list(a));
        vm.expectEmit(address(processor));
        emit PaymentProcessor.PaymentRefunded(a.paymentId, crawler.addr, 1_000);
        _expectResolved(disputeId, 1, 1);
        vm.prank(publisher);
        resolver.accept(disputeId, list(a));
        assertEq(usdc.balanceOf(crawler.addr), before + 1_000);
        assertEq(processor.stateOf(a.paymentId), 4);
        assertEq(processor.attributedOf(id), 0);
        bytes memory reason =
            abi.encodeWithSelector(DisputeResolver.WrongState.selector, disputeId, DisputeResolver.State.Resolved);
        vm.expectRevert(reason);
        vm.prank(publisher);
        resolver.accept(disputeId, list(a));
        vm.expectRevert(reason);
        resolver.resolve(disputeId, list(a));
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.PaymentMismatch.selector, a.paymentId));
        _open(list(a));
    }

    function test_publisherSilent_shouldRefund() public {
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _open(list(a));
        uint64 answerBy = uint64(block.timestamp) + ANSWER;
        vm.warp(answerBy);
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.TooEarly.selector, answerBy));
        resolver.resolve(disputeId, list(a));
        vm.warp(answerBy + 1);
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.TooLate.selector, answerBy));
        vm.prank(publisher);
        resolver.answer(disputeId, EVIDENCE, URI);
        _expectResolved(disputeId, 1, 2);
        resolver.resolve(disputeId, list(a));
        assertEq(usdc.balanceOf(vault), 0);
    }

    function test_crawlerSilent_shouldReleaseToThePublisher() public {
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _answered(list(a));
        uint64 escalateBy = uint64(block.timestamp) + ESCALATE;
        vm.warp(escalateBy + 1);
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.TooLate.selector, escalateBy));
        vm.prank(crawler.addr);
        resolver.escalate(disputeId);
        vm.expectEmit(address(processor));
        emit PaymentProcessor.PaymentReleased(a.paymentId);
        _expectResolved(disputeId, 2, 3);
        resolver.resolve(disputeId, list(a));
        assertEq(processor.stateOf(a.paymentId), 3);
        assertEq(processor.withdraw(id), 1_000);
        assertEq(usdc.balanceOf(payout), 990 + 100);
    }

    function test_released_shouldNotBeDisputedAgain() public {
        DisputeResolver quick = new DisputeResolver(admin, processor, license, arbiter, 1, 1, 1);
        vm.store(address(processor), _resolverSlot(), bytes32(uint256(uint160(address(quick)))));
        Payment memory a = pay(1_000, "a");
        vm.prank(crawler.addr);
        usdc.approve(address(quick), 100);
        vm.prank(publisher);
        usdc.approve(address(quick), 100);
        vm.prank(crawler.addr);
        quick.open(list(a), EVIDENCE, URI);
        vm.prank(publisher);
        quick.answer(1, EVIDENCE, URI);
        skip(2);
        quick.resolve(1, list(a));
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.PaymentMismatch.selector, a.paymentId));
        vm.prank(crawler.addr);
        quick.open(list(a), EVIDENCE, URI);
        pay(500, "b");
        assertBacked();
    }

    function test_arbiterSilent_shouldRefund() public {
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _escalated(list(a));
        uint64 ruleBy = uint64(block.timestamp) + RULE;
        vm.warp(ruleBy + 1);
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.TooLate.selector, ruleBy));
        vm.prank(arbiter);
        resolver.rule(disputeId, 2);
        _expectResolved(disputeId, 1, 5);
        resolver.resolve(disputeId, list(a));
    }

    function test_rule_shouldDecide() public {
        uint8[3] memory outcomes = [1, 1, 2];
        uint8[3] memory causes = [5, 4, 4];
        for (uint256 ruling = 0; ruling < 3; ++ruling) {
            Payment memory a = pay(1_000, vm.toString(ruling));
            uint256 disputeId = _escalated(list(a));
            vm.expectRevert(abi.encodeWithSelector(DisputeResolver.NotArbiter.selector, admin));
            vm.prank(admin);
            resolver.rule(disputeId, ruling);
            vm.startPrank(arbiter);
            vm.expectRevert(abi.encodeWithSelector(DisputeResolver.UnknownRuling.selector, 3));
            resolver.rule(disputeId, 3);
            vm.expectEmit(address(resolver));
            emit IArbitrable.Ruling(arbiter, disputeId, ruling);
            resolver.rule(disputeId, ruling);
            vm.stopPrank();
            _expectResolved(disputeId, outcomes[ruling], causes[ruling]);
            resolver.resolve(disputeId, list(a));
        }
        assertEq(processor.attributedOf(id), 1_000);
        assertBacked();
    }

    function test_ruled_shouldBindThePublisherToo() public {
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _escalated(list(a));
        vm.prank(arbiter);
        resolver.rule(disputeId, 2);
        vm.expectRevert(
            abi.encodeWithSelector(DisputeResolver.WrongState.selector, disputeId, DisputeResolver.State.Ruled)
        );
        vm.prank(publisher);
        resolver.accept(disputeId, list(a));
    }

    function test_setArbiter_shouldKeepOpenDisputes() public {
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _open(list(a));
        vm.expectEmit(address(resolver));
        emit DisputeResolver.ArbiterSet(other);
        vm.prank(admin);
        resolver.setArbiter(other);
        vm.prank(publisher);
        resolver.answer(disputeId, EVIDENCE, URI);
        vm.prank(crawler.addr);
        resolver.escalate(disputeId);
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.NotArbiter.selector, other));
        vm.prank(other);
        resolver.rule(disputeId, 1);
        vm.prank(arbiter);
        resolver.rule(disputeId, 1);
    }

    // ---- fees

    function test_fee_shouldBeATenthRoundedUp() public view {
        assertEq(resolver.feeFor(1), 1);
        assertEq(resolver.feeFor(10), 1);
        assertEq(resolver.feeFor(11), 2);
        assertEq(resolver.feeFor(type(uint48).max), 28_147_497_671_066);
    }

    function test_fees_accepted_shouldReturn() public {
        int256[4] memory before = _balances();
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _open(list(a));
        vm.prank(publisher);
        resolver.accept(disputeId, list(a));
        _assertChanged(before, 0, 0, 0, 0);
    }

    function test_fees_acceptedAfterAnAnswer_shouldReturn() public {
        int256[4] memory before = _balances();
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _escalated(list(a));
        vm.prank(publisher);
        resolver.accept(disputeId, list(a));
        _assertChanged(before, 0, 0, 0, 0);
    }

    function test_fees_publisherSilent_shouldReturn() public {
        int256[4] memory before = _balances();
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _open(list(a));
        vm.expectEmit(address(resolver));
        emit DisputeResolver.FeePaid(disputeId, crawler.addr, 100);
        _end(disputeId, list(a));
        _assertChanged(before, 0, 0, 0, 0);
    }

    function test_fees_crawlerSilentAfterAnAnswer_shouldGoToThePayout() public {
        int256[4] memory before = _balances();
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _answered(list(a));
        _end(disputeId, list(a));
        _assertChanged(before, -1_100, 0, 100, 0);
        assertEq(processor.withdrawableOf(id), 1_000);
    }

    function test_fees_arbiterSilent_shouldBothReturn() public {
        int256[4] memory before = _balances();
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _escalated(list(a));
        _end(disputeId, list(a));
        _assertChanged(before, 0, 0, 0, 0);
    }

    function test_fees_ruled_shouldTakeTheLosers() public {
        int256[4][3] memory changes = [[int256(0), 0, 0, 0], [int256(0), -100, 0, 100], [int256(-1_100), 0, 0, 100]];
        for (uint256 ruling = 0; ruling < 3; ++ruling) {
            int256[4] memory before = _balances();
            Payment memory a = pay(1_000, vm.toString(ruling));
            uint256 disputeId = _escalated(list(a));
            vm.prank(arbiter);
            resolver.rule(disputeId, ruling);
            resolver.resolve(disputeId, list(a));
            _assertChanged(before, changes[ruling][0], changes[ruling][1], changes[ruling][2], changes[ruling][3]);
        }
    }

    function test_fees_notAllowed_shouldRevert() public {
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _open(list(a));
        vm.prank(publisher);
        usdc.approve(address(resolver), 99);
        vm.expectRevert("ERC20: transfer amount exceeds allowance");
        vm.prank(publisher);
        resolver.answer(disputeId, EVIDENCE, URI);
        vm.prank(crawler.addr);
        usdc.approve(address(resolver), 0);
        a = pay(1_000, "b");
        vm.expectRevert("ERC20: transfer amount exceeds allowance");
        _open(list(a));
        assertEq(processor.stateOf(a.paymentId), 1);
    }

    function test_fees_ofABlacklistedPublisher_shouldWaitForIt() public {
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _escalated(list(a));
        blacklist(publisher);
        uint256 before = usdc.balanceOf(crawler.addr);
        _end(disputeId, list(a));
        assertEq(usdc.balanceOf(crawler.addr), before + 1_100);
        assertEq(resolver.feesOwed(publisher), 100);
        vm.expectRevert();
        resolver.sendOwedFees(publisher);
        vm.prank(usdcOwner);
        token.unBlacklist(publisher);
        vm.expectEmit(address(resolver));
        emit DisputeResolver.OwedFeesSent(publisher, 100);
        resolver.sendOwedFees(publisher);
        assertEq(usdc.balanceOf(address(resolver)), 0);
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.NothingOwed.selector, publisher));
        resolver.sendOwedFees(publisher);
    }

    function test_resolve_whileUsdcIsPaused_shouldEndAndOweAll() public {
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _open(list(a));
        vm.prank(usdcOwner);
        token.pause();
        _end(disputeId, list(a));
        assertEq(processor.refundOwed(id, crawler.addr), 1_000);
        assertEq(resolver.feesOwed(crawler.addr), 100);
        vm.prank(usdcOwner);
        token.unpause();
        processor.sendOwedRefund(id, crawler.addr);
        resolver.sendOwedFees(crawler.addr);
        assertEq(processor.attributedOf(id), 0);
        assertEq(usdc.balanceOf(address(resolver)), 0);
    }

    function test_resolve_withTooLittleGas_shouldRevert() public {
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _open(list(a));
        skip(ANSWER + 1);
        vm.expectRevert(UsdcOut.TooLittleGas.selector);
        resolver.resolve{gas: 90_000}(disputeId, list(a));
        resolver.resolve(disputeId, list(a));
        assertEq(processor.refundOwed(id, crawler.addr) + resolver.feesOwed(crawler.addr), 0);
    }

    function test_resolve_whileSuspendedAndPaused_shouldRefund() public {
        Payment memory a = pay(1_000, "a");
        uint256 before = usdc.balanceOf(crawler.addr);
        uint256 disputeId = _open(list(a));
        vm.prank(arbiter);
        resolver.suspendLicense(id);
        vm.prank(publisher);
        license.deactivate(id);
        vm.prank(admin);
        processor.pause();
        _end(disputeId, list(a));
        assertEq(usdc.balanceOf(crawler.addr), before + 1_000);
    }

    // ---- a court as the arbiter

    function test_court_shouldRuleThroughAnAdapter() public {
        Court court = new Court(other);
        CourtAdapter adapter = new CourtAdapter(court, resolver);
        vm.prank(admin);
        resolver.setArbiter(address(adapter));
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _escalated(list(a));
        uint256 courtId = adapter.bring{value: court.arbitrationCost("")}(disputeId);
        vm.prank(other);
        court.decide(courtId, 2);
        _expectResolved(disputeId, 2, 4);
        resolver.resolve(disputeId, list(a));
        assertEq(usdc.balanceOf(address(adapter)), 100);
    }

    // ---- who may do what, and when

    function test_answer_shouldTellTheNextDeadline() public {
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _open(list(a));
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.NotPublisher.selector, crawler.addr));
        vm.prank(crawler.addr);
        resolver.answer(disputeId, EVIDENCE, URI);
        vm.expectEmit(address(resolver));
        emit DisputeResolver.DisputeAnswered(disputeId, EVIDENCE, URI, uint64(block.timestamp) + ESCALATE);
        vm.prank(publisher);
        resolver.answer(disputeId, EVIDENCE, URI);
        vm.expectRevert(
            abi.encodeWithSelector(DisputeResolver.WrongState.selector, disputeId, DisputeResolver.State.Answered)
        );
        vm.prank(publisher);
        resolver.answer(disputeId, EVIDENCE, URI);
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.NotCrawler.selector, publisher));
        vm.prank(publisher);
        resolver.escalate(disputeId);
        vm.expectEmit(address(resolver));
        emit DisputeResolver.DisputeEscalated(disputeId, uint64(block.timestamp) + RULE);
        vm.prank(crawler.addr);
        resolver.escalate(disputeId);
        vm.prank(publisher);
        resolver.accept(disputeId, list(a));
    }

    function test_unknownDispute_shouldBeRefused() public {
        Payment memory a = pay(1_000, "a");
        bytes memory reason = abi.encodeWithSelector(DisputeResolver.WrongState.selector, 7, DisputeResolver.State.None);
        vm.expectRevert(reason);
        resolver.accept(7, list(a));
        vm.expectRevert(reason);
        resolver.resolve(7, list(a));
        vm.expectRevert(reason);
        resolver.answer(7, EVIDENCE, URI);
    }

    function test_resolve_withOtherPayments_shouldRevert() public {
        Payment memory a = pay(1_000, "a");
        Payment memory b = pay(2_000, "b");
        uint256 disputeId = _open(list(a));
        skip(ANSWER + 1);
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.WrongPayments.selector, disputeId));
        resolver.resolve(disputeId, list(b));
    }

    function test_refund_toABlacklistedCrawler_shouldWaitForIt() public {
        Payment memory a = pay(1_000, "a");
        uint256 disputeId = _open(list(a));
        blacklist(crawler.addr);
        skip(ANSWER + 1);
        resolver.resolve(disputeId, list(a));
        assertEq(processor.refundOwed(id, crawler.addr), 1_000);
        assertEq(processor.attributedOf(id), 1_000);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.NothingToPay.selector, id));
        processor.sweep(id);
        vm.expectRevert();
        processor.sendOwedRefund(id, crawler.addr);
        vm.prank(usdcOwner);
        token.unBlacklist(crawler.addr);
        uint256 before = usdc.balanceOf(crawler.addr);
        processor.sendOwedRefund(id, crawler.addr);
        assertEq(usdc.balanceOf(crawler.addr), before + 1_000);
        assertEq(processor.attributedOf(id), 0);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.NothingToPay.selector, id));
        processor.sendOwedRefund(id, crawler.addr);
    }

    function test_admin_refused() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, other));
        vm.prank(other);
        resolver.setArbiter(other);
        vm.expectRevert(DisputeResolver.ZeroAddress.selector);
        vm.prank(admin);
        resolver.setArbiter(address(0));
        vm.startPrank(admin);
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.NotArbiter.selector, admin));
        resolver.suspendLicense(id);
        vm.expectRevert(abi.encodeWithSelector(DisputeResolver.NotArbiter.selector, admin));
        resolver.unsuspendLicense(id);
        vm.stopPrank();
    }

    function _open(Payment[] memory payments) private returns (uint256) {
        vm.prank(crawler.addr);
        return resolver.open(payments, EVIDENCE, URI);
    }

    function _answered(Payment[] memory payments) private returns (uint256 disputeId) {
        disputeId = _open(payments);
        vm.prank(publisher);
        resolver.answer(disputeId, EVIDENCE, URI);
    }

    function _escalated(Payment[] memory payments) private returns (uint256 disputeId) {
        disputeId = _answered(payments);
        vm.prank(crawler.addr);
        resolver.escalate(disputeId);
    }

    /// @dev Waits until whoever must act has been silent.
    function _end(uint256 disputeId, Payment[] memory payments) private {
        (,, uint64 deadline,,,,,,) = resolver.disputes(disputeId);
        vm.warp(deadline + 1);
        resolver.resolve(disputeId, payments);
    }

    function _balances() private view returns (int256[4] memory balances) {
        balances[0] = int256(usdc.balanceOf(crawler.addr));
        balances[1] = int256(usdc.balanceOf(publisher));
        balances[2] = int256(usdc.balanceOf(payout));
        balances[3] = int256(usdc.balanceOf(arbiter));
    }

    function _assertChanged(
        int256[4] memory before,
        int256 ofCrawler,
        int256 ofPublisher,
        int256 ofPayout,
        int256 ofArbiter
    ) private view {
        int256[4] memory now_ = _balances();
        assertTrue(now_[0] - before[0] == ofCrawler);
        assertTrue(now_[1] - before[1] == ofPublisher);
        assertTrue(now_[2] - before[2] == ofPayout);
        assertTrue(now_[3] - before[3] == ofArbiter);
        assertEq(usdc.balanceOf(address(resolver)), 0);
    }

    function _expectResolved(uint256 disputeId, uint8 outcome, uint8 cause) private {
        vm.expectEmit(address(resolver));
        emit DisputeResolver.DisputeResolved(disputeId, outcome, cause);
    }

    /// @dev Finds where the processor keeps its resolver.
    function _resolverSlot() private view returns (bytes32) {
        for (uint256 slot = 0; slot < 10; ++slot) {
            if (address(uint160(uint256(vm.load(address(processor), bytes32(slot))))) == address(resolver)) {
                return bytes32(slot);
            }
        }
        revert("no slot holds the resolver");
    }
}
