// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {PaymentProcessor} from "../src/PaymentProcessor.sol";
import {Vault} from "../src/Vault.sol";
import {HoldBuckets} from "../src/lib/HoldBuckets.sol";
import {Payment} from "../src/lib/Types.sol";
import {UsdcOut} from "../src/lib/UsdcOut.sol";
import {Wire} from "../src/lib/Wire.sol";
import {PaymentTest} from "./base/PaymentTest.sol";

/// @notice A contract wallet that burns all the gas it is given.
contract GreedyWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        assembly ("memory-safe") {
            invalid()
        }
    }
}

contract PaymentProcessorTest is PaymentTest {
    // ---- vaults

    function test_vaultOf_shouldBeKnownBeforeItExists() public {
        bytes32 codeHash = keccak256(type(Vault).creationCode);
        assertEq(processor.vaultInitCodeHash(), codeHash);
        bytes32 salt = keccak256(abi.encode(uint256(84532), id));
        bytes32 create2 = keccak256(abi.encodePacked(bytes1(0xff), address(processor), salt, codeHash));
        assertEq(vault, address(uint160(uint256(create2))));
        assertEq(vault.code.length, 0);
        vm.expectEmit(address(processor));
        emit PaymentProcessor.VaultDeployed(id, vault);
        assertEq(processor.deployVault(id), vault);
        assertEq(vault.code, hex"fe");
        assertEq(usdc.allowance(vault, address(processor)), type(uint256).max);
        assertEq(processor.deployVault(id), vault);
        (bool ok,) = vault.call{value: 0}("");
        assertFalse(ok);
    }

    // ---- pay

    function test_pay_shouldRecordAndMoveToTheVault() public {
        bytes32 nonce = keccak256("a");
        bytes32 paymentId = Wire.paymentId(84532, address(processor), crawler.addr, nonce);
        vm.expectEmit(address(processor));
        emit PaymentProcessor.PaymentMade(paymentId, id, crawler.addr, 5_000, nonce, 1, uint64(block.timestamp));
        Payment memory payment = pay(5_000, "a");
        assertEq(payment.paymentId, paymentId);
        assertEq(usdc.balanceOf(vault), 5_000);
        assertEq(processor.attributedOf(id), 5_000);
        assertEq(processor.pendingOf(id), 5_000);
        assertEq(processor.withdrawableOf(id), 0);
        assertEq(processor.stateOf(paymentId), 1);
    }

    function test_pay_refused() public {
        pay(5_000, "a");
        bytes32 used = Wire.paymentId(84532, address(processor), crawler.addr, keccak256("a"));
        vm.startPrank(crawler.addr);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.PaymentExists.selector, used));
        processor.pay(id, 1, keccak256("a"));
        vm.expectRevert(PaymentProcessor.ZeroAmount.selector);
        processor.pay(id, 0, keccak256("b"));
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.NotPayable.selector, 99));
        processor.pay(99, 1, keccak256("b"));
        vm.stopPrank();
        vm.prank(arbiter);
        resolver.suspendLicense(id);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.NotPayable.selector, id));
        vm.prank(crawler.addr);
        processor.pay(id, 1, keccak256("b"));
    }

    // ---- authorisations

    function test_settle_packedSignature_shouldRecord() public {
        bytes32 nonce = keccak256("n");
        bytes32 paymentId = usdcPaymentId(nonce);
        vm.expectEmit(address(processor));
        emit PaymentProcessor.PaymentMade(paymentId, id, crawler.addr, 7_000, nonce, 2, uint64(block.timestamp));
        assertEq(settle(7_000, "n").paymentId, paymentId);
        assertEq(usdc.balanceOf(vault), 7_000);
        assertEq(processor.attributedOf(id), 7_000);
    }

    function test_settle_splitSignature_shouldRecord() public {
        bytes32 nonce = keccak256("n");
        (bytes32 r, bytes32 s, uint8 v) = split(authorize(7_000, nonce));
        bytes32 paymentId = processor.settleAuthorization(id, crawler.addr, 7_000, 0, BEFORE, nonce, v, r, s);
        assertEq(paymentId, usdcPaymentId(nonce));
        assertEq(processor.stateOf(paymentId), 1);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.AuthorizationAlreadyUsed.selector, crawler.addr, nonce));
        processor.settleAuthorization(id, crawler.addr, 7_000, 0, BEFORE, nonce, v, r, s);
    }

    function test_settle_frontRun_shouldRevertAndLeaveTheMoneyToSweep() public {
        bytes32 nonce = keccak256("n");
        bytes memory signature = authorize(7_000, nonce);
        usdc.transferWithAuthorization(crawler.addr, vault, 7_000, 0, BEFORE, nonce, signature);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.AuthorizationAlreadyUsed.selector, crawler.addr, nonce));
        processor.settleAuthorization(id, crawler.addr, 7_000, 0, BEFORE, nonce, signature);
        assertEq(processor.attributedOf(id), 0);
        vm.expectEmit(address(processor));
        emit PaymentProcessor.Swept(id, payout, 7_000, 70);
        processor.sweep(id);
        assertEq(usdc.balanceOf(payout), 6_930);
    }

    function test_settle_badSignature_shouldGiveTheTokensReason() public {
        bytes memory signature = flip(authorize(7_000, keccak256("n")));
        vm.expectRevert("ECRecover: invalid signature 's' value");
        processor.settleAuthorization(id, crawler.addr, 7_000, 0, BEFORE, keccak256("n"), signature);
        vm.expectRevert("FiatTokenV2: invalid signature");
        processor.settleAuthorization(id, crawler.addr, 7_001, 0, BEFORE, keccak256("n"), flip(signature));
    }

    function test_settle_ofNothing_shouldRevert() public {
        bytes memory signature = authorize(0, keccak256("n"));
        vm.expectRevert(PaymentProcessor.ZeroAmount.selector);
        processor.settleAuthorization(id, crawler.addr, 0, 0, BEFORE, keccak256("n"), signature);
    }

    function test_settle_toAnotherVault_shouldRevert() public {
        uint256 second = mintLicense();
        bytes memory signature = authorize(7_000, keccak256("n"));
        vm.expectRevert("FiatTokenV2: invalid signature");
        processor.settleAuthorization(second, crawler.addr, 7_000, 0, BEFORE, keccak256("n"), signature);
    }

    function test_settle_notPayable_shouldRevert() public {
        vm.prank(publisher);
        license.deactivate(id);
        bytes memory signature = authorize(7_000, keccak256("n"));
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.NotPayable.selector, id));
        processor.settleAuthorization(id, crawler.addr, 7_000, 0, BEFORE, keccak256("n"), signature);
    }

    function test_settle_tooMuchForABucket_shouldRevert() public {
        uint256 most = type(uint48).max;
        give(crawler.addr, most);
        pay(most - 1, "a");
        pay(1, "b");
        vm.expectRevert(HoldBuckets.BucketFull.selector);
        vm.prank(crawler.addr);
        processor.pay(id, 1, keccak256("c"));
        skip(BUCKET);
        pay(1, "d");
        assertEq(processor.attributedOf(id), most + 1);
    }

    // ---- batches of authorisations

    function test_settleAuthorizations_shouldSkipTheBadOnes() public {
        uint256 closed = mintLicense();
        vm.prank(publisher);
        license.deactivate(closed);
        PaymentProcessor.Authorization[] memory batch = new PaymentProcessor.Authorization[](7);
        batch[0] = _authorization(1_000, "a");
        batch[1] = _authorization(2_000, "b");
        batch[1].signature = flip(batch[1].signature);
        batch[2] = _authorization(1_000, "a");
        batch[3] = _authorization(0, "c");
        batch[4] = _authorization(4_000, "d");
        batch[4].licenseId = closed;
        batch[5] = _authorization(uint256(type(uint48).max) + 1, "e");
        batch[6] = _authorization(8_000, "f");
        vm.expectEmit(address(processor));
        emit PaymentProcessor.PaymentMade(
            usdcPaymentId(keccak256("f")), id, crawler.addr, 8_000, keccak256("f"), 2, uint64(block.timestamp)
        );
        bytes32[] memory ids = processor.settleAuthorizations(batch);
        assertEq(ids[0], usdcPaymentId(keccak256("a")));
        for (uint256 i = 1; i < 6; ++i) {
            assertEq(ids[i], 0);
        }
        assertEq(ids[6], usdcPaymentId(keccak256("f")));
        assertEq(processor.pendingOf(id), 9_000);
        assertEq(usdc.balanceOf(vault), 9_000);
        assertEq(processor.stateOf(usdcPaymentId(keccak256("b"))), 0);
    }

    function test_settleAuthorizations_ofAGreedyWallet_shouldSettleTheRest() public {
        GreedyWallet wallet = new GreedyWallet();
        give(address(wallet), 1_000);
        PaymentProcessor.Authorization[] memory batch = new PaymentProcessor.Authorization[](2);
        batch[0] = PaymentProcessor.Authorization(id, address(wallet), 1_000, 0, BEFORE, 0, "");
        batch[1] = _authorization(1_000, "a");
        bytes32[] memory ids = processor.settleAuthorizations{gas: 2_000_000}(batch);
        assertEq(ids[0], 0);
        assertEq(ids[1], usdcPaymentId(keccak256("a")));
    }

    function test_settleAuthorizations_refused() public {
        PaymentProcessor.Authorization[] memory batch = new PaymentProcessor.Authorization[](1);
        batch[0] = _authorization(1_000, "a");
        vm.expectRevert(UsdcOut.TooLittleGas.selector);
        processor.settleAuthorizations{gas: 190_000}(batch);
        vm.prank(admin);
        processor.pause();
        vm.expectRevert(Pausable.EnforcedPause.selector);
        processor.settleAuthorizations(batch);
    }

    // ---- what the registry tells

    function test_refresh_shouldFollowTheRegistry() public {
        vm.prank(publisher);
        license.deactivate(id);
        vm.prank(crawler.addr);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.NotPayable.selector, id));
        processor.pay(id, 1, keccak256("a"));
        processor.refresh(id);
        assertEq(processor.attributedOf(id), 0);
        vm.prank(publisher);
        license.reactivate(id);
        pay(1, "a");
        vm.prank(arbiter);
        resolver.suspendLicense(id);
        vm.prank(publisher);
        license.deactivate(id);
        vm.prank(arbiter);
        resolver.unsuspendLicense(id);
        vm.prank(crawler.addr);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.NotPayable.selector, id));
        processor.pay(id, 1, keccak256("b"));
        vm.prank(publisher);
        license.reactivate(id);
        pay(1, "b");
        assertEq(processor.attributedOf(id), 2);
    }

    function test_refresh_ofALicenceOlderThanTheProcessor_shouldOpenIt() public {
        PaymentProcessor fresh = new PaymentProcessor(admin, usdc, license, feeRecipient, 0, 1, 1, 2);
        vm.prank(crawler.addr);
        usdc.approve(address(fresh), 10);
        vm.prank(crawler.addr);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.NotPayable.selector, id));
        fresh.pay(id, 1, keccak256("a"));
        vm.prank(other);
        fresh.refresh(id);
        vm.prank(crawler.addr);
        fresh.pay(id, 1, keccak256("a"));
        assertEq(fresh.attributedOf(id), 1);
    }

    // ---- withdraw and sweep

    function test_withdraw_matured_shouldPayThePayoutAddressLessTheFee() public {
        uint64 bucket = bucketNow();
        pay(10_000, "a");
        settle(20_001, "b");
        vm.warp(processor.maturesAt(bucket) - 1);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.NothingToPay.selector, id));
        processor.withdraw(id);
        vm.warp(processor.maturesAt(bucket));
        vm.expectEmit(address(processor));
        emit PaymentProcessor.Withdrawn(id, payout, 30_001, 300);
        vm.prank(other);
        assertEq(processor.withdraw(id), 30_001);
        assertEq(usdc.balanceOf(payout), 29_701);
        assertEq(usdc.balanceOf(vault), 0);
        assertEq(processor.attributedOf(id), 0);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.NothingToPay.selector, id));
        processor.withdraw(id);
    }

    function test_withdraw_manyBuckets_shouldLeaveWhatIsNotMature() public {
        uint64 first = bucketNow();
        for (uint64 i = 0; i < 3; ++i) {
            pay(1_000 * (i + 1), vm.toString(i));
            if (i < 2) skip(BUCKET);
        }
        vm.warp(processor.maturesAt(first) - 1);
        assertEq(processor.withdrawableOf(id), 0);
        skip(1);
        assertEq(processor.withdrawableOf(id), 1_000);
        vm.warp(processor.maturesAt(first + 1));
        assertEq(processor.pendingOf(id), 3_000);
        assertEq(processor.withdraw(id), 3_000);
        pay(500, "late");
        skip(BUCKET);
        assertEq(processor.withdraw(id), 3_000);
        skip(2 * BUCKET);
        assertEq(processor.withdraw(id), 500);
        assertEq(usdc.balanceOf(vault), 0);
    }

    function test_withdraw_afterALongSilence_shouldPayAll() public {
        pay(1_000, "a");
        skip(BUCKET);
        pay(2_000, "b");
        skip(1_000 * BUCKET);
        pay(4_000, "c");
        assertEq(processor.withdraw(id), 3_000);
        assertEq(processor.pendingOf(id), 4_000);
    }

    function test_withdrawBatch_shouldSkipWhoCannotBePaid() public {
        uint256 second = _licenseTo(other);
        uint256 empty = mintLicense();
        pay(10_000, "a");
        vm.prank(crawler.addr);
        processor.pay(second, 10_000, keccak256("b"));
        blacklist(payout);
        vm.warp(processor.maturesAt(bucketNow()));
        uint256[] memory ids = new uint256[](4);
        (ids[0], ids[1], ids[2], ids[3]) = (id, empty, second, second);
        assertEq(processor.withdrawBatch(ids), 10_000);
        assertEq(usdc.balanceOf(other), 9_900);
        assertEq(processor.withdrawableOf(id), 10_000);
        assertEq(usdc.balanceOf(vault), 10_000);
    }

    function test_withdrawBatch_withTooLittleGas_shouldRevert() public {
        pay(10_000, "a");
        vm.warp(processor.maturesAt(bucketNow()));
        uint256[] memory ids = new uint256[](1);
        ids[0] = id;
        vm.expectRevert(UsdcOut.TooLittleGas.selector);
        processor.withdrawBatch{gas: 60_000}(ids);
    }

    function test_withdraw_whilePausedSuspendedAndInactive_shouldWork() public {
        uint64 bucket = bucketNow();
        pay(10_000, "a");
        vm.prank(publisher);
        license.deactivate(id);
        vm.prank(arbiter);
        resolver.suspendLicense(id);
        vm.prank(admin);
        processor.pause();
        vm.warp(processor.maturesAt(bucket));
        processor.withdraw(id);
        vm.prank(crawler.addr);
        usdc.transfer(vault, 500);
        processor.sweep(id);
        assertEq(usdc.balanceOf(payout), 9_900 + 495);
    }

    function test_sweep_shouldLeaveAttributedMoneyAlone() public {
        pay(10_000, "a");
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.NothingToPay.selector, id));
        processor.sweep(id);
        vm.prank(crawler.addr);
        usdc.transfer(vault, 333);
        assertEq(processor.sweep(id), 333);
        assertEq(usdc.balanceOf(vault), 10_000);
        assertBacked();
    }

    function test_payoutBlacklisted_shouldStopThatLicenseOnly() public {
        uint256 second = _licenseTo(other);
        uint64 bucket = bucketNow();
        pay(10_000, "a");
        vm.prank(crawler.addr);
        processor.pay(second, 10_000, keccak256("b"));
        blacklist(payout);
        vm.warp(processor.maturesAt(bucket));
        vm.expectRevert();
        processor.withdraw(id);
        processor.withdraw(second);
        assertEq(usdc.balanceOf(other), 9_900);
        vm.prank(publisher);
        license.setPayout(id, recovery);
        skip(PAYOUT_DELAY);
        processor.withdraw(id);
        assertEq(usdc.balanceOf(recovery), 9_900);
    }

    // ---- fees

    function test_fee_lower_shouldHoldAtOnce_higherAfterTheDelay() public {
        vm.startPrank(admin);
        vm.expectEmit(address(processor));
        emit PaymentProcessor.FeeScheduled(50, uint64(block.timestamp));
        processor.scheduleFee(50);
        assertEq(processor.feeBps(), 50);
        vm.expectEmit(address(processor));
        emit PaymentProcessor.FeeScheduled(500, uint64(block.timestamp) + FEE_DELAY);
        processor.scheduleFee(500);
        skip(FEE_DELAY - 1);
        assertEq(processor.feeBps(), 50);
        skip(1);
        assertEq(processor.feeBps(), 500);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.FeeTooHigh.selector, 501));
        processor.scheduleFee(501);
        vm.stopPrank();
    }

    function test_fee_zero_shouldTakeNothing() public {
        vm.prank(admin);
        processor.scheduleFee(0);
        uint64 bucket = bucketNow();
        pay(10_000, "a");
        vm.warp(processor.maturesAt(bucket));
        processor.withdraw(id);
        assertEq(usdc.balanceOf(payout), 10_000);
        vm.expectRevert(PaymentProcessor.ZeroAmount.selector);
        processor.collectFees();
    }

    function test_collectFees_shouldSendAllToTheRecipient() public {
        uint64 bucket = bucketNow();
        pay(10_000, "a");
        vm.warp(processor.maturesAt(bucket));
        processor.withdraw(id);
        vm.expectEmit(address(processor));
        emit PaymentProcessor.FeesCollected(feeRecipient, 100);
        processor.collectFees();
        assertEq(usdc.balanceOf(feeRecipient), 100);
    }

    // ---- admin

    function test_pause_shouldStopNewPaymentsOnly() public {
        vm.prank(admin);
        processor.pause();
        vm.expectRevert(Pausable.EnforcedPause.selector);
        vm.prank(crawler.addr);
        processor.pay(id, 1, 0);
        bytes memory signature = authorize(1, 0);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        processor.settleAuthorization(id, crawler.addr, 1, 0, BEFORE, 0, signature);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        processor.settleAuthorization(id, crawler.addr, 1, 0, BEFORE, 0, 27, 0, 0);
        vm.prank(admin);
        processor.unpause();
        pay(1, "a");
    }

    function test_adminOnly_byAnother_shouldRevert() public {
        vm.startPrank(other);
        bytes memory reason = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, other);
        vm.expectRevert(reason);
        processor.pause();
        vm.expectRevert(reason);
        processor.unpause();
        vm.expectRevert(reason);
        processor.scheduleFee(0);
        vm.expectRevert(reason);
        processor.setFeeRecipient(other);
        vm.expectRevert(reason);
        processor.setResolver(other);
        vm.stopPrank();
    }

    function test_admin_wiring_shouldBeDoneOnce() public {
        vm.startPrank(admin);
        vm.expectRevert(PaymentProcessor.AlreadySet.selector);
        processor.setResolver(other);
        vm.expectRevert(PaymentProcessor.ZeroAddress.selector);
        processor.setFeeRecipient(address(0));
        vm.expectEmit(address(processor));
        emit PaymentProcessor.FeeRecipientSet(other);
        processor.setFeeRecipient(other);
        PaymentProcessor fresh = new PaymentProcessor(admin, usdc, license, feeRecipient, 500, 1, 1, 2);
        vm.expectRevert(PaymentProcessor.ZeroAddress.selector);
        fresh.setResolver(address(0));
        vm.expectRevert(PaymentProcessor.ZeroAddress.selector);
        new PaymentProcessor(admin, usdc, license, address(0), 500, 1, 1, 2);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.BadHold.selector, 0, 0));
        new PaymentProcessor(admin, usdc, license, feeRecipient, 500, 1, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.BadHold.selector, 1, 3));
        new PaymentProcessor(admin, usdc, license, feeRecipient, 500, 1, 1, 3);
        vm.expectRevert(abi.encodeWithSelector(PaymentProcessor.FeeTooHigh.selector, 501));
        new PaymentProcessor(admin, usdc, license, feeRecipient, 501, 1, 1, 2);
        vm.stopPrank();
    }

    function test_hooks_byAnyoneButTheResolver_shouldRevert() public {
        Payment[] memory payments = list(pay(1_000, "a"));
        vm.startPrank(admin);
        bytes memory reason = abi.encodeWithSelector(PaymentProcessor.NotResolver.selector, admin);
        vm.expectRevert(reason);
        processor.hold(payments);
        vm.expectRevert(reason);
        processor.release(payments);
        vm.expectRevert(reason);
        processor.refund(payments);
        vm.stopPrank();
    }

    // ---- fuzz

    function testFuzz_vault_shouldAlwaysBackWhatIsAttributed(uint256 seed) public {
        uint256 paid = 0;
        for (uint256 i = 0; i < 12; ++i) {
            uint256 dice = uint256(keccak256(abi.encode(seed, i)));
            uint256 amount = 1 + (dice >> 8) % 1_000_000;
            if (dice % 3 == 0) pay(amount, vm.toString(i));
            else if (dice % 3 == 1) settle(amount, vm.toString(i));
            else _transfer(amount);
            paid += amount;
            assertBacked();
            skip((dice >> 128) % 5);
        }
        vm.warp(processor.maturesAt(bucketNow()));
        if (processor.attributedOf(id) != 0) processor.withdraw(id);
        if (usdc.balanceOf(vault) != 0) processor.sweep(id);
        assertEq(usdc.balanceOf(vault), 0);
        assertEq(usdc.balanceOf(payout) + usdc.balanceOf(address(processor)), paid);
    }

    function _authorization(uint256 amount, string memory nonce)
        private
        view
        returns (PaymentProcessor.Authorization memory)
    {
        bytes32 n = keccak256(bytes(nonce));
        return PaymentProcessor.Authorization(id, crawler.addr, amount, 0, BEFORE, n, authorize(amount, n));
    }

    function _transfer(uint256 amount) private {
        vm.prank(crawler.addr);
        usdc.transfer(vault, amount);
    }

    function _licenseTo(address to) private returns (uint256) {
        vm.prank(publisher);
        return license.mint("https://example.org/terms", to, recovery);
    }
}
