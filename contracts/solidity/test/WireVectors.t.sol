// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    CrawlVoucher,
    CrawlerLeaf,
    EpochBody,
    EpochHeader,
    LicenseLeaf,
    PairLeaf,
    SignerGrant,
    SumNode,
    UsageAttestation
} from "../src/lib/Types.sol";
import {CreditEscrow} from "../src/CreditEscrow.sol";
import {CrawlLicense} from "../src/CrawlLicense.sol";
import {DisputeResolver} from "../src/DisputeResolver.sol";
import {DemandChallenges} from "../src/DemandChallenges.sol";
import {HeaderAnchor} from "../src/HeaderAnchor.sol";
import {LedgerChallenges} from "../src/LedgerChallenges.sol";
import {LedgerState} from "../src/LedgerState.sol";
import {LostBonds} from "../src/LostBonds.sol";
import {MeteringLedger} from "../src/MeteringLedger.sol";
import {PaymentProcessor} from "../src/PaymentProcessor.sol";
import {RemedyState} from "../src/RemedyState.sol";
import {SettlementChallenges} from "../src/SettlementChallenges.sol";
import {SignerConfigs} from "../src/SignerConfigs.sol";
import {Ecdsa} from "../src/lib/Ecdsa.sol";
import {LogProofLib} from "../src/lib/LogProofLib.sol";
import {SumTree} from "../src/lib/SumTree.sol";
import {Wire} from "../src/lib/Wire.sol";
import {Test} from "./base/Test.sol";

/// @notice The libraries with their calldata signatures, callable from a test.
contract WireCalls {
    function hash(CrawlVoucher calldata x) external pure returns (bytes32) {
        return Wire.hashStruct(x);
    }

    function hash(SignerGrant calldata x) external pure returns (bytes32) {
        return Wire.hashStruct(x);
    }

    function hash(UsageAttestation calldata x) external pure returns (bytes32) {
        return Wire.hashStruct(x);
    }

    function hash(EpochBody calldata x) external pure returns (bytes32) {
        return Wire.hashStruct(x);
    }

    function hash(EpochHeader calldata x) external pure returns (bytes32) {
        return Wire.hashStruct(x);
    }

    function logLeaf(UsageAttestation calldata x) external pure returns (bytes32) {
        return Wire.logLeaf(x);
    }

    function node(PairLeaf calldata x) external pure returns (SumNode memory) {
        return Wire.leafNode(x);
    }

    function node(LicenseLeaf calldata x) external pure returns (SumNode memory) {
        return Wire.leafNode(x);
    }

    function node(CrawlerLeaf calldata x) external pure returns (SumNode memory) {
        return Wire.leafNode(x);
    }

    function verifyLog(bytes32 root, uint64 size, bytes32 leaf, uint64 index, bytes32[] calldata path)
        external
        pure
        returns (bool)
    {
        return LogProofLib.verify(root, size, leaf, index, path);
    }

    function verifySum(SumNode memory root, uint64 count, SumNode memory leaf, uint64 index, SumNode[] calldata path)
        external
        pure
        returns (bool)
    {
        return SumTree.verify(root, count, leaf, index, path);
    }

    function recover65(bytes32 digest, bytes calldata signature) external pure returns (address) {
        return Ecdsa.recover65(digest, signature);
    }

    function recover64(bytes32 digest, bytes calldata signature) external pure returns (address) {
        return Ecdsa.recover64(digest, bytes32(signature[:32]), bytes32(signature[32:]));
    }
}

