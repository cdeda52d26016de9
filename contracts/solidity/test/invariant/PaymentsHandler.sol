// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DisputeResolver} from "../../src/DisputeResolver.sol";
import {PaymentProcessor} from "../../src/PaymentProcessor.sol";
import {Payment} from "../../src/lib/Types.sol";
import {Books} from "./Books.sol";

/// @notice All that payers, publishers, arbiters, admins and thieves can do with licences, direct payments and disputes.
contract PaymentsHandler is Books {
    uint256 private constant ACTORS = 3;
    uint256 private constant BEFORE = 2_000_000_000;
    uint8 private constant PAID = 1;
    uint8 private constant HELD = 2;
    uint8 private constant RELEASED = 3;
    uint8 private constant REFUNDED = 4;

    struct Row {
        Payment payment;
        uint8 state;
        bool withdrawn;
    }

    /// @dev A dispute as this model sees it.
    struct Case {
        uint256 id;
        uint256[] rows;
        address crawler;
        address answerer;
        address arbiter;
        uint256 licenseId;
        uint256 amount;
        uint256 fee;
        uint256 deadline;
        uint8 ruling;
        DisputeResolver.State state;
    }

    Account[] internal payers;
    address[] internal publishers;
    address[] internal payouts;
    address[] internal arbiters;
    uint256[] internal ids;
    Row[] internal rows;
    Case[] internal cases;
    /// @dev Of each vault: what came past the processor, and what was refunded but not sent.
    mapping(uint256 licenseId => uint256) internal external_;
    mapping(uint256 licenseId => mapping(address payer => uint256)) internal refundsOwed;
    mapping(uint256 licenseId => uint256) internal attributed;
    mapping(address account => uint256) internal feesOwed;
    mapping(uint256 licenseId => address) internal holderOf;
    /// @dev A recovery that is under way.
    mapping(uint256 licenseId => address) internal recoverTo;
    mapping(uint256 licenseId => uint256) internal recoverAt;
    uint256 internal stakes;
    uint256 private _nonces;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < ACTORS; ++i) {
            string memory n = vm.toString(i);
            payers.push(makeAccount(string.concat("payer", n)));
            publishers.push(makeAddress(string.concat("publisher", n)));
            payouts.push(makeAddress(string.concat("payout", n)));
            minted(payers[i].addr, 1_000_000_000_000);
            minted(publishers[i], 1_000_000_000);
            watch(payouts[i]);
            vm.prank(payers[i].addr);
            usdc.approve(address(processor), type(uint256).max);
            vm.prank(payers[i].addr);
            usdc.approve(address(resolver), type(uint256).max);
            vm.prank(publishers[i]);
            usdc.approve(address(resolver), type(uint256).max);
            vm.prank(publishers[i]);
            ids.push(license.mint("https://example.org/terms", payouts[i], recovery));
            holderOf[ids[i]] = publishers[i];
            watch(processor.vaultOf(ids[i]));
        }
        arbiters = [arbiter, makeAddress("arbiter2")];
        watch(arbiters[0]);
        watch(arbiters[1]);
        watch(feeRecipient);
        watch(address(processor));
        watch(address(resolver));
    }

    // ---- paying

    function pay(uint256 p, uint256 l, uint256 amount) external timed {
        (Account memory payer, uint256 licenseId) = (payers[p % ACTORS], ids[l % ACTORS]);
        amount = bound(amount, 1, 5_000_000);
        bytes32 nonce = bytes32(++_nonces);
        bytes memory data = abi.encodeCall(processor.pay, (licenseId, amount, nonce));
        if (!_payable(licenseId) || !flows(payer.addr, address(processor))) {
            return refuses(payer.addr, address(processor), data);
        }
        vm.prank(payer.addr);
        _paid(processor.pay(licenseId, amount, nonce), licenseId, payer.addr, amount);
        refuses(payer.addr, address(processor), data);
    }

    /// @dev Of three authorisations one goes straight to USDC, before it can be settled here.
    function settle(uint256 p, uint256 l, uint256 amount, uint256 form) external timed {
        (Account memory payer, uint256 licenseId) = (payers[p % ACTORS], ids[l % ACTORS]);
        amount = bound(amount, 1, 5_000_000);
        bytes32 nonce = bytes32(++_nonces);
        bytes memory signature = _authorize(payer, licenseId, amount, nonce);
        bytes memory data = abi.encodeWithSelector(
            bytes4(keccak256("settleAuthorization(uint256,address,uint256,uint256,uint256,bytes32,bytes)")),
            licenseId,
            payer.addr,
            amount,
            0,
            BEFORE,
            nonce,
            signature
        );
        if (!flows(payer.addr, address(processor))) return refuses(other, address(processor), data);
        if (form % 3 == 0) {
            address vault = processor.vaultOf(licenseId);
            usdc.transferWithAuthorization(payer.addr, vault, amount, 0, BEFORE, nonce, signature);
            moved(payer.addr, vault, amount);
            external_[licenseId] += amount;
            return refuses(other, address(processor), data);
        }
        if (!_payable(licenseId)) return refuses(other, address(processor), data);
        if (form % 3 == 1) {
            (bool ok, bytes memory result) = address(processor).call(data);
            assertTrue(ok);
            _paid(abi.decode(result, (bytes32)), licenseId, payer.addr, amount);
        } else {
            (bytes32 r, bytes32 s, uint8 v) = split(signature);
            bytes32 paymentId = processor.settleAuthorization(licenseId, payer.addr, amount, 0, BEFORE, nonce, v, r, s);
            _paid(paymentId, licenseId, payer.addr, amount);
        }
        refuses(other, address(processor), data);
    }

    /// @dev The second of three authorisations is signed by somebody else; the others are settled all the same.
    function settleBatch(uint256 l, uint256 amount) external timed {
        if (processor.paused()) return;
        uint256 licenseId = ids[l % ACTORS];
        PaymentProcessor.Authorization[] memory list = new PaymentProcessor.Authorization[](ACTORS);
        for (uint256 i = 0; i < ACTORS; ++i) {
            bytes32 nonce = bytes32(++_nonces);
            uint256 value = bound(amount, 1, 5_000_000) + i;
            bytes memory signature = _authorize(payers[i == 1 ? 2 : i], licenseId, value, nonce);
            list[i] = PaymentProcessor.Authorization(licenseId, payers[i].addr, value, 0, BEFORE, nonce, signature);
        }
        bytes32[] memory paymentIds = processor.settleAuthorizations(list);
        for (uint256 i = 0; i < ACTORS; ++i) {
            bool good = i != 1 && _payable(licenseId) && flows(payers[i].addr, address(processor));
            assertTrue(good == (paymentIds[i] != 0));
            if (good) _paid(paymentIds[i], licenseId, payers[i].addr, list[i].value);
        }
    }

    /// @dev USDC that comes to a vault in some other way.
    function donate(uint256 p, uint256 l, uint256 amount) external timed {
        (address payer, uint256 licenseId) = (payers[p % ACTORS].addr, ids[l % ACTORS]);
        address vault = processor.vaultOf(licenseId);
        if (!flows(payer, vault)) return;
        amount = bound(amount, 1, 1_000_000);
        vm.prank(payer);
        usdc.transfer(vault, amount);
        moved(payer, vault, amount);
        external_[licenseId] += amount;
    }

    // ---- money out

    function withdraw(uint256 l) external timed {
        uint256 licenseId = ids[l % ACTORS];
        uint256 amount = _matured(licenseId);
        assertEq(processor.withdrawableOf(licenseId), amount);
        if (amount == 0 || !flows(license.payoutOf(licenseId), address(processor))) {
            return refuses(other, address(processor), abi.encodeCall(processor.withdraw, (licenseId)));
        }
        assertEq(processor.withdraw(licenseId), amount);
        _withdrawn(licenseId, amount);
    }

    function withdrawBatch() external timed {
        uint256[] memory amounts = new uint256[](ACTORS);
        uint256 total = 0;
        for (uint256 i = 0; i < ACTORS; ++i) {
            if (!flows(license.payoutOf(ids[i]), address(processor))) continue;
            amounts[i] = _matured(ids[i]);
            total += amounts[i];
        }
        assertEq(processor.withdrawBatch(ids), total);
        for (uint256 i = 0; i < ACTORS; ++i) {
            if (amounts[i] != 0) _withdrawn(ids[i], amounts[i]);
        }
    }

    function sweep(uint256 l) external timed {
        uint256 licenseId = ids[l % ACTORS];
        uint256 amount = external_[licenseId];
        if (amount == 0 || !flows(license.payoutOf(licenseId), address(processor))) {
            return refuses(other, address(processor), abi.encodeCall(processor.sweep, (licenseId)));
        }
        assertEq(processor.sweep(licenseId), amount);
        external_[licenseId] = 0;
        _paidOut(licenseId, amount);
    }

    function collectFees() external timed {
        uint256 amount = expected[address(processor)];
        address to = processor.feeRecipient();
        if (amount == 0 || !flows(to, address(processor))) {
            return refuses(other, address(processor), abi.encodeCall(processor.collectFees, ()));
        }
        assertEq(processor.collectFees(), amount);
        moved(address(processor), to, amount);
    }

    function sendOwed(uint256 p, uint256 l) external timed {
        _sendOwedRefund(payers[p % ACTORS].addr, ids[l % ACTORS]);
        _sendOwedFees(payers[p % ACTORS].addr);
        _sendOwedFees(publishers[p % ACTORS]);
        _sendOwedFees(payouts[p % ACTORS]);
        _sendOwedFees(arbiters[p % 2]);
    }

    // ---- disputes

    /// @dev Up to three payments of one crawler to one licence, those that can still be disputed.
    function open(uint256 seed) external timed {
        if (rows.length == 0) return;
        // The young ones are at the end.
        uint256 start = rows.length - 1 - seed % (rows.length < 8 ? rows.length : 8);
        Payment memory first = rows[start].payment;
        uint256[] memory chosen = new uint256[](ACTORS);
        uint256 count = 0;
        uint256 amount = 0;
        for (uint256 i = start + 1; i > 0 && i + 8 > start && count < ACTORS; --i) {
            Row storage row = rows[i - 1];
            if (row.payment.payer != first.payer || row.payment.licenseId != first.licenseId) continue;
            if (row.state != PAID || _maturesAt(row.payment.paidAt) <= block.timestamp) continue;
            chosen[count++] = i - 1;
            amount += row.payment.amount;
        }
        assembly ("memory-safe") {
            mstore(chosen, count)
        }
        if (count == 0) {
            Payment[] memory late = new Payment[](1);
            late[0] = first;
            return refuses(first.payer, address(resolver), abi.encodeCall(resolver.open, (late, 0, "")));
        }
        bytes memory data = abi.encodeCall(resolver.open, (_payments(chosen), bytes32(seed), "ipfs://evidence"));
        if (!flows(first.payer, address(resolver))) return refuses(first.payer, address(resolver), data);
        refuses(other, address(resolver), data);
        vm.prank(first.payer);
        uint256 disputeId = resolver.open(_payments(chosen), bytes32(seed), "ipfs://evidence");
        _opened(disputeId, first, chosen, amount);
    }

    function answer(uint256 seed) external timed {
        if (cases.length == 0) return;
        Case storage c = _case(seed);
        address holder = holderOf[c.licenseId];
        bytes memory data = abi.encodeCall(resolver.answer, (c.id, bytes32(seed), "ipfs://answer"));
        bool fits = c.state == DisputeResolver.State.Open && block.timestamp <= c.deadline;
        if (!fits || !flows(holder, address(resolver)) || usdc.allowance(holder, address(resolver)) == 0) {
            return refuses(holder, address(resolver), data);
        }
        refuses(c.crawler, address(resolver), data);
        vm.prank(holder);
        resolver.answer(c.id, bytes32(seed), "ipfs://answer");
        (c.answerer, c.state, c.deadline) = (holder, DisputeResolver.State.Answered, block.timestamp + ESCALATE);
        stakes += c.fee;
        moved(holder, address(resolver), c.fee);
    }

    function escalate(uint256 seed) external timed {
        if (cases.length == 0) return;
        Case storage c = _case(seed);
        bytes memory data = abi.encodeCall(resolver.escalate, (c.id));
        if (c.state != DisputeResolver.State.Answered || block.timestamp > c.deadline) {
            return refuses(c.crawler, address(resolver), data);
        }
        refuses(holderOf[c.licenseId], address(resolver), data);
        vm.prank(c.crawler);
        resolver.escalate(c.id);
        (c.state, c.deadline) = (DisputeResolver.State.Escalated, block.timestamp + RULE);
    }

    function rule(uint256 seed, uint256 ruling) external timed {
        if (cases.length == 0) return;
        Case storage c = _case(seed);
        ruling %= 3;
        bytes memory data = abi.encodeCall(resolver.rule, (c.id, ruling));
        if (c.state != DisputeResolver.State.Escalated || block.timestamp > c.deadline) {
            return refuses(c.arbiter, address(resolver), data);
        }
        refuses(c.crawler, address(resolver), data);
        refuses(c.arbiter == arbiters[0] ? arbiters[1] : arbiters[0], address(resolver), data);
        vm.prank(c.arbiter);
        resolver.rule(c.id, ruling);
        (c.state, c.ruling) = (DisputeResolver.State.Ruled, uint8(ruling));
    }

    function accept(uint256 seed) external timed {
        if (cases.length == 0) return;
        Case storage c = _case(seed);
        bytes memory data = abi.encodeCall(resolver.accept, (c.id, _payments(c.rows)));
        refuses(c.crawler, address(resolver), data);
        address holder = holderOf[c.licenseId];
        if (c.state >= DisputeResolver.State.Ruled) return refuses(holder, address(resolver), data);
        vm.prank(holder);
        resolver.accept(c.id, _payments(c.rows));
        _finished(c, true, c.crawler, c.answerer);
    }

    function resolve(uint256 seed) external timed {
        if (cases.length == 0) return;
        Case storage c = _case(seed);
        _resolve(c);
    }

    // ---- licences and roles

    function setPayout(uint256 l, uint256 to) external timed {
        uint256 licenseId = ids[l % ACTORS];
        bytes memory data = abi.encodeCall(license.setPayout, (licenseId, payouts[to % ACTORS]));
        refuses(admin, address(license), data);
        vm.prank(holderOf[licenseId]);
        license.setPayout(licenseId, payouts[to % ACTORS]);
    }

    function toggleLicense(uint256 l) external timed {
        uint256 licenseId = ids[l % ACTORS];
        bool active = license.licenses(licenseId).active;
        vm.prank(holderOf[licenseId]);
        if (active) license.deactivate(licenseId);
        else license.reactivate(licenseId);
    }

    function toggleSuspension(uint256 l) external timed {
        uint256 licenseId = ids[l % ACTORS];
        bool suspended = license.licenses(licenseId).suspended;
        refuses(admin, address(resolver), abi.encodeCall(resolver.suspendLicense, (licenseId)));
        vm.prank(resolver.arbiter());
        if (suspended) resolver.unsuspendLicense(licenseId);
        else resolver.suspendLicense(licenseId);
    }

    function recover(uint256 l, uint256 to, uint256 step) external timed {
        uint256 licenseId = ids[l % ACTORS];
        if (step % 3 == 0) {
            vm.prank(recovery);
            license.startRecovery(licenseId, publishers[to % ACTORS]);
            recoverTo[licenseId] = publishers[to % ACTORS];
            recoverAt[licenseId] = block.timestamp + RECOVERY_DELAY;
        } else if (step % 3 == 1) {
            bytes memory data = abi.encodeCall(license.finishRecovery, (licenseId));
            if (recoverAt[licenseId] == 0 || block.timestamp < recoverAt[licenseId]) {
                return refuses(other, address(license), data);
            }
            license.finishRecovery(licenseId);
            holderOf[licenseId] = recoverTo[licenseId];
            recoverAt[licenseId] = 0;
        } else {
            if (recoverAt[licenseId] == 0) return;
            vm.prank(holderOf[licenseId]);
            license.cancelRecovery(licenseId);
            recoverAt[licenseId] = 0;
        }
    }

    function scheduleFee(uint16 feeBps) external timed {
        uint16 limit = processor.MAX_FEE_BPS();
        uint16 before = processor.feeBps();
        if (feeBps % 8 == 0) {
            return
                refuses(admin, address(processor), abi.encodeCall(processor.scheduleFee, (limit + 1 + feeBps % 9_000)));
        }
        feeBps %= limit + 1;
        vm.prank(admin);
        processor.scheduleFee(feeBps);
        // A higher fee is not taken yet.
        assertEq(processor.feeBps(), feeBps > before ? before : feeBps);
    }

    function changeRoles(uint256 seed) external timed {
        vm.prank(admin);
        resolver.setArbiter(arbiters[seed % 2]);
        bool paused = processor.paused();
        if (seed % 5 != 0 && !paused) return;
        vm.prank(admin);
        if (paused) processor.unpause();
        else processor.pause();
    }

    /// @dev What nobody may do, whoever it is.
    function steal(uint256 who, uint256 l, uint256 seed) external timed {
        address thief = [admin, registrar, arbiter, feeRecipient, other, publishers[l % ACTORS]][who % 6];
        uint256 licenseId = ids[seed % ACTORS];
        address vault = processor.vaultOf(licenseId);
        refuses(thief, address(usdc), abi.encodeCall(usdc.transferFrom, (vault, thief, 1)));
        refuses(thief, address(usdc), abi.encodeCall(usdc.transferFrom, (address(resolver), thief, 1)));
        refuses(thief, address(processor), abi.encodeCall(processor.setResolver, (thief)));
        refuses(thief, address(license), abi.encodeCall(license.setResolver, (thief)));
        refuses(thief, address(license), abi.encodeCall(license.suspend, (licenseId)));
        address holder = holderOf[licenseId];
        refuses(holder, address(license), abi.encodeCall(license.transferFrom, (holder, thief, licenseId)));
        refuses(holder, address(license), abi.encodeCall(license.approve, (thief, licenseId)));
        refuses(holder, address(license), abi.encodeCall(license.setApprovalForAll, (thief, true)));
        if (rows.length == 0) return;
        Payment[] memory one = new Payment[](1);
        one[0] = rows[seed % rows.length].payment;
        refuses(thief, address(processor), abi.encodeCall(processor.hold, (one)));
        refuses(thief, address(processor), abi.encodeCall(processor.release, (one)));
        refuses(thief, address(processor), abi.encodeCall(processor.refund, (one)));
        refuses(thief, address(resolver), abi.encodeCall(resolver.open, (one, 0, "")));
    }

    // ---- the world

    function wait(uint256 seconds_) external timed {
        skip(bound(seconds_, 1, 40));
    }

    function refuse(uint256 seed) external timed {
        address[6] memory some = [payers[0].addr, payers[1].addr, publishers[0], payouts[0], payouts[1], feeRecipient];
        address account = some[seed % 6];
        if (!usdcPaused) _toggleRefused(account);
    }

    function pauseUsdc(uint256 seed) external timed {
        if (usdcPaused || seed % 4 == 0) _toggleUsdc();
    }

    // ---- what always holds

    function check() external timed {
        checkBooks();
        for (uint256 i = 0; i < ACTORS; ++i) {
            uint256 held = processor.attributedOf(ids[i]);
            assertEq(held, attributed[ids[i]]);
            assertEq(usdc.balanceOf(processor.vaultOf(ids[i])), held + external_[ids[i]]);
            assertEq(license.ownerOf(ids[i]), holderOf[ids[i]]);
        }
        uint256 waiting = 0;
        for (uint256 i = 0; i < holders.length; ++i) {
            assertEq(resolver.feesOwed(holders[i]), feesOwed[holders[i]]);
            waiting += feesOwed[holders[i]];
        }
        assertEq(usdc.balanceOf(address(resolver)), stakes + waiting);
        assertLe(processor.feeBps(), processor.MAX_FEE_BPS());
        if (rows.length == 0) return;
        Row storage last = rows[rows.length - 1];
        assertEq(processor.stateOf(last.payment.paymentId), last.state);
    }

    /// @dev Everybody does nothing for as long as they may, then anyone fetches what is due: every balance is with its
    /// owner within the sum of the windows.
    function drain() external timed {
        _calm();
        skip(ANSWER + ESCALATE + RULE + HOLD + 2 * BUCKET);
        for (uint256 i = 0; i < cases.length; ++i) {
            if (cases[i].state != DisputeResolver.State.Resolved) _resolve(cases[i]);
        }
        for (uint256 i = 0; i < ACTORS; ++i) {
            for (uint256 j = 0; j < ACTORS; ++j) {
                _sendOwedRefund(payers[j].addr, ids[i]);
            }
            uint256 amount = _matured(ids[i]);
            if (amount != 0) {
                assertEq(processor.withdraw(ids[i]), amount);
                _withdrawn(ids[i], amount);
            }
            if (external_[ids[i]] != 0) {
                processor.sweep(ids[i]);
                _paidOut(ids[i], external_[ids[i]]);
                external_[ids[i]] = 0;
            }
            assertEq(usdc.balanceOf(processor.vaultOf(ids[i])), 0);
        }
        for (uint256 i = 0; i < holders.length; ++i) {
            _sendOwedFees(holders[i]);
        }
        if (expected[address(processor)] != 0) {
            moved(address(processor), processor.feeRecipient(), processor.collectFees());
        }
        checkBooks();
        assertEq(usdc.balanceOf(address(resolver)), 0);
        assertEq(usdc.balanceOf(address(processor)), 0);
    }

    function counts() external view returns (uint256 payments, uint256 disputes) {
        return (rows.length, cases.length);
    }

    // ---- internals

    function _payable(uint256 licenseId) private view returns (bool) {
        return !processor.paused() && license.isPayable(licenseId);
    }

    function _paid(bytes32 paymentId, uint256 licenseId, address payer, uint256 amount) private {
        rows.push(Row(Payment(paymentId, licenseId, payer, amount, uint64(block.timestamp)), PAID, false));
        attributed[licenseId] += amount;
        moved(payer, processor.vaultOf(licenseId), amount);
    }

    function _authorize(Account memory payer, uint256 licenseId, uint256 amount, bytes32 nonce)
        private
        view
        returns (bytes memory)
    {
        address vault = processor.vaultOf(licenseId);
        return sign(payer, transferDigest(payer.addr, vault, amount, BEFORE, nonce));
    }

    function _maturesAt(uint64 paidAt) private pure returns (uint256) {
        return (paidAt / BUCKET + 1) * BUCKET + HOLD;
    }

    function _matured(uint256 licenseId) private view returns (uint256 amount) {
        for (uint256 i = 0; i < rows.length; ++i) {
            Row storage row = rows[i];
            if (row.withdrawn || row.payment.licenseId != licenseId) continue;
            bool mature = row.state == PAID && _maturesAt(row.payment.paidAt) <= block.timestamp;
            if (mature || row.state == RELEASED) amount += row.payment.amount;
        }
    }

    function _withdrawn(uint256 licenseId, uint256 amount) private {
        for (uint256 i = 0; i < rows.length; ++i) {
            Row storage row = rows[i];
            if (row.withdrawn || row.payment.licenseId != licenseId) continue;
            bool mature = row.state == PAID && _maturesAt(row.payment.paidAt) <= block.timestamp;
            if (mature || row.state == RELEASED) row.withdrawn = true;
        }
        attributed[licenseId] -= amount;
        _paidOut(licenseId, amount);
    }

    function _paidOut(uint256 licenseId, uint256 amount) private {
        uint256 fee = amount * processor.feeBps() / 10_000;
        address vault = processor.vaultOf(licenseId);
        moved(vault, address(processor), fee);
        moved(vault, license.payoutOf(licenseId), amount - fee);
    }

    function _payments(uint256[] memory chosen) private view returns (Payment[] memory payments) {
        payments = new Payment[](chosen.length);
        for (uint256 i = 0; i < chosen.length; ++i) {
            payments[i] = rows[chosen[i]].payment;
        }
    }

    function _opened(uint256 disputeId, Payment memory first, uint256[] memory chosen, uint256 amount) private {
        Case storage c = cases.push();
        assertEq(disputeId, cases.length);
        c.id = disputeId;
        c.rows = chosen;
        c.crawler = first.payer;
        c.arbiter = resolver.arbiter();
        c.licenseId = first.licenseId;
        c.amount = amount;
        c.fee = (amount + 9) / 10;
        c.deadline = block.timestamp + ANSWER;
        c.state = DisputeResolver.State.Open;
        _setState(chosen, HELD);
        stakes += c.fee;
        moved(first.payer, address(resolver), c.fee);
    }

    /// @dev Mostly one of the latest.
    function _case(uint256 seed) private view returns (Case storage) {
        uint256 count = cases.length;
        return seed % 8 == 0 ? cases[seed % count] : cases[count - 1 - seed % (count < 3 ? count : 3)];
    }

    function _resolve(Case storage c) private {
        Payment[] memory payments = _payments(c.rows);
        bool over = c.state == DisputeResolver.State.Ruled
            || (c.state != DisputeResolver.State.Resolved && block.timestamp > c.deadline);
        if (!over) return refuses(other, address(resolver), abi.encodeCall(resolver.resolve, (c.id, payments)));
        resolver.resolve(c.id, payments);
        if (c.state == DisputeResolver.State.Answered) {
            _finished(c, false, license.payoutOf(c.licenseId), c.answerer);
        } else if (c.state == DisputeResolver.State.Ruled && c.ruling == 1) {
            _finished(c, true, c.crawler, c.arbiter);
        } else if (c.state == DisputeResolver.State.Ruled && c.ruling == 2) {
            _finished(c, false, c.arbiter, c.answerer);
        } else {
            _finished(c, true, c.crawler, c.answerer);
        }
    }

    function _finished(Case storage c, bool refunded, address crawlersFeeTo, address answerersFeeTo) private {
        c.state = DisputeResolver.State.Resolved;
        _setState(c.rows, refunded ? REFUNDED : RELEASED);
        if (refunded) {
            address vault = processor.vaultOf(c.licenseId);
            if (flows(c.crawler, vault)) {
                attributed[c.licenseId] -= c.amount;
                moved(vault, c.crawler, c.amount);
            } else {
                refundsOwed[c.licenseId][c.crawler] += c.amount;
            }
        }
        _feePaid(crawlersFeeTo, c.fee);
        if (c.answerer != address(0)) _feePaid(answerersFeeTo, c.fee);
    }

    function _feePaid(address to, uint256 fee) private {
        stakes -= fee;
        if (flows(to, address(resolver))) moved(address(resolver), to, fee);
        else feesOwed[to] += fee;
    }

    function _setState(uint256[] memory chosen, uint8 state) private {
        for (uint256 i = 0; i < chosen.length; ++i) {
            rows[chosen[i]].state = state;
        }
    }

    function _sendOwedRefund(address payer, uint256 licenseId) private {
        uint256 amount = refundsOwed[licenseId][payer];
        address vault = processor.vaultOf(licenseId);
        assertEq(processor.refundOwed(licenseId, payer), amount);
        if (amount == 0 || !flows(payer, vault)) {
            return refuses(other, address(processor), abi.encodeCall(processor.sendOwedRefund, (licenseId, payer)));
        }
        processor.sendOwedRefund(licenseId, payer);
        refundsOwed[licenseId][payer] = 0;
        attributed[licenseId] -= amount;
        moved(vault, payer, amount);
    }

    function _sendOwedFees(address account) private {
        uint256 amount = feesOwed[account];
        if (amount == 0 || !flows(account, address(resolver))) {
            return refuses(other, address(resolver), abi.encodeCall(resolver.sendOwedFees, (account)));
        }
        resolver.sendOwedFees(account);
        feesOwed[account] = 0;
        moved(address(resolver), account, amount);
    }
}
