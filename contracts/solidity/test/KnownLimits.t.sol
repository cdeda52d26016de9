// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChallengeBase} from "../src/ChallengeBase.sol";
import {MeteringLedger} from "../src/MeteringLedger.sol";
import {Committed, CrawlerProof, LicenseProof, ParentProof} from "../src/lib/Types.sol";
import {SettlementTest} from "./base/SettlementTest.sol";

/// @notice What the contracts do not stop, as docs/security/contracts.md tells it: its size and its end. Who closes one of
/// these turns its test round.
contract KnownLimitsTest is SettlementTest {
    uint128 private constant DEPOSIT = 500_000;

    /// @dev The crawler's thaw is over and a header that bills it nothing is final; the next header bills all that it
    /// thawed, and it withdraws while that header is pending. C10 looks at closedAt, when nothing was withdrawn yet.
    function test_billOfThawedMoney_beforeItsWithdrawal_isNotDefeated() public {
        (Committed memory c, Side memory debit) = _billThenWithdraw();
        vm.expectRevert(ChallengeBase.NoLie.selector);
        ledger.challengeOverdraw(c, parentProof(debit, 0));
        skip(WINDOW);
        ledger.finalise(c);
        LicenseProof memory proof = licenseProof(0);
        ledger.claim(proof.leaf, proof.index, proof.path);
        // What is left is what the other crawler deposited, less what the first one took twice.
        assertEq(usdc.balanceOf(address(escrow)), 0);
    }

    /// @dev The same after the withdrawal, under a `closedAt` from before it.
    function test_billOfWithdrawnMoney_closedEarlier_isNotDefeated() public {
        vm.prank(crawler.addr);
        escrow.requestThaw(DEPOSIT);
        skip(1);
        Committed memory before = finaliseNext();
        skip(THAW);
        vm.prank(crawler.addr);
        escrow.withdraw(crawler.addr, new CrawlerProof[](0));
        use(crawler.addr, idA, 1, DEPOSIT);
        Committed memory c = nextEpoch();
        // As of now C10 would tell.
        c.body.closedAt = before.body.closedAt;
        post(seal(c));
        ParentProof memory proof = parentProof(side(true), 0);
        vm.expectRevert(ChallengeBase.NoLie.selector);
        ledger.challengeOverdraw(c, proof);
    }

    function _billThenWithdraw() private returns (Committed memory c, Side memory debit) {
        vm.prank(crawler.addr);
        escrow.requestThaw(DEPOSIT);
        skip(1);
        finaliseNext();
        skip(THAW);
        use(crawler.addr, idA, 1, DEPOSIT);
        c = postNext();
        debit = side(true);
        skip(1);
        vm.prank(crawler.addr);
        assertEq(escrow.withdraw(crawler.addr, new CrawlerProof[](0)), DEPOSIT);
    }

    /// @dev Nobody challenged a sum in its window. The truth is less, and totals never shrink; the lie stays a lie.
    function test_lieThatBecameFinal_isNotMendedUntilUsageReachesIt() public {
        use(crawler.addr, idA, 1, 1_000);
        (Side memory credit, Side memory debit) = (side(false), side(true));
        credit.parents[0].cumulative += 500;
        debit.parents[0].cumulative += 500;
        Committed memory lie = postSides(credit, debit);
        skip(WINDOW);
        ledger.finalise(lie);
        Committed memory honest = nextEpoch();
        bytes memory signatures = quorum(honest.header, 3);
        vm.expectRevert(abi.encodeWithSelector(MeteringLedger.TotalShrank.selector, 1_500, 1_000));
        ledger.post(honest.header, honest.body, 3, signatures);

        use(crawler.addr, idA, 1, 500);
        finaliseNext();
        LicenseProof memory proof = licenseProof(0);
        assertEq(ledger.claim(proof.leaf, proof.index, proof.path), 1_500);
        assertTrue(escrow.solvent());
    }
}
