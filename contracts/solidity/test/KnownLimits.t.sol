// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {MeteringLedger} from "../src/MeteringLedger.sol";
import {Committed, LicenseProof} from "../src/lib/Types.sol";
import {SettlementTest} from "./base/SettlementTest.sol";

/// @notice What the contracts do not stop, as docs/security/contracts.md tells it: its size and its end. Who closes one of
/// these turns its test round.
contract KnownLimitsTest is SettlementTest {
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
