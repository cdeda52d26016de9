// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChallengeBase} from "../src/ChallengeBase.sol";
import {Committed, CrawlerProof, LicenseProof, PairLeaf} from "../src/lib/Types.sol";
import {SettlementTest} from "./base/SettlementTest.sol";

/// @notice What a quorum of root signers can do together with a crawler and a publisher, although every line is
/// consented to. docs/security/contracts.md names the risk; this shows its size and its cure.
contract CollusionTest is SettlementTest {
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
}
