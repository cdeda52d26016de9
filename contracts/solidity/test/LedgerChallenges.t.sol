// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChallengeBase} from "../src/ChallengeBase.sol";
import {LedgerChallenges} from "../src/LedgerChallenges.sol";
import {LedgerState} from "../src/LedgerState.sol";
import {MeteringLedger} from "../src/MeteringLedger.sol";
import {SignerConfigs} from "../src/SignerConfigs.sol";
import {Committed, LicenseProof, LogProof, UsageAttestation} from "../src/lib/Types.sol";
import {Wire} from "../src/lib/Wire.sol";
import {LedgerTest} from "./base/LedgerTest.sol";

contract LedgerChallengesTest is LedgerTest {
    uint256 internal constant REWARD = BOND * 4 / 10;
    address internal watcher;

    function setUp() public override {
        super.setUp();
        watcher = makeAddress("watcher");
        use(crawler.addr, idA, 2, 1_000);
        use(crawlerB.addr, idA, 1, 5_000);
        useDirect(crawler.addr, idA);
    }

    // ---- C2a

    function test_twoAttestations_shouldDropTheKeyAndVoidWhatCoversTheIndex() public {
        finaliseNext();
        Committed memory clean = postNext();
        use(crawler.addr, idA, 1, 100);
        Committed memory covering = postNext();
        Committed memory successor = postNext();
        (UsageAttestation memory a, UsageAttestation memory b) = _equivocation(3);
        bytes memory signatureA = attest(a);
        bytes memory signatureB = attest(b);
        vm.expectEmit(address(ledger));
        emit LedgerState.AttestationKeyDropped(1, attestor.addr);
        vm.expectEmit(address(ledger));
        emit LedgerState.HeaderVoided(3, 1, hashOf(covering.header));
        vm.expectEmit(address(ledger));
        emit LedgerState.HeaderVoided(4, 1, hashOf(successor.header));
        vm.expectEmit(address(ledger));
        emit LedgerState.GenerationRaised(2, 2);
        vm.expectEmit(address(ledger));
        emit LedgerState.BondSlashed(BOND, 0);
        vm.expectEmit(address(ledger));
        emit LedgerState.ChallengeWon(2, 3, watcher, REWARD);
        vm.prank(watcher);
        logJudge.challengeAttestations(a, signatureA, b, signatureB);
        _assertVoided(2, 2);
        assertTrue(ledger.keyDropped(attestor.addr));
        vm.expectRevert(abi.encodeWithSelector(ChallengeBase.KeyAlreadyDropped.selector, attestor.addr));
        logJudge.challengeAttestations(a, signatureA, b, signatureB);

        // A new attestation key needs no delay, and an honest header of the next generation is paid.
        lines.pop();
        Account memory fresh = makeAccount("attestor2");
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.BadAttestationKey.selector, attestor.addr));
        vm.prank(admin);
        ledger.proposeConfig(2, 2, rootAddresses(), attestor.addr);
        vm.prank(admin);
        ledger.proposeConfig(2, 2, rootAddresses(), fresh.addr);
        ledger.activateConfig(2);
        skip(WINDOW);
        ledger.finalise(clean);
        _honestRepostIsPaid();
    }

    function test_twoAttestations_withNothingPending_shouldRaiseTheGenerationAllTheSame() public {
        finaliseNext();
        (UsageAttestation memory a, UsageAttestation memory b) = _equivocation(40);
        _challengeAttestations(a, b);
        _assertVoided(1, 2);
    }

    function test_twoAttestations_ofAnotherGeneration_shouldVoidNothing() public {
        postNext();
        (UsageAttestation memory a, UsageAttestation memory b) = _equivocation(0);
        a.generation = 7;
        b.generation = 7;
        _challengeAttestations(a, b);
        _assertVoided(1, 2);
    }

    function test_twoAttestations_noLie_shouldRevert() public {
        (UsageAttestation memory a, UsageAttestation memory b) = _equivocation(3);
        bytes memory signatureA = attest(a);
        _expectAttestations(a, signatureA, a, signatureA, ChallengeBase.NoLie.selector);
        b.logIndex += 1;
        _expectAttestations(a, signatureA, b, attest(b), ChallengeBase.NoLie.selector);
        b.logIndex -= 1;
        b.generation += 1;
        _expectAttestations(a, signatureA, b, attest(b), ChallengeBase.NoLie.selector);
        b.generation -= 1;
        b.configVersion += 1;
        _expectAttestations(a, signatureA, b, attest(b), ChallengeBase.NoLie.selector);
        b.configVersion -= 1;
        bytes memory notByKey = abi.encodeWithSelector(ChallengeBase.NotSignedByKey.selector, attestor.addr);
        vm.expectRevert(notByKey);
        logJudge.challengeAttestations(a, signatureA, b, signatureA);
        bytes memory signatureB = attest(b);
        vm.expectRevert(notByKey);
        logJudge.challengeAttestations(a, signatureB, b, signatureB);
        bytes memory high = flip(signatureB);
        vm.expectRevert(notByKey);
        logJudge.challengeAttestations(a, signatureA, b, high);
        (a.configVersion, b.configVersion) = (9, 9);
        signatureA = attest(a);
        signatureB = attest(b);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.UnknownConfig.selector, 9));
        logJudge.challengeAttestations(a, signatureA, b, signatureB);
    }

    // ---- C2b

    function test_twoHeaders_ofAPendingEpoch_shouldVoidItAndItsSuccessors() public {
        finaliseNext();
        Committed memory a = nextEpoch();
        Committed memory b = nextEpoch();
        b.body.rulesHash = keccak256("other");
        seal(b);
        post(a);
        Committed memory successor = postNext();
        vm.expectEmit(address(ledger));
        emit LedgerState.HeaderVoided(2, 1, hashOf(a.header));
        vm.expectEmit(address(ledger));
        emit LedgerState.HeaderVoided(3, 1, hashOf(successor.header));
        vm.expectEmit(address(ledger));
        emit LedgerState.GenerationRaised(2, 1);
        vm.expectEmit(address(ledger));
        emit LedgerState.ChallengeWon(2, 2, watcher, REWARD);
        _challengeHeaders(a, 3, b, 6);
        _assertVoided(1, 2);
        bytes memory again = abi.encodeWithSelector(LedgerChallenges.AlreadyProven.selector, 2, 1);
        bytes memory signaturesA = quorum(a.header, 3);
        bytes memory signaturesB = quorum(b.header, 5);
        vm.expectRevert(again);
        logJudge.challengeHeaders(b.header, 5, signaturesB, a.header, 3, signaturesA, 1);
        _honestRepostIsPaid();
    }

    function test_twoHeaders_ofTheNextEpoch_shouldKeepBothOut() public {
        Committed memory a = nextEpoch();
        Committed memory b = nextEpoch();
        b.body.rulesHash = keccak256("other");
        seal(b);
        _challengeHeaders(a, 3, b, 3);
        _assertVoided(0, 2);
        bytes memory signatures = quorum(a.header, 3);
        vm.expectRevert(abi.encodeWithSelector(MeteringLedger.WrongGeneration.selector, 2, 1));
        ledger.post(a.header, a.body, 3, signatures);
        _honestRepostIsPaid();
    }

    function test_twoHeaders_ofAFinalEpoch_shouldOnlySlash() public {
        Committed memory a = nextEpoch();
        Committed memory b = nextEpoch();
        b.body.rulesHash = keccak256("other");
        seal(b);
        post(a);
        skip(WINDOW);
        ledger.finalise(a);
        postNext();
        _challengeHeaders(a, 3, b, 3);
        _assertVoided(2, 1);
    }

    function test_twoHeaders_ofAnOldGeneration_shouldNotVoidTheNewOne() public {
        Committed memory a = nextEpoch();
        Committed memory b = nextEpoch();
        Committed memory c = nextEpoch();
        b.body.rulesHash = keccak256("other");
        seal(b);
        c.header.epoch = 2;
        Committed memory d = nextEpoch();
        d.header.epoch = 2;
        d.header.bodyHash = 0;
        _challengeHeaders(a, 3, b, 3);
        addBond(BOND);
        postNext();
        postNext();
        // Epoch 2 is pending in generation 2; two headers for it of generation 1 cost the bond and no more.
        _challengeHeaders(c, 3, d, 3);
        (uint64 lastPosted,, uint64 generation) = ledger.head();
        assertEq(lastPosted, 2);
        assertEq(generation, 2);
    }

    function test_twoHeaders_ofAnOldGeneration_notPosted_shouldOnlySlash() public {
        Committed memory a = nextEpoch();
        a.header.epoch = 2;
        Committed memory b = nextEpoch();
        (b.header.epoch, b.header.bodyHash) = (2, 0);
        Committed memory c = nextEpoch();
        Committed memory d = nextEpoch();
        d.header.bodyHash = 0;
        _challengeHeaders(c, 3, d, 3);
        addBond(BOND);
        postNext();
        _challengeHeaders(a, 3, b, 3);
        _assertVoided(1, 2);
    }

    function test_twoHeaders_noLie_shouldRevert() public {
        Committed memory a = nextEpoch();
        Committed memory b = nextEpoch();
        _expectHeaders(a, b, 1, abi.encodeWithSelector(ChallengeBase.NoLie.selector));
        b.header.generation = 2;
        _expectHeaders(a, b, 1, abi.encodeWithSelector(ChallengeBase.NoLie.selector));
        b.header.generation = 1;
        b.header.epoch = 2;
        _expectHeaders(a, b, 1, abi.encodeWithSelector(ChallengeBase.NoLie.selector));
        b.header.epoch = 1;
        b.header.bodyHash = 0;
        _expectHeaders(a, b, 2, abi.encodeWithSelector(SignerConfigs.UnknownConfig.selector, 2));
        bytes memory signaturesA = quorum(a.header, 3);
        bytes memory signaturesB = quorum(b.header, 1);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.QuorumMissing.selector, 1, 2));
        logJudge.challengeHeaders(a.header, 3, signaturesA, b.header, 1, signaturesB, 1);
        b.header.configDigest = 0;
        _expectHeaders(a, b, 1, abi.encodeWithSelector(SignerConfigs.WrongConfig.selector, ledger.configDigest(), 0));
    }

    function test_twoHeaders_ofTwoConfigurations_shouldNotFrameTheSigners() public {
        Committed memory a = nextEpoch();
        bytes32 oldDigest = ledger.configDigest();
        vm.prank(admin);
        ledger.proposeConfig(2, 2, rootAddresses(), other);
        ledger.activateConfig(2);
        Committed memory b = nextEpoch();
        _expectHeaders(
            a, b, 1, abi.encodeWithSelector(SignerConfigs.WrongConfig.selector, oldDigest, ledger.configDigest())
        );
        post(b);
    }

    /// @dev Else a quorum that was removed because its keys were stolen could take every later bond.
    function test_twoHeaders_ofARetiredConfiguration_shouldCountForPostedOnesOnly() public {
        Committed memory posted = postNext();
        Committed memory a = nextEpoch();
        Committed memory b = nextEpoch();
        b.header.bodyHash = 0;
        vm.prank(admin);
        ledger.proposeConfig(2, 2, rootAddresses(), other);
        ledger.activateConfig(2);
        // Neither of the two can be posted any more, before the epoch is or after.
        bytes memory noLie = abi.encodeWithSelector(ChallengeBase.NoLie.selector);
        _expectHeaders(a, b, 1, noLie);
        postNext();
        _expectHeaders(a, b, 1, noLie);
        // What it did post it answers for.
        Committed memory twin = abi.decode(abi.encode(posted), (Committed));
        twin.header.bodyHash = 0;
        _challengeHeaders(posted, 3, twin, 5);
        _assertVoided(0, 2);
    }

    /// @dev A quorum can raise the generation as often as it likes, at little cost. Once that counted no further, no verdict
    /// must fail for it, or the next lie would stand.
    function test_lastGeneration_shouldTakeNoHeader_andLoseToVerdictsAllTheSame() public {
        uint64 last = type(uint24).max;
        _raiseGeneration(last - 1);
        use(crawler.addr, idA, 1, 100);
        lines[3].pairCumulative += 1;
        Committed memory lie = postNext();
        Committed memory a = nextEpoch();
        Committed memory b = nextEpoch();
        b.header.bodyHash = 0;
        _challengeHeaders(a, 3, b, 3);
        _assertVoided(1, last);
        Committed memory next = nextEpoch();
        assertEq(next.header.generation, last);
        bytes memory signatures = quorum(next.header, 3);
        vm.expectRevert(LedgerState.GenerationsUsedUp.selector);
        ledger.post(next.header, next.body, 3, signatures);
        vm.expectEmit(address(ledger));
        emit LedgerState.GenerationRaised(last, 0);
        logJudge.challengePairChain(lie, logProof(3), logProof(0));
        _assertVoided(0, last);
    }

    // ---- C4

    function test_brokenChain_anyRule_shouldVoid() public {
        use(crawler.addr, idA, 1, 100);
        use(crawler.addr, idB, 1, 50);
        use(crawler.addr, idA, 3, 70);
        for (uint256 kind = 0; kind < 13; ++kind) {
            _breakAndChallenge(kind);
        }
        _honestRepostIsPaid();
    }

    function test_brokenChain_shouldVoidSuccessorsOnly() public {
        Committed memory good = postNext();
        use(crawler.addr, idA, 1, 100);
        lines[3].pairCumulative += 1;
        Committed memory bad = postNext();
        Committed memory successor = postNext();
        LogProof memory leaf = logProof(3);
        LogProof memory prev = logProof(0);
        vm.expectEmit(address(ledger));
        emit LedgerState.HeaderVoided(2, 1, hashOf(bad.header));
        vm.expectEmit(address(ledger));
        emit LedgerState.HeaderVoided(3, 1, hashOf(successor.header));
        vm.expectEmit(address(ledger));
        emit LedgerState.GenerationRaised(2, 1);
        vm.expectEmit(address(ledger));
        emit LedgerState.BondSlashed(BOND, 0);
        vm.expectEmit(address(ledger));
        emit LedgerState.ChallengeWon(4, 2, watcher, REWARD);
        vm.prank(watcher);
        logJudge.challengePairChain(bad, leaf, prev);
        _assertVoided(1, 2);
        skip(WINDOW);
        ledger.finalise(good);
        lines.pop();
        _honestRepostIsPaid();
    }

    function test_honestChain_shouldNeverBeDefeated() public {
        use(crawler.addr, idA, 1, 100);
        use(crawlerB.addr, idA, 4, 100);
        Committed memory c = postNext();
        for (uint64 i = 0; i < lines.length; ++i) {
            for (uint64 j = 0; j < lines.length; ++j) {
                _expectPairChain(c, logProof(i), logProof(j), ChallengeBase.NoLie.selector);
            }
        }
    }

    function test_brokenChain_badEvidence_shouldRevert() public {
        use(crawler.addr, idA, 1, 100);
        lines[3].pairCumulative += 1;
        Committed memory c = nextEpoch();
        LogProof memory leaf = logProof(3);
        LogProof memory prev = logProof(0);
        vm.expectRevert(abi.encodeWithSelector(LedgerState.NotPending.selector, 1));
        logJudge.challengePairChain(c, leaf, prev);
        post(c);
        leaf.leaf.units = 9;
        _expectPairChain(c, leaf, prev, LedgerState.BadProof.selector);
        leaf = logProof(3);
        prev.leaf.pairCumulative = 0;
        _expectPairChain(c, leaf, prev, LedgerState.BadProof.selector);
        _expectPairChain(c, leaf, logProof(1), ChallengeBase.NoLie.selector);
        c.body.rulesHash = 0;
        _expectPairChain(c, leaf, logProof(0), LedgerState.WrongBody.selector);
        c.body.rulesHash = keccak256("");
        skip(WINDOW);
        ledger.finalise(c);
        prev = logProof(0);
        vm.expectRevert(abi.encodeWithSelector(LedgerState.NotPending.selector, 1));
        logJudge.challengePairChain(c, leaf, prev);
    }

    /// @dev Else one line that slipped through would stop every later header.
    function test_brokenChain_onceFinal_shouldNotVoidLaterHeaders() public {
        use(crawler.addr, idA, 1, 100);
        lines[3].pairCumulative += 1;
        finaliseNext();
        use(crawlerB.addr, idA, 1, 100);
        Committed memory c = postNext();
        LogProof memory leaf = logProof(3);
        LogProof memory prev = logProof(0);
        vm.expectRevert(abi.encodeWithSelector(LedgerChallenges.LeafAlreadyFinal.selector, 3));
        logJudge.challengePairChain(c, leaf, prev);
    }

    // ---- the bond's share

    function test_slash_shouldGiveTheChallengerLessThanHalf() public {
        postNext();
        (UsageAttestation memory a, UsageAttestation memory b) = _equivocation(0);
        _challengeAttestations(a, b);
        assertEq(usdc.balanceOf(watcher), REWARD);
        assertEq(ledger.insurance(), 0);
        assertEq(usdc.balanceOf(address(ledger)), BOND - REWARD);
    }

    function test_slash_withoutABond_shouldStillVoid() public {
        vm.prank(admin);
        ledger.noticeBond(BOND);
        skip(BOND_NOTICE);
        vm.prank(admin);
        ledger.withdrawBond(admin);
        delete lines;
        postNext();
        (UsageAttestation memory a, UsageAttestation memory b) = _equivocation(0);
        _challengeAttestations(a, b);
        _assertVoided(1, 2);
    }

    function test_slash_shouldEndABondNotice() public {
        postNext();
        vm.prank(admin);
        ledger.noticeBond(BOND);
        (UsageAttestation memory a, UsageAttestation memory b) = _equivocation(0);
        logJudge.challengeAttestations(a, attest(a), b, attest(b));
        addBond(BOND);
        skip(BOND_NOTICE);
        vm.expectRevert(MeteringLedger.NoBondNotice.selector);
        vm.prank(admin);
        ledger.withdrawBond(admin);
    }

    function test_challengesCalledDirectly_shouldFindNothing() public {
        Committed memory c = postNext();
        LedgerChallenges code = ledger.challenges();
        LogProof memory leaf = logProof(0);
        vm.expectRevert(abi.encodeWithSelector(LedgerState.NotPending.selector, 1));
        code.challengePairChain(c, leaf, leaf);
        (UsageAttestation memory a, UsageAttestation memory b) = _equivocation(0);
        bytes memory signatureA = attest(a);
        bytes memory signatureB = attest(b);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.UnknownConfig.selector, 1));
        code.challengeAttestations(a, signatureA, b, signatureB);
    }

    // ---- helpers

    /// @dev In bits 64 to 87 of the slot of `_head`; see snapshots/storage.
    function _raiseGeneration(uint64 generation) private {
        bytes32 slot = bytes32(uint256(7));
        uint256 rest = uint256(vm.load(address(ledger), slot)) & ~(uint256(type(uint24).max) << 64);
        vm.store(address(ledger), slot, bytes32(rest | (uint256(generation) << 64)));
        (,, uint64 now_) = ledger.head();
        assertEq(now_, generation);
    }

    function _equivocation(uint64 index) private view returns (UsageAttestation memory a, UsageAttestation memory b) {
        a = blank(crawler.addr, idA);
        b = blank(crawler.addr, idA);
        (a.logIndex, b.logIndex) = (index, index);
        b.units = 1;
    }

    function _challengeAttestations(UsageAttestation memory a, UsageAttestation memory b) private {
        bytes memory signatureA = attest(a);
        bytes memory signatureB = attest(b);
        vm.prank(watcher);
        logJudge.challengeAttestations(a, signatureA, b, signatureB);
    }

    function _challengeHeaders(Committed memory a, uint32 bitmapA, Committed memory b, uint32 bitmapB) private {
        bytes memory signaturesA = quorum(a.header, bitmapA);
        bytes memory signaturesB = quorum(b.header, bitmapB);
        vm.prank(watcher);
        logJudge.challengeHeaders(a.header, bitmapA, signaturesA, b.header, bitmapB, signaturesB, 1);
    }

    function _assertVoided(uint64 expectedLastPosted, uint64 expectedGeneration) private view {
        (uint64 lastPosted,, uint64 generation) = ledger.head();
        assertEq(lastPosted, expectedLastPosted);
        assertEq(generation, expectedGeneration);
        assertEq(ledger.bond(), 0);
        assertEq(usdc.balanceOf(address(ledger)) * 4, usdc.balanceOf(watcher) * 6);
    }

    /// @dev Breaks one line, posts, wins, and mends the line again.
    function _breakAndChallenge(uint256 kind) private {
        uint64 index = kind < 7 ? 5 : (kind < 10 ? 4 : (kind == 10 ? 3 : (kind == 11 ? 2 : 5)));
        UsageAttestation memory kept = lines[index];
        if (kind == 0) lines[index].logIndex = 4;
        else if (kind == 1) lines[index].rail = 3;
        else if (kind == 2) lines[index].rail = 0;
        else if (kind == 3) lines[index].pairSeq = 0;
        else if (kind == 4) lines[index].pairSeq += 1;
        else if (kind == 5) lines[index].pairPrevIndex = index;
        else if (kind == 6) lines[index].pairPrevIndex = Wire.NONE;
        else if (kind == 7) lines[index].pairCumulative += 1;
        else if (kind == 8) lines[index].pairPrevIndex = 0;
        else if (kind == 9) lines[index].units += 1;
        else if (kind == 10) lines[index].pairPrevIndex = 1;
        else if (kind == 11) lines[index].logIndex += 1;
        else lines[index].pairPrevIndex = 2;
        (uint64 lastPosted,, uint64 generation) = ledger.head();
        Committed memory c = postNext();
        uint64 prevIndex = lines[index].pairPrevIndex;
        LogProof memory leaf = logProof(index);
        LogProof memory prev = prevIndex < lines.length ? logProof(prevIndex) : noProof();
        vm.prank(watcher);
        logJudge.challengePairChain(c, leaf, prev);
        _assertVoided(lastPosted, generation + 1);
        lines[index] = kept;
        addBond(BOND);
    }

    function _honestRepostIsPaid() private {
        (,, uint64 generation) = ledger.head();
        addBond(BOND);
        for (uint256 i = 0; i < lines.length; ++i) {
            lines[i].generation = generation;
        }
        Committed memory c = finaliseNext();
        assertEq(c.header.generation, generation);
        LicenseProof memory proof = licenseProof(0);
        ledger.claim(proof.leaf, proof.index, proof.path);
        assertEq(usdc.balanceOf(payout), proof.leaf.cumulative);
        assertTrue(escrow.solvent());
    }

    function _expectAttestations(
        UsageAttestation memory a,
        bytes memory signatureA,
        UsageAttestation memory b,
        bytes memory signatureB,
        bytes4 reason
    ) private {
        vm.expectRevert(reason);
        logJudge.challengeAttestations(a, signatureA, b, signatureB);
    }

    function _expectHeaders(Committed memory a, Committed memory b, uint64 version, bytes memory reason) private {
        bytes memory signaturesA = quorum(a.header, 3);
        bytes memory signaturesB = quorum(b.header, 3);
        vm.expectRevert(reason);
        logJudge.challengeHeaders(a.header, 3, signaturesA, b.header, 3, signaturesB, version);
    }

    function _expectPairChain(Committed memory c, LogProof memory leaf, LogProof memory prev, bytes4 reason) private {
        vm.expectRevert(reason);
        logJudge.challengePairChain(c, leaf, prev);
    }
}
