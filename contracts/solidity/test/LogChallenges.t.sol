// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChallengeBase} from "../src/ChallengeBase.sol";
import {LedgerChallenges} from "../src/LedgerChallenges.sol";
import {LedgerState} from "../src/LedgerState.sol";
import {SignerConfigs} from "../src/SignerConfigs.sol";
import {Committed, LicenseProof, LogProof, UsageAttestation} from "../src/lib/Types.sol";
import {LogProofLib} from "../src/lib/LogProofLib.sol";
import {LedgerTest} from "./base/LedgerTest.sol";
import {Trees} from "./base/Trees.sol";

/// @notice C1, C3 and C8: promises, duplicates, rewritten history.
contract LogChallengesTest is LedgerTest {
    uint256 internal constant REWARD = BOND * 4 / 10;
    address internal watcher;

    function setUp() public override {
        super.setUp();
        watcher = makeAddress("watcher");
        use(crawler.addr, idA, 2, 1_000);
        use(crawlerB.addr, idA, 1, 5_000);
        useDirect(crawler.addr, idA);
    }

    // ---- C1

    function test_brokenPromise_shouldVoidItAndItsSuccessors() public {
        Committed memory good = postNext();
        use(crawler.addr, idA, 1, 100);
        UsageAttestation memory promised = lines[3];
        lines[3].contentId = keccak256("another page");
        Committed memory bad = postNext();
        Committed memory successor = postNext();
        LogProof memory found = logProof(3);
        bytes memory signature = attest(promised);
        vm.expectEmit(address(ledger));
        emit LedgerState.HeaderVoided(2, 1, hashOf(bad.header));
        vm.expectEmit(address(ledger));
        emit LedgerState.HeaderVoided(3, 1, hashOf(successor.header));
        vm.expectEmit(address(ledger));
        emit LedgerState.ChallengeWon(1, 2, watcher, REWARD);
        vm.prank(watcher);
        logJudge.challengePromise(bad, promised, signature, logLeaf(lines[3]), found.path);
        _assertVoided(1, 2);
        lines[3] = promised;
        skip(WINDOW);
        ledger.finalise(good);
        _honestRepostIsPaid();
        // The promise was of the old generation, and is worth nothing against the new one.
        Committed memory c = postNext();
        vm.expectRevert(ChallengeBase.NoLie.selector);
        logJudge.challengePromise(c, promised, signature, bytes32(0), found.path);
    }

    function test_brokenPromise_ofADirectLine_shouldVoid() public {
        UsageAttestation memory promised = lines[2];
        lines[2].units = 2;
        Committed memory bad = postNext();
        bytes32[] memory path = logProof(2).path;
        _challengePromise(bad, promised, logLeaf(lines[2]), path);
        _assertVoided(0, 2);
        lines[2] = promised;
        _honestRepostIsPaid();
    }

    function test_keptPromise_shouldNeverBeDefeated() public {
        Committed memory c = postNext();
        for (uint64 i = 0; i < lines.length; ++i) {
            for (uint64 j = 0; j < lines.length; ++j) {
                bytes4 reason = i == j ? ChallengeBase.NoLie.selector : LedgerState.BadProof.selector;
                _expectPromise(c, lines[i], logLeaf(lines[j]), logProof(j).path, reason);
            }
        }
    }

    function test_promise_ofAnotherHeader_shouldRevert() public {
        postNext();
        use(crawler.addr, idA, 1, 100);
        UsageAttestation memory covered = lines[0];
        covered.units += 1;
        UsageAttestation memory later = blank(crawler.addr, idA);
        UsageAttestation memory old = lines[3];
        old.generation = 2;
        Committed memory c = postNext();
        _expectPromise(c, covered, logLeaf(lines[0]), logProof(0).path, ChallengeBase.NoLie.selector);
        _expectPromise(c, old, logLeaf(lines[3]), logProof(3).path, ChallengeBase.NoLie.selector);
        _expectPromise(c, later, bytes32(0), logProof(3).path, LedgerState.BadProof.selector);
    }

    function test_promise_notSignedByTheKey_shouldRevert() public {
        UsageAttestation memory a = lines[0];
        a.units += 1;
        Committed memory c = postNext();
        bytes memory forged = sign(crawler, keccak256("anything"));
        bytes memory high = flip(attest(a));
        bytes32[] memory path = logProof(0).path;
        bytes32 found = logLeaf(lines[0]);
        bytes memory reason = abi.encodeWithSelector(ChallengeBase.NotSignedByKey.selector, attestor.addr);
        vm.expectRevert(reason);
        logJudge.challengePromise(c, a, forged, found, path);
        vm.expectRevert(reason);
        logJudge.challengePromise(c, a, high, found, path);
        a.configVersion = 2;
        bytes memory signature = attest(a);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.UnknownConfig.selector, 2));
        logJudge.challengePromise(c, a, signature, found, path);
    }

    /// @dev Else whoever stole a key could void every header for ever.
    function test_promise_byADroppedKey_shouldCountInItsOwnGenerationsOnly() public {
        UsageAttestation memory promised = lines[0];
        lines[0].contentId = 0;
        Committed memory before = postNext();
        UsageAttestation memory a = blank(crawler.addr, idA);
        UsageAttestation memory b = blank(crawler.addr, idA);
        b.units = 1;
        logJudge.challengeAttestations(a, attest(a), b, attest(b));
        assertEq(ledger.droppedIn(attestor.addr), 1);
        Committed memory c = postNextWithBond();
        UsageAttestation memory stolen = blank(crawler.addr, idA);
        stolen.logIndex = 3;
        use(crawler.addr, idA, 1, 100);
        Committed memory honest = postNext();
        bytes memory signature = attest(stolen);
        bytes32 found = logLeaf(lines[3]);
        bytes32[] memory path = logProof(3).path;
        vm.expectRevert(abi.encodeWithSelector(ChallengeBase.KeyAlreadyDropped.selector, attestor.addr));
        logJudge.challengePromise(honest, stolen, signature, found, path);
        // What it had promised before it was dropped still binds the headers of that time.
        LogProof memory proof = LogProof(lines[0], 0, _pathAmong(3, 0));
        _challengePromise(before, promised, logLeaf(proof.leaf), proof.path);
        (uint64 lastPosted,, uint64 generation) = ledger.head();
        assertEq(lastPosted, 0);
        assertEq(generation, 3);
        assertEq(c.header.generation, 2);
    }

    function test_promise_ofAFinalHeader_shouldRevert() public {
        UsageAttestation memory promised = lines[0];
        lines[0].contentId = 0;
        Committed memory c = finaliseNext();
        bytes memory signature = attest(promised);
        bytes32 found = logLeaf(lines[0]);
        bytes32[] memory path = logProof(0).path;
        vm.expectRevert(abi.encodeWithSelector(LedgerState.NotPending.selector, 1));
        logJudge.challengePromise(c, promised, signature, found, path);
    }

    // ---- C3

    function test_billedTwice_anyRule_shouldVoid() public {
        for (uint256 kind = 0; kind < 4; ++kind) {
            (uint64 lastPosted,, uint64 generation) = ledger.head();
            uint64 first = kind == 3 ? 2 : 0;
            if (kind == 3) useDirect(crawlerB.addr, idB);
            else if (kind == 1) useDirect(crawler.addr, idA);
            else use(crawler.addr, idA, 1, 100);
            uint64 last = uint64(lines.length - 1);
            if (kind == 2) lines[last].pairSeq = lines[0].pairSeq;
            else if (kind == 3) lines[last].paymentRef = lines[2].paymentRef;
            else lines[last].requestId = lines[0].requestId;
            Committed memory c = postNext();
            LogProof memory a = logProof(first);
            LogProof memory b = logProof(last);
            vm.expectEmit(address(ledger));
            emit LedgerState.ChallengeWon(3, 1, watcher, REWARD);
            vm.prank(watcher);
            if (kind % 2 == 0) logJudge.challengeDuplicate(c, a, b);
            else logJudge.challengeDuplicate(c, b, a);
            _assertVoided(lastPosted, generation + 1);
            lines.pop();
            addBond(BOND);
        }
        _honestRepostIsPaid();
    }

    function test_billedOnce_shouldNeverBeDefeated() public {
        use(crawler.addr, idA, 1, 100);
        use(crawler.addr, idB, 1, 100);
        useDirect(crawler.addr, idA);
        // The same number of another pair, a request of another crawler, and a direct payment with a voucher's hash.
        lines[4].requestId = lines[0].requestId;
        lines[5].paymentRef = lines[0].paymentRef;
        Committed memory c = postNext();
        for (uint64 i = 0; i < lines.length; ++i) {
            for (uint64 j = 0; j < lines.length; ++j) {
                LogProof memory a = logProof(i);
                LogProof memory b = logProof(j);
                vm.expectRevert(ChallengeBase.NoLie.selector);
                logJudge.challengeDuplicate(c, a, b);
            }
        }
    }

    function test_billedTwice_badEvidence_shouldRevert() public {
        Committed memory c = postNext();
        LogProof memory a = logProof(0);
        LogProof memory b = logProof(1);
        b.leaf = a.leaf;
        vm.expectRevert(LedgerState.BadProof.selector);
        logJudge.challengeDuplicate(c, a, b);
        vm.expectRevert(LedgerState.BadProof.selector);
        logJudge.challengeDuplicate(c, b, a);
    }

    function test_billedTwice_onceFinal_shouldNotVoidLaterHeaders() public {
        use(crawler.addr, idA, 1, 100);
        lines[3].requestId = lines[0].requestId;
        finaliseNext();
        Committed memory c = postNext();
        LogProof memory a = logProof(0);
        LogProof memory b = logProof(3);
        vm.expectRevert(abi.encodeWithSelector(LedgerChallenges.LeafAlreadyFinal.selector, 3));
        logJudge.challengeDuplicate(c, a, b);
        // A new line that repeats a final one is a lie of its own.
        use(crawlerB.addr, idA, 1, 100);
        lines[4].requestId = lines[1].requestId;
        c = postNext();
        a = logProof(1);
        b = logProof(4);
        vm.prank(watcher);
        logJudge.challengeDuplicate(c, a, b);
        _assertVoided(2, 2);
        lines[4].requestId = keccak256("request of its own");
        _honestRepostIsPaid();
    }

    // ---- C8

    function test_rewrite_shouldVoidItAndItsSuccessors() public {
        Committed memory first = postNext();
        bytes32[] memory olderPath = logProof(1).path;
        bytes32 older = logLeaf(lines[1]);
        UsageAttestation memory kept = lines[1];
        lines[1].contentId = 0;
        use(crawler.addr, idA, 1, 100);
        Committed memory bad = postNext();
        postNext();
        bytes32 newer = logLeaf(lines[1]);
        bytes32[] memory newerPath = logProof(1).path;
        vm.expectEmit(address(ledger));
        emit LedgerState.ChallengeWon(8, 2, watcher, REWARD);
        vm.prank(watcher);
        logJudge.challengeRewrite(bad, first, 1, older, olderPath, newer, newerPath);
        _assertVoided(1, 2);
        lines[1] = kept;
        skip(WINDOW);
        ledger.finalise(first);
        _honestRepostIsPaid();
    }

    function test_rewrite_ofAFinalHeader_shouldVoid() public {
        Committed memory first = finaliseNext();
        bytes32[] memory olderPath = logProof(0).path;
        bytes32 older = logLeaf(lines[0]);
        UsageAttestation memory kept = lines[0];
        lines[0].contentId = 0;
        Committed memory bad = postNext();
        bytes32 newer = logLeaf(lines[0]);
        bytes32[] memory newerPath = logProof(0).path;
        vm.prank(watcher);
        logJudge.challengeRewrite(bad, first, 0, older, olderPath, newer, newerPath);
        _assertVoided(1, 2);
        lines[0] = kept;
        _honestRepostIsPaid();
    }

    function test_continuedLog_shouldNeverBeDefeated() public {
        Committed memory first = postNext();
        bytes32[][] memory paths = new bytes32[][](3);
        for (uint64 i = 0; i < 3; ++i) {
            paths[i] = logProof(i).path;
        }
        use(crawler.addr, idA, 1, 100);
        use(crawlerB.addr, idB, 1, 100);
        Committed memory second = postNext();
        for (uint64 i = 0; i < 3; ++i) {
            bytes32 older = logLeaf(lines[i]);
            for (uint64 j = 0; j < lines.length; ++j) {
                bytes32 newer = logLeaf(lines[j]);
                bytes32[] memory path = logProof(j).path;
                vm.expectRevert(i == j ? ChallengeBase.NoLie.selector : LedgerState.BadProof.selector);
                logJudge.challengeRewrite(second, first, i, older, paths[i], newer, path);
            }
        }
        bytes32[] memory newPath = logProof(3).path;
        vm.expectRevert(LedgerState.BadProof.selector);
        logJudge.challengeRewrite(second, first, 3, bytes32(0), paths[0], logLeaf(lines[3]), newPath);
    }

    function test_rewrite_ofAnotherThanThePredecessor_shouldRevert() public {
        Committed memory first = postNext();
        Committed memory second = postNext();
        Committed memory third = postNext();
        bytes32[] memory path = logProof(0).path;
        vm.expectRevert(
            abi.encodeWithSelector(ChallengeBase.NotPredecessor.selector, hashOf(second.header), hashOf(first.header))
        );
        logJudge.challengeRewrite(third, first, 0, bytes32(0), path, bytes32(uint256(1)), path);
        second.body.closedAt += 1;
        vm.expectRevert(LedgerState.WrongBody.selector);
        logJudge.challengeRewrite(third, second, 0, bytes32(0), path, bytes32(uint256(1)), path);
    }

    // ---- gas at 2^24 lines

    function test_gas_shouldBeBelow250kAt16MLines() public {
        use(crawler.addr, idA, 1, 100);
        lines[1] = lines[0];
        lines[1].contentId = 0;
        bytes32[] memory pathA = _deepPath(logLeaf(lines[1]));
        bytes32[] memory pathB = _deepPath(logLeaf(lines[0]));
        Committed memory c = _deepEpoch(pathA);
        post(c);
        logJudge.challengeDuplicate(c, LogProof(lines[0], 0, pathA), LogProof(lines[1], 1, pathB));
        assertLe(vm.snapshotGasLastCall("challengeDuplicate: 2^24 lines"), 250_000);
        addBond(BOND);
        c = _deepEpoch(pathA);
        post(c);
        UsageAttestation memory promised = lines[0];
        promised.generation = 2;
        logJudge.challengePromise(c, promised, attest(promised), logLeaf(lines[0]), pathA);
        assertLe(vm.snapshotGasLastCall("challengePromise: 2^24 lines"), 250_000);
        addBond(BOND);
        Committed memory first = _deepEpoch(pathA);
        post(first);
        bytes32 older = logLeaf(lines[0]);
        lines[0].contentId = 0;
        c = _deepEpoch(pathA);
        post(c);
        logJudge.challengeRewrite(c, first, 0, older, pathA, logLeaf(lines[0]), pathA);
        assertLe(vm.snapshotGasLastCall("challengeRewrite: 2^24 lines"), 250_000);
    }

    // ---- helpers

    function _deepEpoch(bytes32[] memory path) private view returns (Committed memory c) {
        c = nextEpoch();
        c.body.logSize = uint64(1) << 24;
        bytes32 root = logLeaf(lines[0]);
        for (uint256 i = 0; i < 24; ++i) {
            root = LogProofLib.node(root, path[i]);
        }
        c.body.logRoot = root;
        seal(c);
    }

    function _deepPath(bytes32 sibling) private pure returns (bytes32[] memory path) {
        path = new bytes32[](24);
        path[0] = sibling;
        for (uint256 i = 1; i < 24; ++i) {
            path[i] = keccak256(abi.encode(i));
        }
    }

    /// @dev The path of a line in the log of the first `size` lines.
    function _pathAmong(uint256 size, uint64 index) private view returns (bytes32[] memory) {
        bytes32[] memory leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            leaves[i] = logLeaf(lines[i]);
        }
        return Trees.logPath(leaves, index);
    }

    function postNextWithBond() private returns (Committed memory) {
        addBond(BOND);
        return postNext();
    }

    function _challengePromise(
        Committed memory c,
        UsageAttestation memory a,
        bytes32 otherLeafHash,
        bytes32[] memory path
    ) private {
        bytes memory signature = attest(a);
        vm.prank(watcher);
        logJudge.challengePromise(c, a, signature, otherLeafHash, path);
    }

    function _expectPromise(
        Committed memory c,
        UsageAttestation memory a,
        bytes32 otherLeafHash,
        bytes32[] memory path,
        bytes4 reason
    ) private {
        bytes memory signature = attest(a);
        vm.expectRevert(reason);
        logJudge.challengePromise(c, a, signature, otherLeafHash, path);
    }

    function _assertVoided(uint64 expectedLastPosted, uint64 expectedGeneration) private view {
        (uint64 lastPosted,, uint64 generation) = ledger.head();
        assertEq(lastPosted, expectedLastPosted);
        assertEq(generation, expectedGeneration);
        assertEq(ledger.bond(), 0);
        assertEq(usdc.balanceOf(address(ledger)) * 4, usdc.balanceOf(watcher) * 6);
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
}
