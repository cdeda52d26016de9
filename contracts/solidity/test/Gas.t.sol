// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PaymentProcessor} from "../src/PaymentProcessor.sol";
import {HeaderAnchor} from "../src/HeaderAnchor.sol";
import {Committed, LicenseLeaf, LicenseProof, LogProof, Payment, SumNode, UsageAttestation} from "../src/lib/Types.sol";
import {LogProofLib} from "../src/lib/LogProofLib.sol";
import {LedgerTest} from "./base/LedgerTest.sol";
import {Trees} from "./base/Trees.sol";

/// @notice What the main transactions cost, whole (21,000 and calldata included), against a USDC as costly as Circle's,
/// and the most that each may cost.
/// @dev The figures stand in snapshots/GasTest.json: written with FORGE_SNAPSHOT_EMIT=true, checked with FORGE_SNAPSHOT_CHECK=true.
/// docs/gas.md says what they mean.
contract GasTest is LedgerTest {
    uint256 internal constant BEFORE = 2_000_000_000;
    uint256 internal constant AMOUNT = 100_000_000;
    uint256 internal constant LICENCES = 128;
    uint256 internal constant CHALLENGE = 250_000;
    address internal vault;
    LicenseLeaf[] internal credit;

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
        _deposit("nonce");
        assertLe(vm.snapshotGasLastCall("depositWithAuthorization"), 120_000);
        skip(1);
        bytes32 nonce = keccak256("other nonce");
        bytes memory signature = sign(crawler, receiveDigest(crawler.addr, address(escrow), AMOUNT, BEFORE, nonce));
        (bytes32 r, bytes32 s, uint8 v) = split(signature);
        escrow.depositWithAuthorization(crawler.addr, AMOUNT, 0, BEFORE, nonce, v, r, s);
        assertLe(vm.snapshotGasLastCall("depositWithAuthorization: v, r, s"), 120_000);
        skip(1);
        vm.startPrank(crawler.addr);
        _deposit("third nonce");
        vm.stopPrank();
        assertLe(vm.snapshotGasLastCall("depositWithAuthorization: by the crawler itself"), 120_000);
        give(other, AMOUNT + 1);
        signature = sign(makeAccount("other"), receiveDigest(other, address(escrow), AMOUNT, BEFORE, nonce));
        escrow.depositWithAuthorization(other, AMOUNT, 0, BEFORE, nonce, signature);
        assertLe(vm.snapshotGasLastCall("depositWithAuthorization: first of a crawler"), 120_000);
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
        assertLe(vm.snapshotGasLastCall("post: 3 signatures"), 90_000);
        anchor.anchor(c.header, 7, quorum(c.header, 7));
        assertLe(vm.snapshotGasLastCall("anchor: 3 signatures"), 60_000);
        skip(WINDOW);
        ledger.finalise(c);
        vm.snapshotGasLastCall("finalise");
    }

    /// @dev 128 licences, the first ones real, each with a payout address of its own that holds some USDC; the ledger has
    /// paid others before. The licence in question is the last real one, where the path goes left most often.
    function test_claims() public {
        _makeLicences(32, true);
        _claim(0);
        _claim(31);
        assertLe(vm.snapshotGasLastCall("claim: first, 128 licences"), 110_000);
        _earn();
        _claim(31);
        assertLe(vm.snapshotGasLastCall("claim: again, 128 licences"), 90_000);
        _earn();
        ledger.claimBatch(_proofs(31, 32));
        vm.snapshotGasLastCall("claimBatch: one licence");
    }

    function test_claims_payoutWithoutUsdc() public {
        _makeLicences(2, false);
        _claim(0);
        _claim(1);
        vm.snapshotGasLastCall("claim: first, 128 licences, payout address without USDC");
    }

    /// @dev What one licence more costs.
    function test_batchesOfClaims() public {
        _makeLicences(32, true);
        _claim(0);
        ledger.claimBatch(_proofs(1, 10));
        uint256 before = vm.snapshotGasLastCall("claimBatch: 9 licences, first");
        ledger.claimBatch(_proofs(10, 20));
        uint256 more = vm.snapshotGasLastCall("claimBatch: 10 licences, first") - before;
        vm.snapshotValue("claimBatch: one licence more, first", more);
        assertLe(more, 55_000);
        _earn();
        ledger.claimBatch(_proofs(1, 10));
        before = vm.snapshotGasLastCall("claimBatch: 9 licences, again");
        ledger.claimBatch(_proofs(10, 20));
        more = vm.snapshotGasLastCall("claimBatch: 10 licences, again") - before;
        vm.snapshotValue("claimBatch: one licence more, again", more);
        assertLe(more, 55_000);
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
        logJudge.challengePairChain(c, leaf, prev);
        assertLe(vm.snapshotGasLastCall("challengePairChain: 2^24 lines"), CHALLENGE);

        UsageAttestation memory a = lines[0];
        UsageAttestation memory b = lines[1];
        b.logIndex = 0;
        logJudge.challengeAttestations(a, attest(a), b, attest(b));
        assertLe(vm.snapshotGasLastCall("challengeAttestations: nothing pending"), CHALLENGE);
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

    function _deposit(string memory name) private {
        bytes32 nonce = keccak256(bytes(name));
        bytes memory signature = sign(crawler, receiveDigest(crawler.addr, address(escrow), AMOUNT, BEFORE, nonce));
        escrow.depositWithAuthorization(crawler.addr, AMOUNT, 0, BEFORE, nonce, signature);
    }

    /// @dev A tree of 128 licences with cumulative sums of five bytes, of which `real` exist, and a first epoch.
    function _makeLicences(uint256 real, bool rich) private {
        deposit(crawler.addr, 1_000_000_000_000);
        addBond(900_000_000_000);
        for (uint256 i = 0; i < LICENCES; ++i) {
            uint256 id = type(uint32).max + i;
            if (i < real) {
                address to = address(uint160(uint256(keccak256(abi.encode("payout", i)))));
                if (rich) give(to, 1);
                vm.prank(publisher);
                id = license.mint("https://example.org/terms", to, recovery);
            }
            credit.push(LicenseLeaf(id, 0, 1, keccak256(abi.encode("pairs", i))));
        }
        _earn();
    }

    /// @dev Each licence earns more, and an epoch that says so is final.
    function _earn() private {
        for (uint256 i = 0; i < LICENCES; ++i) {
            credit[i].cumulative += 1_234_567_890;
        }
        SumNode memory root = Trees.sumRoot(_nodes());
        Committed memory c = nextEpoch();
        (c.body.logSize, c.body.logRoot) = (1_000_000, keccak256("log"));
        (c.body.licenseCount, c.body.creditRoot) = (uint64(LICENCES), root.hash);
        (c.body.crawlerCount, c.body.debitRoot) = (1, keccak256("debit"));
        (c.body.totalCredit, c.body.totalDebit) = (root.sum, root.sum);
        post(seal(c));
        skip(WINDOW);
        ledger.finalise(c);
    }

    function _nodes() private view returns (SumNode[] memory nodes) {
        nodes = new SumNode[](LICENCES);
        for (uint256 i = 0; i < LICENCES; ++i) {
            nodes[i] = SumNode(keccak256(abi.encodePacked(uint8(3), abi.encode(credit[i]))), credit[i].cumulative);
        }
    }

    function _claim(uint64 index) private {
        LicenseProof memory proof = _proofs(index, index + 1)[0];
        ledger.claim(proof.leaf, proof.index, proof.path);
    }

    function _proofs(uint64 from, uint64 to) private view returns (LicenseProof[] memory proofs) {
        SumNode[] memory nodes = _nodes();
        proofs = new LicenseProof[](to - from);
        for (uint64 i = from; i < to; ++i) {
            proofs[i - from] = LicenseProof(credit[i], i, Trees.sumPath(nodes, i));
        }
    }
}
