// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PaymentProcessor} from "../src/PaymentProcessor.sol";
import {HeaderAnchor} from "../src/HeaderAnchor.sol";
import {Committed, LicenseLeaf, LicenseProof, LogProof, Payment, SumNode, UsageAttestation} from "../src/lib/Types.sol";
import {LogProofLib} from "../src/lib/LogProofLib.sol";
import {LedgerTest} from "./base/LedgerTest.sol";

/// @notice What the main transactions cost, whole (21,000 and calldata included), against a USDC as costly as Circle's.
/// @dev The figures stand in snapshots/GasTest.json: written with FORGE_SNAPSHOT_EMIT=true, checked with FORGE_SNAPSHOT_CHECK=true.
contract GasTest is LedgerTest {
    uint256 internal constant BEFORE = 2_000_000_000;
    address internal vault;

    function setUp() public override {
        super.setUp();
        vault = processor.vaultOf(idA);
        give(crawler.addr, 1_000_000_000);
        give(payout, 1);
        vm.prank(crawler.addr);
        usdc.approve(address(processor), type(uint256).max);
    }

    function test_directPayments() public {
        bytes memory signature = sign(crawler, transferDigest(crawler.addr, other, 5_000, BEFORE, 0));
        give(other, 1);
        usdc.transferWithAuthorization(crawler.addr, other, 5_000, 0, BEFORE, 0, signature);
        uint256 bare = vm.snapshotGasLastCall("usdc.transferWithAuthorization");
        _settle(1);
        assertLe(vm.snapshotGasLastCall("settleAuthorization: first of a vault"), 145_000);
        _settle(2);
        uint256 gasUsed = vm.snapshotGasLastCall("settleAuthorization: same bucket");
        assertLe(gasUsed, 125_000);
        assertLe(gasUsed, bare + 50_000);
        skip(BUCKET);
        _settle(3);
        assertLe(vm.snapshotGasLastCall("settleAuthorization: first of a bucket"), 125_000);
        processor.settleAuthorizations(_authorizations(10));
        assertLe(vm.snapshotGasLastCall("settleAuthorizations: 10"), 10 * (bare + 10_000));
        vm.prank(crawler.addr);
        processor.pay(idA, 5_000, 0);
        vm.snapshotGasLastCall("pay");
        vm.warp(processor.maturesAt(uint64(block.timestamp) / BUCKET));
        processor.withdraw(idA);
        vm.snapshotGasLastCall("withdraw: first, deploys the vault");
        vm.prank(crawler.addr);
        usdc.transfer(vault, 5_000);
        processor.sweep(idA);
        vm.snapshotGasLastCall("sweep");
        vm.prank(publisher);
        license.mint("https://example.org/terms", payout, recovery);
        vm.snapshotGasLastCall("mint licence");
    }

    function test_dispute() public {
        give(publisher, 1_000_000);
        vm.prank(publisher);
        usdc.approve(address(resolver), type(uint256).max);
        vm.prank(crawler.addr);
        usdc.approve(address(resolver), type(uint256).max);
        Payment[] memory payments = new Payment[](256);
        for (uint256 i = 0; i < 256; ++i) {
            vm.prank(crawler.addr);
            bytes32 paymentId = processor.pay(idA, 5_000, bytes32(i));
            payments[i] = Payment(paymentId, idA, crawler.addr, 5_000, uint64(block.timestamp));
        }
        vm.prank(crawler.addr);
        resolver.open(payments, "evidence", "ipfs://evidence");
        vm.snapshotGasLastCall("dispute: open, 256 payments");
        vm.prank(publisher);
        resolver.answer(1, "evidence", "ipfs://evidence");
        vm.snapshotGasLastCall("dispute: answer");
        vm.prank(crawler.addr);
        resolver.escalate(1);
        vm.snapshotGasLastCall("dispute: escalate");
        vm.prank(arbiter);
        resolver.rule(1, 1);
        vm.snapshotGasLastCall("dispute: rule");
        resolver.resolve(1, payments);
        vm.snapshotGasLastCall("dispute: resolve, refund of 256 payments");
    }

    function test_credits() public {
        skip(1);
        bytes32 nonce = keccak256("nonce");
        bytes memory signature = sign(crawler, receiveDigest(crawler.addr, address(escrow), 5_000, BEFORE, nonce));
        escrow.depositWithAuthorization(crawler.addr, 5_000, 0, BEFORE, nonce, signature);
        vm.snapshotGasLastCall("depositWithAuthorization");
        skip(1);
        nonce = keccak256("other nonce");
        signature = sign(crawler, receiveDigest(crawler.addr, address(escrow), 5_000, BEFORE, nonce));
        (bytes32 r, bytes32 s, uint8 v) = split(signature);
        escrow.depositWithAuthorization(crawler.addr, 5_000, 0, BEFORE, nonce, v, r, s);
        vm.snapshotGasLastCall("depositWithAuthorization: v, r, s");
        give(other, 5_001);
        signature = sign(makeAccount("other"), receiveDigest(other, address(escrow), 5_000, BEFORE, nonce));
        escrow.depositWithAuthorization(other, 5_000, 0, BEFORE, nonce, signature);
        vm.snapshotGasLastCall("depositWithAuthorization: first of a crawler");
    }

    function test_headers() public {
        HeaderAnchor anchor =
            new HeaderAnchor(admin, ledger.deploymentId(), CONFIG_DELAY, 2, rootAddresses(), attestor.addr);
        use(crawler.addr, idA, 2, 1_000);
        finaliseNext();
        Committed memory c = nextEpoch();
        anchor.anchor(c.header, 7, quorum(c.header, 7));
        post(c);
        use(crawler.addr, idA, 2, 1_000);
        c = nextEpoch();
        ledger.post(c.header, c.body, 7, quorum(c.header, 7));
        vm.snapshotGasLastCall("post: 3 signatures");
        anchor.anchor(c.header, 7, quorum(c.header, 7));
        vm.snapshotGasLastCall("anchor: 3 signatures");
        skip(WINDOW);
        ledger.finalise(c);
        vm.snapshotGasLastCall("finalise");
    }

    /// @dev 128 licences, made up of siblings that hold nothing but a hash and a sum.
    function test_claims() public {
        LicenseProof memory proof = _claimRound(1_000);
        ledger.claim(proof.leaf, proof.index, proof.path);
        vm.snapshotGasLastCall("claim: first, 128 licences");
        proof = _claimRound(2_000);
        ledger.claim(proof.leaf, proof.index, proof.path);
        vm.snapshotGasLastCall("claim: again, 128 licences");
        proof = _claimRound(3_000);
        LicenseProof[] memory claims = new LicenseProof[](1);
        claims[0] = proof;
        ledger.claimBatch(claims);
        vm.snapshotGasLastCall("claimBatch: one licence");
    }

    /// @dev 2^24 lines; the two in question are neighbours.
    function test_challenges() public {
        use(crawler.addr, idA, 1, 100);
        use(crawler.addr, idA, 1, 100);
        lines[1].pairCumulative += 1;
        LogProof memory prev = LogProof(lines[0], 0, _deepPath(logLeaf(lines[1])));
        LogProof memory leaf = LogProof(lines[1], 1, _deepPath(logLeaf(lines[0])));
        Committed memory c = nextEpoch();
        c.body.logSize = uint64(1) << 24;
        bytes32 root = LogProofLib.node(leaf.path[0], prev.path[0]);
        for (uint256 i = 1; i < 24; ++i) {
            root = LogProofLib.node(root, leaf.path[i]);
        }
        c.body.logRoot = root;
        post(seal(c));
        ledger.challengePairChain(c, leaf, prev);
        vm.snapshotGasLastCall("challengePairChain: 2^24 lines");

        UsageAttestation memory a = lines[0];
        UsageAttestation memory b = lines[1];
        b.logIndex = 0;
        ledger.challengeAttestations(a, attest(a), b, attest(b));
        vm.snapshotGasLastCall("challengeAttestations: nothing pending");
    }

    function _settle(uint256 nonce) private {
        bytes32 n = bytes32(nonce);
        bytes memory signature = sign(crawler, transferDigest(crawler.addr, vault, 5_000, BEFORE, n));
        processor.settleAuthorization(idA, crawler.addr, 5_000, 0, BEFORE, n, signature);
    }

    function _authorizations(uint256 count) private view returns (PaymentProcessor.Authorization[] memory batch) {
        batch = new PaymentProcessor.Authorization[](count);
        for (uint256 i = 0; i < count; ++i) {
            bytes32 n = keccak256(abi.encode(i));
            bytes memory signature = sign(crawler, transferDigest(crawler.addr, vault, 5_000, BEFORE, n));
            batch[i] = PaymentProcessor.Authorization(idA, crawler.addr, 5_000, 0, BEFORE, n, signature);
        }
    }

    function _deepPath(bytes32 sibling) private pure returns (bytes32[] memory path) {
        path = new bytes32[](24);
        path[0] = sibling;
        for (uint256 i = 1; i < 24; ++i) {
            path[i] = keccak256(abi.encode(i));
        }
    }

    function _claimRound(uint128 cumulative) private returns (LicenseProof memory proof) {
        proof.leaf = LicenseLeaf(idA, cumulative, 1, keccak256("pairs"));
        proof.path = new SumNode[](7);
        SumNode memory node = SumNode(keccak256(abi.encodePacked(uint8(3), abi.encode(proof.leaf))), cumulative);
        for (uint256 i = 0; i < 7; ++i) {
            SumNode memory sibling = SumNode(keccak256(abi.encode(i)), uint128(100 + i));
            proof.path[i] = sibling;
            node = SumNode(
                keccak256(abi.encodePacked(uint8(5), node.hash, node.sum, sibling.hash, sibling.sum)),
                node.sum + sibling.sum
            );
        }
        Committed memory c = nextEpoch();
        (c.body.licenseCount, c.body.creditRoot) = (128, node.hash);
        (c.body.crawlerCount, c.body.debitRoot) = (1, keccak256("debit"));
        (c.body.totalCredit, c.body.totalDebit) = (node.sum, node.sum);
        post(seal(c));
        skip(WINDOW);
        ledger.finalise(c);
    }
}