/// @notice The golden vectors of docs/spec/vectors/wire.json, which viem made.
/// @dev The structs mirror the file; forge reads them by the type strings below.
contract WireVectorsTest is Test {
    struct Signed {
        bytes32 digest;
        address signer;
        bytes signature;
        bytes compact;
        bytes highS;
    }

    struct AttestationRow {
        UsageAttestation value;
        bytes32 structHash;
        bytes32 leafHash;
    }

    struct HeaderRow {
        EpochBody body;
        EpochHeader header;
        bytes32 bodyHash;
        bytes32 headerHash;
        bytes32 digest;
        Quorum[] quorums;
    }

    struct Quorum {
        uint32 bitmap;
        bytes signatures;
    }

    struct ConfigRow {
        bytes32 deploymentId;
        uint64 version;
        uint8 threshold;
        address[] signers;
        address attestationKey;
        bytes32 configDigest;
    }

    struct LogTree {
        uint64 size;
        bytes32 root;
        LogPath[] inclusion;
    }

    struct LogPath {
        uint64 index;
        bytes32[] path;
    }

    struct SumTreeRow {
        uint64 size;
        SumNode root;
        SumPath[] proofs;
    }

    struct SumPath {
        uint64 index;
        SumNode[] path;
    }

    struct LicenseTree {
        bytes32 root;
        uint128 sum;
        uint64 count;
        LicenseParent[] parents;
    }

    struct LicenseParent {
        LicenseLeaf leaf;
        bytes32 leafHash;
        uint64 index;
        SumNode[] path;
        PairPath[] pairs;
    }

    struct CrawlerTree {
        bytes32 root;
        uint128 sum;
        uint64 count;
        CrawlerParent[] parents;
    }

    struct CrawlerParent {
        CrawlerLeaf leaf;
        bytes32 leafHash;
        uint64 index;
        SumNode[] path;
        PairPath[] pairs;
    }

    struct PairPath {
        uint256 key;
        uint64 index;
        SumNode[] path;
    }

    struct PairRow {
        address crawler;
        uint256 licenseId;
        uint128 cumulative;
        uint64 lastPairSeq;
        uint64 lastLogIndex;
        bytes32 voucherHash;
        bytes32 leafHash;
    }

    string private constant SIGNED = "Signed(bytes32 digest,address signer,bytes signature,bytes compact,bytes highS)";
    string private constant VOUCHER =
        "CrawlVoucher(address crawler,uint256 licenseId,uint128 cumulativeMax,bytes32 termsHash)";
    string private constant GRANT = "SignerGrant(address crawler,address signer,uint64 expiry)";
    string private constant ATTESTATION =
        "UsageAttestation(uint64 generation,uint64 logIndex,uint64 configVersion,uint8 rail,address crawler,uint256 licenseId,bytes32 contentId,bytes32 requestId,uint64 units,uint128 unitPrice,uint64 pairSeq,uint64 pairPrevIndex,uint128 pairCumulative,bytes32 paymentRef,uint64 issuedAtMs)";
    string private constant BODY =
        "EpochBody(uint64 logSize,bytes32 logRoot,uint64 licenseCount,bytes32 creditRoot,uint64 crawlerCount,bytes32 debitRoot,uint128 totalCredit,uint128 totalDebit,bytes32 rulesHash,bytes32 dataCommitment,uint64 closedAt)";
    string private constant HEADER =
        "EpochHeader(uint64 epoch,uint64 generation,bytes32 prevHeaderHash,bytes32 configDigest,bytes32 bodyHash)";
    string private constant SUM_NODE = "SumNode(bytes32 hash,uint128 sum)";
    string private constant PAIR_PATH = "PairPath(uint256 key,uint64 index,SumNode[] path)";

    WireCalls private calls;
    string private json;

    function setUp() public {
        calls = new WireCalls();
        json = vm.readFile("../../docs/spec/vectors/wire.json");
    }

    function test_typeHashes_shouldEqual() public view {
        string memory doc = json;
        string memory at = ".constants.typeHashes.";
        assertEq(Wire.CRAWL_VOUCHER_TYPEHASH, vm.parseJsonBytes32(doc, string.concat(at, "CrawlVoucher")));
        assertEq(Wire.SIGNER_GRANT_TYPEHASH, vm.parseJsonBytes32(doc, string.concat(at, "SignerGrant")));
        assertEq(Wire.USAGE_ATTESTATION_TYPEHASH, vm.parseJsonBytes32(doc, string.concat(at, "UsageAttestation")));
        assertEq(Wire.EPOCH_BODY_TYPEHASH, vm.parseJsonBytes32(doc, string.concat(at, "EpochBody")));
        assertEq(Wire.EPOCH_HEADER_TYPEHASH, vm.parseJsonBytes32(doc, string.concat(at, "EpochHeader")));
        assertEq(LogProofLib.EMPTY_ROOT, vm.parseJsonBytes32(doc, ".constants.emptyLogRoot"));
        assertEq(uint256(Wire.NONE), vm.parseJsonUint(doc, ".constants.NONE"));
    }

    function test_identifiers_shouldEqual() public view {
        string memory doc = json;
        for (uint256 i = 0; vm.keyExistsJson(doc, _at(".ids.deploymentId", i)); ++i) {
            string memory at = _at(".ids.deploymentId", i);
            uint256 chainId = vm.parseJsonUint(doc, string.concat(at, ".settlementChainId"));
            address ledger = vm.parseJsonAddress(doc, string.concat(at, ".meteringLedger"));
            assertEq(Wire.deploymentId(chainId, ledger), vm.parseJsonBytes32(doc, string.concat(at, ".id")));
        }
        for (uint256 i = 0; vm.keyExistsJson(doc, _at(".ids.paymentId", i)); ++i) {
            string memory at = _at(".ids.paymentId", i);
            uint256 chainId = vm.parseJsonUint(doc, string.concat(at, ".chainId"));
            address source = vm.parseJsonAddress(doc, string.concat(at, ".source"));
            address from = vm.parseJsonAddress(doc, string.concat(at, ".from"));
            bytes32 nonce = vm.parseJsonBytes32(doc, string.concat(at, ".nonce"));
            bytes32 id = vm.parseJsonBytes32(doc, string.concat(at, ".id"));
            assertEq(Wire.paymentId(chainId, source, from, nonce), id);
        }
        for (uint256 i = 0; vm.keyExistsJson(doc, _at(".ids.vault", i)); ++i) {
            string memory at = _at(".ids.vault", i);
            uint256 chainId = vm.parseJsonUint(doc, string.concat(at, ".chainId"));
            uint256 licenseId = vm.parseJsonUint(doc, string.concat(at, ".licenseId"));
            assertEq(Wire.vaultSalt(chainId, licenseId), vm.parseJsonBytes32(doc, string.concat(at, ".salt")));
        }
    }

    function test_demandIds_shouldEqual() public view {
        string memory doc = json;
        uint256 i = 0;
        for (; vm.keyExistsJson(doc, _at(".ids.demandId", i)); ++i) {
            string memory at = _at(".ids.demandId", i);
            bytes32 headerHash = vm.parseJsonBytes32(doc, string.concat(at, ".headerHash"));
            uint8 kind = uint8(vm.parseJsonUint(doc, string.concat(at, ".kind")));
            bytes memory subject = vm.parseJsonBytes(doc, string.concat(at, ".subject"));
            bytes32 id = vm.parseJsonBytes32(doc, string.concat(at, ".id"));
            assertEq(Wire.demandId(headerHash, kind, subject), id);
        }
        assertEq(i, 12);
    }

    function test_structs_shouldHashAndRecover() public view {
        string memory doc = json;
        uint256 checked = 0;
        for (uint256 i = 0; vm.keyExistsJson(doc, _at(".structs", i)); ++i) {
            string memory at = _at(".structs", i);
            if (vm.keyExistsJson(doc, string.concat(at, ".signer"))) {
                _checkSignature(abi.decode(vm.parseJsonType(doc, at, SIGNED), (Signed)));
            }
            bytes32 structHash = vm.parseJsonBytes32(doc, string.concat(at, ".structHash"));
            bytes32 kind = keccak256(bytes(vm.parseJsonString(doc, string.concat(at, ".type"))));
            string memory value = string.concat(at, ".value");
            if (kind == keccak256("CrawlVoucher")) {
                CrawlVoucher memory x = abi.decode(vm.parseJsonType(doc, value, VOUCHER), (CrawlVoucher));
                assertEq(calls.hash(x), structHash);
            } else if (kind == keccak256("SignerGrant")) {
                SignerGrant memory x = abi.decode(vm.parseJsonType(doc, value, GRANT), (SignerGrant));
                assertEq(calls.hash(x), structHash);
            } else if (kind == keccak256("UsageAttestation")) {
                UsageAttestation memory x = abi.decode(vm.parseJsonType(doc, value, ATTESTATION), (UsageAttestation));
                assertEq(calls.hash(x), structHash);
            } else if (kind == keccak256("EpochBody")) {
                EpochBody memory x = abi.decode(vm.parseJsonType(doc, value, BODY), (EpochBody));
                assertEq(calls.hash(x), structHash);
            } else if (kind == keccak256("EpochHeader")) {
                EpochHeader memory x = abi.decode(vm.parseJsonType(doc, value, HEADER), (EpochHeader));
                assertEq(calls.hash(x), structHash);
            } else {
                continue;
            }
            ++checked;
        }
        assertTrue(checked > 60);
    }

    function test_attestations_shouldMakeTheirLeaves() public view {
        string memory row = "AttestationRow(UsageAttestation value,bytes32 structHash,bytes32 leafHash)";
        bytes memory encoded = vm.parseJsonTypeArray(json, ".usage.attestations", string.concat(row, ATTESTATION));
        AttestationRow[] memory rows = abi.decode(encoded, (AttestationRow[]));
        for (uint256 i = 0; i < rows.length; ++i) {
            assertEq(calls.hash(rows[i].value), rows[i].structHash);
            assertEq(calls.logLeaf(rows[i].value), rows[i].leafHash);
        }
        assertTrue(rows.length > 40);
    }

    function test_headers_shouldHashAndRecoverTheirQuorums() public view {
        string memory row =
            "HeaderRow(EpochBody body,EpochHeader header,bytes32 bodyHash,bytes32 headerHash,bytes32 digest,Quorum[] quorums)";
        string memory types = string.concat(row, BODY, HEADER, "Quorum(uint32 bitmap,bytes signatures)");
        HeaderRow[] memory rows = abi.decode(vm.parseJsonTypeArray(json, ".headers", types), (HeaderRow[]));
        bytes32 domain = Wire.headerDomain(vm.parseJsonBytes32(json, ".network.deploymentId"));
        ConfigRow[] memory configs = _configs();
        for (uint256 i = 0; i < rows.length; ++i) {
            assertEq(calls.hash(rows[i].body), rows[i].bodyHash);
            assertEq(calls.hash(rows[i].header), rows[i].headerHash);
            assertEq(keccak256(abi.encodePacked("\x19\x01", domain, rows[i].headerHash)), rows[i].digest);
            for (uint256 q = 0; q < rows[i].quorums.length; ++q) {
                _checkQuorum(rows[i].digest, rows[i].quorums[q], _signersOf(configs, rows[i].header.configDigest));
            }
        }
        assertTrue(rows.length >= 5);
    }

    function test_configs_shouldDigest() public view {
        ConfigRow[] memory rows = _configs();
        for (uint256 i = 0; i < rows.length; ++i) {
            ConfigRow memory c = rows[i];
            bytes32 digest = Wire.configDigest(c.deploymentId, c.version, c.threshold, c.signers, c.attestationKey);
            assertEq(digest, c.configDigest);
        }
        assertTrue(rows.length >= 5);
    }

    function test_logTree_everyProofShouldHold() public view {
        string memory doc = json;
        string memory types =
            "LogTree(uint64 size,bytes32 root,LogPath[] inclusion)LogPath(uint64 index,bytes32[] path)";
        uint256 count = 0;
        for (; vm.keyExistsJson(doc, _at(".logTree.trees", count)); ++count) {
            LogTree memory t = abi.decode(vm.parseJsonType(doc, _at(".logTree.trees", count), types), (LogTree));
            for (uint256 j = 0; j < t.inclusion.length; ++j) {
                _checkLogPath(t, t.inclusion[j]);
            }
        }
        assertTrue(count > 30);
    }

    function test_sumTree_everyProofShouldHold() public view {
        string memory doc = json;
        SumNode[] memory leaves = abi.decode(vm.parseJsonTypeArray(doc, ".sumTree.leaves", SUM_NODE), (SumNode[]));
        string memory types = string.concat(
            "SumTreeRow(uint64 size,SumNode root,SumPath[] proofs)", SUM_NODE, "SumPath(uint64 index,SumNode[] path)"
        );
        uint256 count = 0;
        for (; vm.keyExistsJson(doc, _at(".sumTree.trees", count)); ++count) {
            bytes memory encoded = vm.parseJsonType(doc, _at(".sumTree.trees", count), types);
            SumTreeRow memory t = abi.decode(encoded, (SumTreeRow));
            for (uint256 j = 0; j < t.proofs.length; ++j) {
                _checkSumPath(t, leaves[t.proofs[j].index], t.proofs[j]);
            }
        }
        assertTrue(count > 20);
    }

    function test_settlements_everyLeafShouldBeProven() public view {
        string memory doc = json;
        uint256 proven = 0;
        for (uint256 i = 0; vm.keyExistsJson(doc, _at(".settlements", i)); ++i) {
            PairRow[] memory rows = _pairs(doc, _at(".settlements", i));
            proven += _checkCredit(doc, _at(".settlements", i), rows) + _checkDebit(doc, _at(".settlements", i), rows);
        }
        assertTrue(proven > 50);
    }

    /// @dev In the order of the law.
    function test_challengeSelectors_shouldEqual() public view {
        string memory doc = json;
        bytes4[14] memory challenges = [
            LedgerChallenges.challengePromise.selector,
            LedgerChallenges.challengeAttestations.selector,
            LedgerChallenges.challengeHeaders.selector,
            LedgerChallenges.challengeDuplicate.selector,
            LedgerChallenges.challengePairChain.selector,
            SettlementChallenges.challengePairLeaf.selector,
            SettlementChallenges.challengeMissingPair.selector,
            SettlementChallenges.challengeTrees.selector,
            SettlementChallenges.challengeSum.selector,
            SettlementChallenges.challengeOrder.selector,
            SettlementChallenges.challengeDecrease.selector,
            LedgerChallenges.challengeRewrite.selector,
            SettlementChallenges.challengeOverdraw.selector,
            SettlementChallenges.challengeThawed.selector
        ];
        bytes4[13] memory remedies = [
            DemandChallenges.demandLine.selector,
            DemandChallenges.demandReference.selector,
            DemandChallenges.demandVoucher.selector,
            DemandChallenges.demandNode.selector,
            DemandChallenges.answerLine.selector,
            DemandChallenges.answerReference.selector,
            DemandChallenges.answerVoucher.selector,
            DemandChallenges.answerNode.selector,
            DemandChallenges.expireDemand.selector,
            LostBonds.claimHarm.selector,
            LostBonds.closePot.selector,
            LostBonds.coverOverdraw.selector,
            LostBonds.sendOwed.selector
        ];
        for (uint256 i = 0; i < 27; ++i) {
            bytes memory selector = vm.parseJsonBytes(doc, string.concat(_at(".selectors", i), ".selector"));
            assertEq(bytes32(i < 14 ? challenges[i] : remedies[i - 14]), bytes32(selector));
        }
        assertFalse(vm.keyExistsJson(doc, _at(".selectors", 27)));
    }

    /// @dev Every event of the law, in its order, is an event of the contracts with the same topic.
    function test_eventTopics_shouldEqual() public view {
        string memory doc = json;
        bytes32[] memory topics = _eventTopics();
        uint256 at = 0;
        bytes32 last = 0;
        for (uint256 i = 0; at < topics.length; ++i) {
            bytes32 topic = vm.parseJsonBytes32Array(doc, string.concat(_at(".events", i), ".topics"))[0];
            if (topic == last) continue;
            assertEq(topic, topics[at]);
            last = topic;
            ++at;
        }
    }

    function _checkSignature(Signed memory row) private view {
        assertEq(calls.recover65(row.digest, row.signature), row.signer);
        assertEq(calls.recover64(row.digest, row.compact), row.signer);
        assertEq(calls.recover65(row.digest, row.highS), address(0));
    }

    function _checkLogPath(LogTree memory t, LogPath memory p) private view {
        bytes32 leaf = keccak256(abi.encodePacked(uint8(0), keccak256(abi.encode(uint256(p.index)))));
        assertTrue(calls.verifyLog(t.root, t.size, leaf, p.index, p.path));
    }

    function _checkSumPath(SumTreeRow memory t, SumNode memory leaf, SumPath memory p) private view {
        assertTrue(calls.verifySum(t.root, t.size, leaf, p.index, p.path));
    }

    function _eventTopics() private pure returns (bytes32[] memory topics) {
        bytes32[21] memory license = [
            CrawlLicense.LicenseMinted.selector,
            CrawlLicense.LicenseDeactivated.selector,
            CrawlLicense.LicenseReactivated.selector,
            CrawlLicense.LicenseSuspended.selector,
            CrawlLicense.LicenseUnsuspended.selector,
            CrawlLicense.TermsURIUpdated.selector,
            CrawlLicense.PayoutScheduled.selector,
            CrawlLicense.LicenseLinked.selector,
            CrawlLicense.DomainClaimed.selector,
            CrawlLicense.DomainReleased.selector,
            CrawlLicense.DomainVerified.selector,
            CrawlLicense.DomainUnverified.selector,
            CrawlLicense.DomainReplacementStarted.selector,
            CrawlLicense.DomainReplacementCancelled.selector,
            CrawlLicense.RecoverySet.selector,
            CrawlLicense.RecoveryStarted.selector,
            CrawlLicense.RecoveryCancelled.selector,
            keccak256("Transfer(address,address,uint256)"),
            CrawlLicense.Locked.selector,
            keccak256("MetadataUpdate(uint256)"),
            PaymentProcessor.PaymentMade.selector
        ];
        bytes32[19] memory money = [
            PaymentProcessor.PaymentHeld.selector,
            PaymentProcessor.PaymentReleased.selector,
            PaymentProcessor.PaymentRefunded.selector,
            PaymentProcessor.Withdrawn.selector,
            PaymentProcessor.Swept.selector,
            PaymentProcessor.VaultDeployed.selector,
            PaymentProcessor.FeeScheduled.selector,
            PaymentProcessor.FeesCollected.selector,
            DisputeResolver.DisputeOpened.selector,
            DisputeResolver.DisputeAnswered.selector,
            DisputeResolver.DisputeEscalated.selector,
            DisputeResolver.DisputeResolved.selector,
            CreditEscrow.Deposited.selector,
            CreditEscrow.ThawStarted.selector,
            CreditEscrow.ThawCancelled.selector,
            CreditEscrow.CreditWithdrawn.selector,
            CreditEscrow.SignerRegistered.selector,
            CreditEscrow.SignerRevoked.selector,
            CreditEscrow.ClaimPaid.selector
        ];
        bytes32[22] memory ledger = [
            MeteringLedger.HeaderPosted.selector,
            MeteringLedger.HeaderFinalised.selector,
            LedgerState.HeaderVoided.selector,
            LedgerState.ChallengeWon.selector,
            LedgerState.GenerationRaised.selector,
            MeteringLedger.Claimed.selector,
            MeteringLedger.BondDeposited.selector,
            MeteringLedger.BondNotice.selector,
            MeteringLedger.BondWithdrawn.selector,
            LedgerState.BondSlashed.selector,
            SignerConfigs.SignerConfigProposed.selector,
            SignerConfigs.SignerConfigActivated.selector,
            LedgerState.AttestationKeyDropped.selector,
            MeteringLedger.WindowScheduled.selector,
            DemandChallenges.DemandOpened.selector,
            DemandChallenges.DemandAnswered.selector,
            DemandChallenges.DemandExpired.selector,
            RemedyState.PotOpened.selector,
            LostBonds.HarmPaid.selector,
            LostBonds.PotClosed.selector,
            LostBonds.OverdrawCovered.selector,
            HeaderAnchor.HeaderAnchored.selector
        ];
        topics = new bytes32[](62);
        for (uint256 i = 0; i < 62; ++i) {
            topics[i] = i < 21 ? license[i] : i < 40 ? money[i - 21] : ledger[i - 40];
        }
    }

    function _configs() private view returns (ConfigRow[] memory) {
        string memory types =
            "ConfigRow(bytes32 deploymentId,uint64 version,uint8 threshold,address[] signers,address attestationKey,bytes32 configDigest)";
        return abi.decode(vm.parseJsonTypeArray(json, ".configs", types), (ConfigRow[]));
    }

    function _signersOf(ConfigRow[] memory configs, bytes32 digest) private pure returns (address[] memory) {
        for (uint256 i = 0; i < configs.length; ++i) {
            if (configs[i].configDigest == digest) return configs[i].signers;
        }
        revert("no such configuration");
    }

    function _checkQuorum(bytes32 digest, Quorum memory quorum, address[] memory signers) private view {
        uint256 given = 0;
        for (uint256 i = 0; i < signers.length; ++i) {
            if ((quorum.bitmap >> i) & 1 == 0) continue;
            bytes memory compact = new bytes(64);
            for (uint256 j = 0; j < 64; ++j) {
                compact[j] = quorum.signatures[given * 64 + j];
            }
            assertEq(calls.recover64(digest, compact), signers[i]);
            ++given;
        }
        assertEq(quorum.signatures.length, given * 64);
    }

    function _pairs(string memory doc, string memory at) private view returns (PairRow[] memory rows) {
        string memory types =
            "PairRow(address crawler,uint256 licenseId,uint128 cumulative,uint64 lastPairSeq,uint64 lastLogIndex,bytes32 voucherHash,bytes32 leafHash)";
        rows = abi.decode(vm.parseJsonTypeArray(doc, string.concat(at, ".pairs"), types), (PairRow[]));
        for (uint256 i = 0; i < rows.length; ++i) {
            PairRow memory r = rows[i];
            PairLeaf memory leaf =
                PairLeaf(r.crawler, r.licenseId, r.cumulative, r.lastPairSeq, r.lastLogIndex, r.voucherHash);
            assertEq(calls.node(leaf).hash, r.leafHash);
        }
    }

    function _checkCredit(string memory doc, string memory at, PairRow[] memory rows)
        private
        view
        returns (uint256 proven)
    {
        string memory types = string.concat(
            "LicenseTree(bytes32 root,uint128 sum,uint64 count,LicenseParent[] parents)",
            "LicenseLeaf(uint256 licenseId,uint128 cumulative,uint64 pairCount,bytes32 pairRoot)",
            "LicenseParent(LicenseLeaf leaf,bytes32 leafHash,uint64 index,SumNode[] path,PairPath[] pairs)",
            PAIR_PATH,
            SUM_NODE
        );
        LicenseTree memory t = abi.decode(vm.parseJsonType(doc, string.concat(at, ".credit"), types), (LicenseTree));
        for (uint256 i = 0; i < t.parents.length; ++i) {
            LicenseParent memory p = t.parents[i];
            SumNode memory leaf = calls.node(p.leaf);
            assertEq(leaf.hash, p.leafHash);
            assertTrue(calls.verifySum(SumNode(t.root, t.sum), t.count, leaf, p.index, p.path));
            for (uint256 j = 0; j < p.pairs.length; ++j) {
                SumNode memory pair = _node(rows, address(uint160(p.pairs[j].key)), p.leaf.licenseId);
                SumNode memory root = SumNode(p.leaf.pairRoot, p.leaf.cumulative);
                assertTrue(calls.verifySum(root, p.leaf.pairCount, pair, p.pairs[j].index, p.pairs[j].path));
                ++proven;
            }
        }
    }

    function _checkDebit(string memory doc, string memory at, PairRow[] memory rows)
        private
        view
        returns (uint256 proven)
    {
        string memory types = string.concat(
            "CrawlerTree(bytes32 root,uint128 sum,uint64 count,CrawlerParent[] parents)",
            "CrawlerLeaf(address crawler,uint128 cumulative,uint64 pairCount,bytes32 pairRoot)",
            "CrawlerParent(CrawlerLeaf leaf,bytes32 leafHash,uint64 index,SumNode[] path,PairPath[] pairs)",
            PAIR_PATH,
            SUM_NODE
        );
        CrawlerTree memory t = abi.decode(vm.parseJsonType(doc, string.concat(at, ".debit"), types), (CrawlerTree));
        for (uint256 i = 0; i < t.parents.length; ++i) {
            CrawlerParent memory p = t.parents[i];
            SumNode memory leaf = calls.node(p.leaf);
            assertEq(leaf.hash, p.leafHash);
            assertTrue(calls.verifySum(SumNode(t.root, t.sum), t.count, leaf, p.index, p.path));
            for (uint256 j = 0; j < p.pairs.length; ++j) {
                SumNode memory pair = _node(rows, p.leaf.crawler, p.pairs[j].key);
                SumNode memory root = SumNode(p.leaf.pairRoot, p.leaf.cumulative);
                assertTrue(calls.verifySum(root, p.leaf.pairCount, pair, p.pairs[j].index, p.pairs[j].path));
                ++proven;
            }
        }
    }

    function _node(PairRow[] memory rows, address crawler, uint256 licenseId) private pure returns (SumNode memory) {
        for (uint256 i = 0; i < rows.length; ++i) {
            if (rows[i].crawler == crawler && rows[i].licenseId == licenseId) {
                return SumNode(rows[i].leafHash, rows[i].cumulative);
            }
        }
        revert("no such pair");
    }

    function _at(string memory key, uint256 index) private pure returns (string memory) {
        return string.concat(key, "[", vm.toString(index), "]");
    }
}
