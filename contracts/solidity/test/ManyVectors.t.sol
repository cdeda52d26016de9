// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    CrawlerLeaf,
    EpochBody,
    EpochHeader,
    LicenseLeaf,
    PairLeaf,
    ParentLeaf,
    SignerGrant,
    SumNode,
    UsageAttestation
} from "../src/lib/Types.sol";
import {LogProofLib} from "../src/lib/LogProofLib.sol";
import {SumTree} from "../src/lib/SumTree.sol";
import {Wire} from "../src/lib/Wire.sol";
import {SettlementTest} from "./base/SettlementTest.sol";
import {Trees} from "./base/Trees.sol";
import {WireCalls} from "./WireVectors.t.sol";

/// @notice The thousands of results of docs/spec/vectors/many.json. Inputs are drawn by the rule of many.mjs; the results
/// are viem's.
contract ManyVectorsTest is SettlementTest {
    bytes32 private constant TAG = keccak256("tachi.vectors.v1");
    bytes32 private constant VOUCHER_TYPEHASH =
        keccak256("CrawlVoucher(address crawler,uint256 licenseId,uint128 cumulativeMax,bytes32 termsHash)");
    bytes32 private constant PUBLICATION_TYPEHASH =
        keccak256("PolicyPublication(uint256 licenseId,uint64 version,bytes32 policyHash)");
    uint256 private constant LICENSE = 63;

    WireCalls private calls;

    function setUp() public override {
        calls = new WireCalls();
    }

    // ---- structs

    function test_vouchers_shouldHash() public view {
        bytes32[] memory expected = _results(_file(), ".structs.CrawlVoucher.hashes");
        for (uint256 i = 0; i < expected.length; ++i) {
            assertEq(keccak256(bytes.concat(VOUCHER_TYPEHASH, _voucher(i))), expected[i]);
        }
        assertEq(expected.length, 500);
    }

    function test_publications_shouldHash() public view {
        bytes32[] memory expected = _results(_file(), ".structs.PolicyPublication.hashes");
        for (uint256 i = 0; i < expected.length; ++i) {
            bytes memory value = abi.encode(_draw(6, i, 0, LICENSE), _draw(6, i, 1, 64), _draw(6, i, 2, 256));
            assertEq(keccak256(bytes.concat(PUBLICATION_TYPEHASH, value)), expected[i]);
        }
        assertEq(expected.length, 300);
    }

    function test_grants_shouldHash() public view {
        bytes32[] memory expected = _results(_file(), ".structs.SignerGrant.hashes");
        for (uint256 i = 0; i < expected.length; ++i) {
            assertEq(calls.hash(_grant(i)), expected[i]);
        }
        assertEq(expected.length, 300);
    }

    function test_attestations_shouldHashAndMakeLeaves() public view {
        string memory doc = _file();
        bytes32[] memory expected = _results(doc, ".structs.UsageAttestation.hashes");
        bytes32[] memory leaves = _results(doc, ".leaves.UsageAttestation.hashes");
        for (uint256 i = 0; i < expected.length; ++i) {
            UsageAttestation memory a = _attestation(i);
            assertEq(calls.hash(a), expected[i]);
            assertEq(calls.logLeaf(a), leaves[i]);
        }
        assertEq(expected.length, 1_500);
        assertEq(leaves.length, 1_500);
    }

    function test_bodies_shouldHash() public view {
        bytes32[] memory expected = _results(_file(), ".structs.EpochBody.hashes");
        uint16[11] memory bits = [64, 256, 64, 256, 64, 256, 128, 128, 256, 256, 64];
        for (uint256 i = 0; i < expected.length; ++i) {
            bytes memory words = "";
            for (uint256 f = 0; f < bits.length; ++f) {
                words = abi.encodePacked(words, _draw(4, i, f, bits[f]));
            }
            assertEq(calls.hash(abi.decode(words, (EpochBody))), expected[i]);
        }
        assertEq(expected.length, 700);
    }

    function test_headers_shouldHash() public view {
        bytes32[] memory expected = _results(_file(), ".structs.EpochHeader.hashes");
        for (uint256 i = 0; i < expected.length; ++i) {
            assertEq(calls.hash(_header(i)), expected[i]);
        }
        assertEq(expected.length, 700);
    }

    // ---- signatures

    function test_signatures_shouldRecover() public view {
        (bytes32 credit, bytes32 metering,) = _domains();
        string memory doc = _file();
        (address signer, bytes[] memory rows) = _signed(doc, "CrawlVoucher");
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes32 structHash = keccak256(bytes.concat(VOUCHER_TYPEHASH, _voucher(i)));
            _checkSigned(rows[i], credit, structHash, signer);
        }
        assertEq(rows.length, 200);
        (signer, rows) = _signed(doc, "SignerGrant");
        for (uint256 i = 0; i < rows.length; ++i) {
            _checkSigned(rows[i], credit, calls.hash(_grant(i)), signer);
        }
        assertEq(rows.length, 100);
        (signer, rows) = _signed(doc, "UsageAttestation");
        for (uint256 i = 0; i < rows.length; ++i) {
            _checkSigned(rows[i], metering, calls.hash(_attestation(i)), signer);
        }
        assertEq(rows.length, 300);
    }

    function test_headerQuorums_shouldRecover() public view {
        (,, bytes32 domain) = _domains();
        string memory doc = _file();
        bytes[] memory rows = vm.parseJsonBytesArray(doc, ".signatures.EpochHeader.rows");
        address[] memory signers = vm.parseJsonAddressArray(doc, ".signatures.EpochHeader.signers");
        uint8[3] memory bitmaps = [3, 5, 6];
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes32 digest = _digest(domain, calls.hash(_header(i)));
            assertEq(_wordAt(rows[i], 0), digest);
            uint256 at = 32;
            for (uint256 n = 0; n < signers.length; ++n) {
                if ((bitmaps[i % 3] >> n) & 1 == 0) continue;
                bytes memory signature = abi.encodePacked(_wordAt(rows[i], at), _wordAt(rows[i], at + 32));
                assertEq(calls.recover64(digest, signature), signers[n]);
                at += 64;
            }
            assertEq(rows[i].length, at);
        }
        assertEq(rows.length, 400);
    }

    // ---- leaves and nodes

    function test_settlementLeaves_shouldHash() public view {
        string memory doc = _file();
        bytes32[] memory expected = _results(doc, ".leaves.PairLeaf.hashes");
        assertEq(expected.length, 800);
        for (uint256 i = 0; i < expected.length; ++i) {
            bytes memory head = abi.encode(_draw(7, i, 0, 160), _draw(7, i, 1, LICENSE), _draw(7, i, 2, 128));
            bytes memory tail = abi.encode(_draw(7, i, 3, 64), _draw(7, i, 4, 64), _draw(7, i, 5, 256));
            assertEq(calls.node(abi.decode(bytes.concat(head, tail), (PairLeaf))).hash, expected[i]);
        }
        expected = _results(doc, ".leaves.LicenseLeaf.hashes");
        assertEq(expected.length, 400);
        for (uint256 i = 0; i < expected.length; ++i) {
            bytes memory words = _partyWords(8, i, LICENSE);
            assertEq(calls.node(abi.decode(words, (LicenseLeaf))).hash, expected[i]);
            assertEq(parentNode(abi.decode(words, (ParentLeaf)), false).hash, expected[i]);
        }
        expected = _results(doc, ".leaves.CrawlerLeaf.hashes");
        assertEq(expected.length, 400);
        for (uint256 i = 0; i < expected.length; ++i) {
            bytes memory words = _partyWords(9, i, 160);
            assertEq(calls.node(abi.decode(words, (CrawlerLeaf))).hash, expected[i]);
            assertEq(parentNode(abi.decode(words, (ParentLeaf)), true).hash, expected[i]);
        }
    }

    function test_nodes_shouldHash() public view {
        string memory doc = _file();
        bytes32[] memory expected = _results(doc, ".logNodes.hashes");
        assertEq(expected.length, 400);
        for (uint256 i = 0; i < expected.length; ++i) {
            assertEq(LogProofLib.node(_hash(10, i, 0), _hash(10, i, 1)), expected[i]);
        }
        expected = _results(doc, ".sumNodes.hashes");
        assertEq(expected.length, 600);
        for (uint256 i = 0; i < expected.length; ++i) {
            (uint256 left, uint256 right) = (_draw(11, i, 1, 127), _draw(11, i, 3, 127));
            assertEq(SumTree.node(_hash(11, i, 0), left, _hash(11, i, 2), right), expected[i]);
        }
    }

    // ---- proofs

    function test_logProofs_shouldHold() public view {
        string memory doc = _file();
        bytes32[] memory roots = _results(doc, ".logProofs.roots");
        bytes32[] memory paths = _results(doc, ".logProofs.paths");
        uint256 proof = 0;
        for (uint256 size = 1; size <= roots.length; ++size) {
            this.checkLogProofs(roots[size - 1], _slice(paths, proof, size));
            proof += size;
        }
        assertEq(proof, 2_080);
        assertEq(paths.length, proof);
    }

    /// @dev A call of its own, so that its memory is given back.
    function checkLogProofs(bytes32 root, bytes32[] calldata paths) external view {
        bytes32[] memory leaves = new bytes32[](paths.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            leaves[i] = keccak256(abi.encodePacked(uint8(0), _hash(12, i, 0)));
        }
        for (uint64 i = 0; i < leaves.length; ++i) {
            bytes32[] memory path = Trees.logPath(leaves, i);
            assertEq(keccak256(abi.encodePacked(path)), paths[i]);
            assertTrue(calls.verifyLog(root, uint64(leaves.length), leaves[i], i, path));
        }
    }

    function test_sumProofs_shouldHold() public view {
        string memory doc = _file();
        bytes32[] memory roots = _results(doc, ".sumProofs.roots");
        bytes32[] memory paths = _results(doc, ".sumProofs.paths");
        uint256 proof = 0;
        for (uint256 size = 1; size <= roots.length; ++size) {
            this.checkSumProofs(roots[size - 1], _slice(paths, proof, size));
            proof += size;
        }
        assertEq(proof, 1_176);
        assertEq(paths.length, proof);
    }

    /// @dev A call of its own, so that its memory is given back.
    function checkSumProofs(bytes32 rootHash, bytes32[] calldata paths) external view {
        SumNode[] memory leaves = new SumNode[](paths.length);
        uint128 total = 0;
        for (uint256 i = 0; i < leaves.length; ++i) {
            leaves[i] = SumNode(_hash(13, i, 0), uint64(uint256(_hash(13, i, 1))));
            total += leaves[i].sum;
        }
        for (uint64 i = 0; i < leaves.length; ++i) {
            SumNode[] memory path = Trees.sumPath(leaves, i);
            assertEq(keccak256(_packed(path)), paths[i]);
            assertTrue(calls.verifySum(SumNode(rootHash, total), uint64(leaves.length), leaves[i], i, path));
        }
    }

    function test_settlements_everyPairShouldBeProvenInBothTrees() public view {
        string memory doc = _file();
        uint256 proven = 0;
        for (uint256 n = 0; n < 32; ++n) {
            string memory at = string.concat(".settlements.rows[", vm.toString(n), "]");
            uint128 total = uint128(vm.parseJsonUint(doc, string.concat(at, ".total")));
            SumNode memory credit = SumNode(vm.parseJsonBytes32(doc, string.concat(at, ".creditRoot")), total);
            SumNode memory debit = SumNode(vm.parseJsonBytes32(doc, string.concat(at, ".debitRoot")), total);
            bytes32[] memory proofs = _results(doc, string.concat(at, ".proofs"));
            PairLeaf[] memory inFile = this.checkSettlement(n, credit, debit, proofs);
            bytes memory file = "";
            for (uint256 i = 0; i < inFile.length; ++i) {
                file = bytes.concat(file, abi.encode(inFile[i]));
            }
            assertEq(keccak256(file), vm.parseJsonBytes32(doc, string.concat(at, ".dataCommitment")));
            proven += proofs.length;
        }
        assertEq(proven, 996);
    }

    /// @dev A call of its own, so that its memory is given back.
    /// @return inFile the pairs in the order of the settlement file.
    function checkSettlement(
        uint256 n,
        SumNode calldata creditRoot,
        SumNode calldata debitRoot,
        bytes32[] calldata proofs
    ) external view returns (PairLeaf[] memory inFile) {
        PairLeaf[] memory all = _pairsOf(n);
        Side memory credit = sideOf(all, false);
        Side memory debit = sideOf(all, true);
        assertEq(proofs.length, 2 * all.length);
        inFile = new PairLeaf[](all.length);
        uint256 count = 0;
        for (uint256 i = 0; i < credit.parents.length; ++i) {
            for (uint256 j = 0; j < credit.pairs[i].length; ++j) {
                inFile[count] = credit.pairs[i][j];
                _checkPair(credit, inFile[count], creditRoot, proofs[2 * count]);
                _checkPair(debit, inFile[count], debitRoot, proofs[2 * count + 1]);
                ++count;
            }
        }
        assertEq(count, all.length);
    }

    function _checkPair(Side memory s, PairLeaf memory pair, SumNode memory root, bytes32 expected) private view {
        (bool found, uint256 i, uint256 j) = find(s, pair.crawler, pair.licenseId);
        assertTrue(found);
        bytes memory pairPath = _checkInParent(s.parents[i], s.pairs[i], j);
        SumNode[] memory path = Trees.sumPath(parentNodes(s), i);
        assertEq(keccak256(bytes.concat(pairPath, _packed(path))), expected);
        SumNode memory node = parentNode(s.parents[i], s.debit);
        assertTrue(calls.verifySum(root, uint64(s.parents.length), node, uint64(i), path));
    }

    function _checkInParent(ParentLeaf memory parent, PairLeaf[] memory siblings, uint256 j)
        private
        view
        returns (bytes memory)
    {
        SumNode[] memory path = Trees.sumPath(pairNodes(siblings), j);
        SumNode memory root = SumNode(parent.pairRoot, parent.cumulative);
        assertTrue(calls.verifySum(root, parent.pairCount, calls.node(siblings[j]), uint64(j), path));
        return _packed(path);
    }

    // ---- what the rule draws

    function _hash(uint256 kind, uint256 i, uint256 field) private pure returns (bytes32) {
        return keccak256(abi.encode(TAG, kind, i, field));
    }

    function _draw(uint256 kind, uint256 i, uint256 field, uint256 bits) private pure returns (uint256) {
        uint256 h = uint256(_hash(kind, i, field));
        uint256 most = type(uint256).max >> (256 - bits);
        uint256 least = bits == LICENSE ? 1 : 0;
        if (h >> 248 < 16) return least;
        if (h >> 248 >= 240) return most;
        return h & most < least ? least : h & most;
    }

    function _voucher(uint256 i) private pure returns (bytes memory) {
        return abi.encode(_draw(1, i, 0, 160), _draw(1, i, 1, LICENSE), _draw(1, i, 2, 128), _draw(1, i, 3, 256));
    }

    function _grant(uint256 i) private pure returns (SignerGrant memory) {
        return SignerGrant(
            address(uint160(_draw(2, i, 0, 160))), address(uint160(_draw(2, i, 1, 160))), uint64(_draw(2, i, 2, 64))
        );
    }

    function _attestation(uint256 i) private pure returns (UsageAttestation memory) {
        uint16[15] memory bits = [64, 64, 64, 8, 160, 63, 256, 256, 64, 128, 64, 64, 128, 256, 64];
        bytes memory words = "";
        for (uint256 f = 0; f < bits.length; ++f) {
            words = abi.encodePacked(words, _draw(3, i, f, bits[f]));
        }
        return abi.decode(words, (UsageAttestation));
    }

    function _header(uint256 i) private pure returns (EpochHeader memory) {
        return EpochHeader(
            uint64(_draw(5, i, 0, 64)),
            uint64(_draw(5, i, 1, 64)),
            bytes32(_draw(5, i, 2, 256)),
            bytes32(_draw(5, i, 3, 256)),
            bytes32(_draw(5, i, 4, 256))
        );
    }

    function _partyWords(uint256 kind, uint256 i, uint256 keyBits) private pure returns (bytes memory) {
        return
            abi.encode(
                _draw(kind, i, 0, keyBits), _draw(kind, i, 1, 128), _draw(kind, i, 2, 64), _draw(kind, i, 3, 256)
            );
    }

    function _pairsOf(uint256 n) private pure returns (PairLeaf[] memory all) {
        uint256 crawlers = 1 + uint256(_hash(14, n * 1_000, 0)) % 8;
        uint256 licenses = 1 + uint256(_hash(14, n * 1_000, 1)) % 8;
        all = new PairLeaf[](crawlers * licenses);
        uint256 count = 0;
        for (uint256 c = 0; c < crawlers; ++c) {
            for (uint256 l = 0; l < licenses; ++l) {
                uint256 i = n * 1_000 + 100 + c * 8 + l;
                if (c + l > 0 && uint256(_hash(14, i, 0)) % 3 == 0) continue;
                all[count++] = PairLeaf(
                    address(uint160(uint256(_hash(14, n * 1_000 + c, 2)))),
                    1 + uint256(_hash(14, n * 1_000 + l, 3)) % (1 << 40),
                    uint128(1 + uint256(_hash(14, i, 1)) % (1 << 60)),
                    uint64(1 + uint256(_hash(14, i, 2)) % (1 << 20)),
                    uint64(uint256(_hash(14, i, 3)) % (1 << 32)),
                    _hash(14, i, 4)
                );
            }
        }
        assembly ("memory-safe") {
            mstore(all, count)
        }
    }

    // ---- the file

    function _file() private view returns (string memory) {
        return vm.readFile("../../docs/spec/vectors/many.json");
    }

    /// @dev The domains of wire.json's network.
    function _domains() private view returns (bytes32 credit, bytes32 metering, bytes32 header) {
        string memory doc = vm.readFile("../../docs/spec/vectors/wire.json");
        bytes32 domainType =
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        uint256 chainId = vm.parseJsonUint(doc, ".network.settlementChainId");
        bytes32 version = keccak256("1");
        address escrowAt = vm.parseJsonAddress(doc, ".network.creditEscrow");
        address ledgerAt = vm.parseJsonAddress(doc, ".network.meteringLedger");
        credit = keccak256(abi.encode(domainType, keccak256("Tachi Credit"), version, chainId, escrowAt));
        metering = keccak256(abi.encode(domainType, keccak256("Tachi Metering"), version, chainId, ledgerAt));
        header = Wire.headerDomain(vm.parseJsonBytes32(doc, ".network.deploymentId"));
    }

    function _results(string memory doc, string memory at) private pure returns (bytes32[] memory results) {
        bytes[] memory lines_ = vm.parseJsonBytesArray(doc, at);
        uint256 last = lines_.length - 1;
        results = new bytes32[](last * 16 + lines_[last].length / 32);
        for (uint256 i = 0; i < results.length; ++i) {
            results[i] = _wordAt(lines_[i / 16], i % 16 * 32);
        }
    }

    function _signed(string memory doc, string memory kind) private pure returns (address signer, bytes[] memory rows) {
        string memory at = string.concat(".signatures.", kind);
        signer = vm.parseJsonAddressArray(doc, string.concat(at, ".signers"))[0];
        rows = vm.parseJsonBytesArray(doc, string.concat(at, ".rows"));
    }

    function _checkSigned(bytes memory row, bytes32 domain, bytes32 structHash, address signer) private view {
        bytes32 digest = _digest(domain, structHash);
        assertEq(row.length, 96);
        assertEq(_wordAt(row, 0), digest);
        assertEq(calls.recover64(digest, abi.encodePacked(_wordAt(row, 32), _wordAt(row, 64))), signer);
    }

    function _digest(bytes32 domain, bytes32 structHash) private pure returns (bytes32) {
        return keccak256(abi.encodePacked("\x19\x01", domain, structHash));
    }

    function _wordAt(bytes memory data, uint256 at) private pure returns (bytes32 found) {
        assembly ("memory-safe") {
            found := mload(add(add(data, 32), at))
        }
    }

    function _slice(bytes32[] memory all, uint256 from, uint256 count) private pure returns (bytes32[] memory part) {
        part = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            part[i] = all[from + i];
        }
    }

    function _packed(SumNode[] memory path) private pure returns (bytes memory packed) {
        for (uint256 i = 0; i < path.length; ++i) {
            packed = abi.encodePacked(packed, path[i].hash, path[i].sum);
        }
    }
}
