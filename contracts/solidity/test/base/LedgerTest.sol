// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    Committed,
    CrawlerLeaf,
    CrawlerProof,
    EpochBody,
    EpochHeader,
    LicenseLeaf,
    LicenseProof,
    LogProof,
    SumNode,
    UsageAttestation
} from "../../src/lib/Types.sol";
import {PairLeaf} from "../../src/lib/Types.sol";
import {Wire} from "../../src/lib/Wire.sol";
import {TachiTest} from "./TachiTest.sol";
import {Trees} from "./Trees.sol";

/// @notice A little oracle: a usage log, the settlement trees over it, and signed headers.
abstract contract LedgerTest is TachiTest {
    uint128 internal constant BOND = 1_000_000;

    Account internal crawlerB;
    uint256 internal idA;
    uint256 internal idB;
    UsageAttestation[] internal lines;

    function setUp() public virtual override {
        super.setUp();
        crawlerB = makeAccount("crawlerB");
        idA = mintLicense();
        vm.prank(publisher);
        idB = license.mint("https://b.example/terms", other, recovery);
        deposit(crawler.addr, 500_000);
        deposit(crawlerB.addr, 500_000);
        addBond(BOND);
    }

    // ---- money

    function deposit(address who, uint256 amount) internal {
        give(address(this), amount);
        usdc.approve(address(escrow), amount);
        escrow.deposit(who, amount);
    }

    function addBond(uint128 amount) internal {
        give(address(this), amount);
        usdc.approve(address(ledger), amount);
        ledger.depositBond(amount);
    }

    // ---- the log

    /// @dev Appends an honest CREDIT line.
    function use(address who, uint256 licenseId, uint64 units, uint128 unitPrice) internal {
        UsageAttestation memory a = blank(who, licenseId);
        a.rail = Wire.CREDIT;
        a.units = units;
        a.unitPrice = unitPrice;
        a.pairSeq = 1;
        a.pairPrevIndex = Wire.NONE;
        for (uint256 i = lines.length; i > 0; --i) {
            UsageAttestation memory prev = lines[i - 1];
            if (prev.rail != Wire.CREDIT || prev.crawler != who || prev.licenseId != licenseId) continue;
            a.pairSeq = prev.pairSeq + 1;
            a.pairPrevIndex = uint64(i - 1);
            a.pairCumulative = prev.pairCumulative;
            break;
        }
        a.pairCumulative += units * unitPrice;
        lines.push(a);
    }

    /// @dev Appends an honest DIRECT line.
    function useDirect(address who, uint256 licenseId) internal {
        UsageAttestation memory a = blank(who, licenseId);
        a.rail = Wire.DIRECT;
        a.units = 1;
        a.unitPrice = 1_000;
        a.pairPrevIndex = Wire.NONE;
        lines.push(a);
    }

    function blank(address who, uint256 licenseId) internal view returns (UsageAttestation memory a) {
        uint256 index = lines.length;
        (,, uint64 generation) = ledger.head();
        a.generation = generation;
        a.logIndex = uint64(index);
        a.configVersion = ledger.configVersion();
        a.crawler = who;
        a.licenseId = licenseId;
        a.contentId = keccak256(abi.encode("content", index));
        a.requestId = keccak256(abi.encode("request", index));
        a.paymentRef = keccak256(abi.encode("voucher", index));
        a.issuedAtMs = uint64(block.timestamp) * 1_000;
    }

    function logLeaves() internal view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](lines.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            leaves[i] = logLeaf(lines[i]);
        }
    }

    function logProof(uint64 index) internal view returns (LogProof memory) {
        return LogProof(lines[index], index, Trees.logPath(logLeaves(), index));
    }

    function noProof() internal pure returns (LogProof memory proof) {}

    // ---- settlement

    /// @dev Pairs in order of first use.
    function pairs() internal view returns (PairLeaf[] memory found) {
        PairLeaf[] memory all = new PairLeaf[](lines.length);
        uint256 count = 0;
        for (uint256 i = 0; i < lines.length; ++i) {
            UsageAttestation memory a = lines[i];
            if (a.rail != Wire.CREDIT) continue;
            uint256 at = 0;
            while (at < count && (all[at].crawler != a.crawler || all[at].licenseId != a.licenseId)) ++at;
            if (at == count) ++count;
            all[at] = PairLeaf(a.crawler, a.licenseId, a.pairCumulative, a.pairSeq, a.logIndex, a.paymentRef);
        }
        found = new PairLeaf[](count);
        for (uint256 i = 0; i < count; ++i) {
            found[i] = all[i];
        }
    }

    function licenseLeaves() internal view returns (LicenseLeaf[] memory leaves) {
        PairLeaf[] memory all = pairs();
        uint256[] memory keys = new uint256[](all.length);
        for (uint256 i = 0; i < all.length; ++i) {
            keys[i] = all[i].licenseId;
        }
        keys = distinct(keys);
        leaves = new LicenseLeaf[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            SumNode[] memory nodes = pairNodes(all, keys[i], true);
            SumNode memory root = Trees.sumRoot(nodes);
            leaves[i] = LicenseLeaf(keys[i], root.sum, uint64(nodes.length), root.hash);
        }
    }

    function crawlerLeaves() internal view returns (CrawlerLeaf[] memory leaves) {
        PairLeaf[] memory all = pairs();
        uint256[] memory keys = new uint256[](all.length);
        for (uint256 i = 0; i < all.length; ++i) {
            keys[i] = uint160(all[i].crawler);
        }
        keys = distinct(keys);
        leaves = new CrawlerLeaf[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            SumNode[] memory nodes = pairNodes(all, keys[i], false);
            SumNode memory root = Trees.sumRoot(nodes);
            leaves[i] = CrawlerLeaf(address(uint160(keys[i])), root.sum, uint64(nodes.length), root.hash);
        }
    }

    /// @dev The pairs of one licence by crawler, or of one crawler by licence.
    function pairNodes(PairLeaf[] memory all, uint256 key, bool byLicense) internal pure returns (SumNode[] memory) {
        uint256[] memory others = new uint256[](all.length);
        uint256 count = 0;
        for (uint256 i = 0; i < all.length; ++i) {
            (uint256 mine, uint256 its) = byLicense
                ? (all[i].licenseId, uint256(uint160(all[i].crawler)))
                : (uint256(uint160(all[i].crawler)), all[i].licenseId);
            if (mine == key) others[count++] = its;
        }
        assembly ("memory-safe") {
            mstore(others, count)
        }
        others = distinct(others);
        SumNode[] memory nodes = new SumNode[](count);
        for (uint256 i = 0; i < count; ++i) {
            for (uint256 j = 0; j < all.length; ++j) {
                (uint256 licenseId, uint256 who) = byLicense ? (key, others[i]) : (others[i], key);
                if (all[j].licenseId != licenseId || uint160(all[j].crawler) != who) continue;
                nodes[i] = SumNode(keccak256(abi.encodePacked(uint8(2), abi.encode(all[j]))), all[j].cumulative);
            }
        }
        return nodes;
    }

    function licenseNodes() internal view returns (SumNode[] memory nodes) {
        LicenseLeaf[] memory leaves = licenseLeaves();
        nodes = new SumNode[](leaves.length);
        for (uint256 i = 0; i < nodes.length; ++i) {
            nodes[i] = SumNode(keccak256(abi.encodePacked(uint8(3), abi.encode(leaves[i]))), leaves[i].cumulative);
        }
    }

    function crawlerNodes() internal view returns (SumNode[] memory nodes) {
        CrawlerLeaf[] memory leaves = crawlerLeaves();
        nodes = new SumNode[](leaves.length);
        for (uint256 i = 0; i < nodes.length; ++i) {
            nodes[i] = SumNode(keccak256(abi.encodePacked(uint8(4), abi.encode(leaves[i]))), leaves[i].cumulative);
        }
    }

    function licenseProof(uint64 index) internal view returns (LicenseProof memory) {
        return LicenseProof(licenseLeaves()[index], index, Trees.sumPath(licenseNodes(), index));
    }

    function crawlerProof(uint64 index) internal view returns (CrawlerProof memory) {
        return CrawlerProof(crawlerLeaves()[index], index, Trees.sumPath(crawlerNodes(), index));
    }

    /// @dev The proof of one crawler's own leaf.
    function debitProof(address who) internal view returns (CrawlerProof[] memory proofs) {
        CrawlerLeaf[] memory leaves = crawlerLeaves();
        proofs = new CrawlerProof[](1);
        for (uint64 i = 0; i < leaves.length; ++i) {
            if (leaves[i].crawler == who) proofs[0] = crawlerProof(i);
        }
    }

    // ---- headers

    /// @dev The next epoch's honest header over the whole log.
    function nextEpoch() internal view returns (Committed memory c) {
        SumNode[] memory credit = licenseNodes();
        SumNode[] memory debit = crawlerNodes();
        SumNode memory creditRoot = Trees.sumRoot(credit);
        SumNode memory debitRoot = Trees.sumRoot(debit);
        c.body = EpochBody({
            logSize: uint64(lines.length),
            logRoot: Trees.logRoot(logLeaves()),
            licenseCount: uint64(credit.length),
            creditRoot: creditRoot.hash,
            crawlerCount: uint64(debit.length),
            debitRoot: debitRoot.hash,
            totalCredit: creditRoot.sum,
            totalDebit: debitRoot.sum,
            rulesHash: keccak256(""),
            dataCommitment: keccak256("data"),
            closedAt: uint64(block.timestamp)
        });
        (uint64 lastPosted,, uint64 generation) = ledger.head();
        (bytes32 prev,,,) = ledger.headerAt(lastPosted);
        c.header = EpochHeader(lastPosted + 1, generation, prev, ledger.configDigest(), hashOf(c.body));
    }

    /// @dev Puts a changed body's hash into the header.
    function seal(Committed memory c) internal pure returns (Committed memory) {
        c.header.bodyHash = hashOf(c.body);
        return c;
    }

    function post(Committed memory c) internal {
        ledger.post(c.header, c.body, 3, quorum(c.header, 3));
    }

    function postNext() internal returns (Committed memory c) {
        c = nextEpoch();
        post(c);
    }

    function finaliseNext() internal returns (Committed memory c) {
        c = postNext();
        skip(WINDOW);
        ledger.finalise(c);
    }

    function quorum(EpochHeader memory header, uint32 bitmap) internal view returns (bytes memory signatures) {
        bytes32 digest = headerDigest(header);
        for (uint256 i = 0; i < roots.length; ++i) {
            if ((bitmap >> i) & 1 == 1) signatures = bytes.concat(signatures, signCompact(roots[i], digest));
        }
    }

    function headerDigest(EpochHeader memory header) internal view returns (bytes32) {
        return keccak256(abi.encodePacked("\x19\x01", ledger.headerDomainSeparator(), hashOf(header)));
    }

    function attest(UsageAttestation memory a) internal view returns (bytes memory) {
        return sign(attestor, keccak256(abi.encodePacked("\x19\x01", ledger.domainSeparator(), hashOf(a))));
    }

    // ---- hashes of values in memory

    function hashOf(EpochBody memory body) internal pure returns (bytes32) {
        return keccak256(abi.encode(Wire.EPOCH_BODY_TYPEHASH, body));
    }

    function hashOf(EpochHeader memory header) internal pure returns (bytes32) {
        return keccak256(abi.encode(Wire.EPOCH_HEADER_TYPEHASH, header));
    }

    function hashOf(UsageAttestation memory a) internal pure returns (bytes32) {
        return keccak256(abi.encode(Wire.USAGE_ATTESTATION_TYPEHASH, a));
    }

    function logLeaf(UsageAttestation memory a) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(uint8(0), hashOf(a)));
    }

    /// @dev Ascending, without repetition.
    function distinct(uint256[] memory values) internal pure returns (uint256[] memory sorted) {
        sorted = new uint256[](values.length);
        uint256 count = 0;
        for (uint256 i = 0; i < values.length; ++i) {
            uint256 at = 0;
            while (at < count && sorted[at] < values[i]) ++at;
            if (at < count && sorted[at] == values[i]) continue;
            for (uint256 j = count; j > at; --j) {
                sorted[j] = sorted[j - 1];
            }
            sorted[at] = values[i];
            ++count;
        }
        assembly ("memory-safe") {
            mstore(sorted, count)
        }
    }
}
