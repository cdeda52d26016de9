// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    Committed,
    Descent,
    EpochHeader,
    LicenseProof,
    LogProof,
    PairLeaf,
    PairProof,
    ParentProof,
    UsageAttestation
} from "../src/lib/Types.sol";
import {Trees} from "./base/Trees.sol";
import {DemandTest} from "./base/DemandTest.sol";

/// @notice A header is voided in every way there is. Each time the honest header of the same epoch is posted in the next
/// generation, becomes final and pays, and the parties of the void one get their part of the bond.
contract AfterEachVoidTest is DemandTest {
    UsageAttestation[] private truth;
    Committed private before;
    Committed private lie;
    /// @dev The trees of the lie, proven before the log was mended.
    bytes private harmed;
    bytes private harmedBefore;

    function setUp() public override {
        super.setUp();
        use(crawler.addr, idA, 1, 1_000);
        use(crawlerB.addr, idB, 2, 500);
        before = finaliseNext();
        (, uint256 i, uint256 j) = find(side(false), crawler.addr, idA);
        harmedBefore = abi.encode(pairProof(side(false), i, j));
        skip(1);
        use(crawler.addr, idA, 1, 100);
        use(crawler.addr, idB, 1, 50);
        for (uint256 k = 0; k < lines.length; ++k) {
            truth.push(lines[k]);
        }
    }

    // ---- challenges

    function test_c1_promise() public {
        lines[2].contentId = keccak256("other");
        _lie();
        bytes memory signature = attest(truth[2]);
        LogProof memory found = logProof(2);
        logJudge.challengePromise(lie, truth[2], signature, logLeaf(found.leaf), found.path);
        _goOn();
    }

    function test_c2a_attestations() public {
        _lie();
        UsageAttestation memory a = lines[2];
        a.units += 1;
        bytes memory one = attest(a);
        bytes memory two = attest(lines[2]);
        logJudge.challengeAttestations(a, one, lines[2], two);
        // The key is dropped: the operator takes another one at once.
        attestor = makeAccount("attestor2");
        vm.prank(admin);
        ledger.proposeConfig(2, 2, rootAddresses(), attestor.addr);
        ledger.activateConfig(2);
        _goOn();
    }

    function test_c2b_headers() public {
        _lie();
        EpochHeader memory twin = lie.header;
        twin.bodyHash = 0;
        bytes memory one = quorum(lie.header, 3);
        bytes memory two = quorum(twin, 5);
        logJudge.challengeHeaders(lie.header, 3, one, twin, 5, two, 1);
        _goOn();
    }

    function test_c3_duplicate() public {
        lines.push(lines[2]);
        _lie();
        logJudge.challengeDuplicate(lie, logProof(2), logProof(4));
        _goOn();
    }

    function test_c4_pairChain() public {
        lines[2].pairCumulative += 1;
        _lie();
        logJudge.challengePairChain(lie, logProof(2), logProof(0));
        _goOn();
    }

    function test_c5a_pairLeaf() public {
        PairLeaf[] memory all = pairs();
        all[1].cumulative += 7;
        _lieWith(sideOf(all, false), sideOf(all, true));
        (, uint256 i, uint256 j) = find(sideOf(all, false), crawlerB.addr, idB);
        treeJudge.challengePairLeaf(lie, false, pairProof(sideOf(all, false), i, j), logProof(1));
        _goOn();
    }

    function test_c5b_missingPair() public {
        PairLeaf[] memory all = _without(pairs(), 2);
        all[0].cumulative += 50;
        _lieWith(sideOf(all, false), sideOf(all, true));
        treeJudge.challengeMissingPair(lie, logProof(3), gapOf(sideOf(all, false), crawler.addr, idB));
        _goOn();
    }

    function test_c5c_trees() public {
        PairLeaf[] memory all = pairs();
        all[0].voucherHash = keccak256("other");
        Side memory debit = sideOf(all, true);
        _lieWith(side(false), debit);
        (, uint256 i, uint256 j) = find(side(false), crawler.addr, idA);
        (, uint256 k, uint256 l) = find(debit, crawler.addr, idA);
        treeJudge.challengeTrees(lie, false, pairProof(side(false), i, j), pairProof(debit, k, l), noGap());
        _goOn();
    }

    function test_c6_sum() public {
        (Side memory credit, Side memory debit) = (side(false), side(true));
        (, uint256 i,) = find(debit, crawlerB.addr, idB);
        debit.parents[i].cumulative += 5;
        credit.parents[0].cumulative += 5;
        _lieWith(credit, debit);
        Descent memory way = descent(parentNodes(debit), i, ALL);
        Descent memory pairWay = descent(pairNodes(debit.pairs[i]), 0, ALL);
        treeJudge.challengeSum(lie, true, way, debit.parents[i], pairWay, debit.pairs[i][0]);
        _goOn();
    }

    function test_c6_order() public {
        Side memory debit = side(true);
        (debit.parents[0], debit.parents[1]) = (debit.parents[1], debit.parents[0]);
        (debit.pairs[0], debit.pairs[1]) = (debit.pairs[1], debit.pairs[0]);
        _lieWith(side(false), debit);
        ParentProof[] memory two = new ParentProof[](2);
        (two[0], two[1]) = (parentProof(debit, 0), nextParent(debit, 1));
        treeJudge.challengeOrder(lie, true, two, new PairProof[](0));
        _goOn();
    }

    function test_c7_decrease() public {
        PairLeaf[] memory all = pairs();
        all[1].cumulative -= 1;
        all[0].cumulative += 1;
        _lieWith(sideOf(all, false), sideOf(all, true));
        (, uint256 i, uint256 j) = find(sideOf(all, false), crawlerB.addr, idB);
        PairProof memory newer = pairProof(sideOf(all, false), i, j);
        PairProof memory older = _older(crawlerB.addr, idB);
        treeJudge.challengeDecrease(lie, before, false, older, newer, noGap(), false);
        _goOn();
    }

    function test_c8_rewrite() public {
        lines[1].contentId = keccak256("other");
        _lie();
        bytes32[] memory older = new bytes32[](2);
        (older[0], older[1]) = (logLeaf(truth[0]), logLeaf(truth[1]));
        LogProof memory newer = logProof(1);
        logJudge.challengeRewrite(lie, before, 1, older[1], Trees.logPath(older, 1), logLeaf(newer.leaf), newer.path);
        _goOn();
    }

    function test_c10a_overdraw() public {
        use(crawlerB.addr, idA, 1, 600_000);
        _lie();
        Side memory debit = side(true);
        (, uint256 i,) = find(debit, crawlerB.addr, idA);
        treeJudge.challengeOverdraw(lie, parentProof(debit, i));
        _goOn();
    }

    function test_c10b_thawed() public {
        vm.prank(crawlerB.addr);
        escrow.requestThaw(499_000);
        skip(THAW / 2 + 1);
        delete lines;
        for (uint256 k = 0; k < 2; ++k) {
            lines.push(truth[k]);
        }
        before = finaliseNext();
        (, uint256 i, uint256 j) = find(side(false), crawler.addr, idA);
        harmedBefore = abi.encode(pairProof(side(false), i, j));
        (, i,) = find(side(true), crawlerB.addr, idB);
        ParentProof memory older = parentProof(side(true), i);
        lines.push(truth[2]);
        lines.push(truth[3]);
        use(crawlerB.addr, idA, 1, 500);
        _lie();
        (, i,) = find(side(true), crawlerB.addr, idB);
        treeJudge.challengeThawed(lie, before, parentProof(side(true), i), older, new ParentProof[](0));
        _goOn();
    }

    // ---- demands

    function test_d1_line() public {
        _lie();
        bytes32 demandId = askLine(other, lie, 2);
        _expire(demandId);
    }

    function test_d2_reference() public {
        _lie();
        bytes32 demandId = askPrevious(crawler.addr, lie, 2);
        _expire(demandId);
    }

    function test_d4_node() public {
        _lie();
        bytes32 demandId = askNode(other, lie, true, 0, 0);
        _expire(demandId);
    }

    function test_c9_voucher() public {
        use(crawlerB.addr, idA, 1, 700);
        _lie();
        bytes32 demandId = askConsent(crawlerB.addr, lie, 4);
        _expire(demandId);
    }

    // ---- helpers

    function _expire(bytes32 demandId) private {
        skip(DEMAND + 1);
        demands.expireDemand(lie, demandId);
        _goOn();
    }

    function _lie() private {
        _lieWith(side(false), side(true));
    }

    function _lieWith(Side memory credit, Side memory debit) private {
        lie = postSides(credit, debit);
        (, uint256 i, uint256 j) = find(credit, crawler.addr, idA);
        harmed = abi.encode(pairProof(credit, i, j));
    }

    function _older(address who, uint256 licenseId) private returns (PairProof memory proof) {
        UsageAttestation[] memory now_ = lines;
        lines.pop();
        lines.pop();
        (, uint256 i, uint256 j) = find(side(false), who, licenseId);
        proof = pairProof(side(false), i, j);
        lines.push(now_[2]);
        lines.push(now_[3]);
    }

    function _without(PairLeaf[] memory all, uint256 at) private pure returns (PairLeaf[] memory some) {
        some = new PairLeaf[](all.length - 1);
        for (uint256 i = 0; i < some.length; ++i) {
            some[i] = all[i < at ? i : i + 1];
        }
    }

    /// @dev What was cut off is sequenced again, the same epoch is posted, final, and paid to the unit.
    function _goOn() private {
        uint64 epoch = lie.header.epoch;
        (uint64 lastPosted, uint64 lastFinalised, uint64 generation) = ledger.head();
        assertEq(lastPosted, epoch - 1);
        assertEq(lastFinalised, epoch - 1);
        assertEq(generation, 2);
        assertEq(ledger.bond(), 0);
        assertEq(ledger.openDemands(), 0);
        delete lines;
        for (uint256 i = 0; i < truth.length; ++i) {
            UsageAttestation memory a = truth[i];
            if (i >= 2) (a.generation, a.configVersion) = (generation, ledger.configVersion());
            lines.push(a);
        }
        addBond(BOND);
        Committed memory honest = postNext();
        assertEq(honest.header.epoch, epoch);
        // Nobody can answer or ask about the void one, and the honest one is asked as if for the first time.
        askLine(other, honest, 2);
        answerLine(honest, 2);
        skip(WINDOW);
        ledger.finalise(honest);
        for (uint64 i = 0; i < 2; ++i) {
            LicenseProof memory proof = licenseProof(i);
            assertEq(ledger.claim(proof.leaf, proof.index, proof.path), proof.leaf.licenseId == idA ? 1_100 : 1_050);
        }
        assertTrue(escrow.solvent());
        _claimHarm();
    }

    /// @dev If the lie let a proof be given, the parties get their part; then the pot ends.
    function _claimHarm() private {
        bytes32 headerHash = hashOf(lie.header);
        (uint128 amount,,) = ledger.pots(headerHash);
        assertEq(amount, uint256(BOND) * 6 / 10);
        uint256 had = usdc.balanceOf(crawler.addr);
        PairProof memory pair = abi.decode(harmed, (PairProof));
        PairProof memory older = abi.decode(harmedBefore, (PairProof));
        try bonds.claimHarm(lie, before, pair, older, noGap()) {
            assertTrue(usdc.balanceOf(crawler.addr) > had);
        } catch {}
        (, uint88 paid,) = ledger.pots(headerHash);
        skip(POT + 1);
        bonds.closePot(headerHash);
        assertEq(ledger.insurance(), amount - paid);
        assertEq(usdc.balanceOf(address(ledger)), amount - paid + BOND);
    }
}
