// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Committed, CrawlVoucher, LogProof, PairProof, UsageAttestation} from "../../src/lib/Types.sol";
import {Trees} from "./Trees.sol";
import {SettlementTest} from "./SettlementTest.sol";

/// @notice Vouchers behind lines, askers with money, and demands' ids.
abstract contract DemandTest is SettlementTest {
    uint8 internal constant LINE = 1;
    uint8 internal constant REFERENCE = 2;
    uint8 internal constant NODE = 4;
    uint8 internal constant VOUCHER = 9;
    bytes32 internal constant TERMS = keccak256("terms");

    // ---- consent

    /// @dev Appends an honest CREDIT line under a voucher for exactly what it comes to.
    function useByVoucher(address who, uint256 licenseId, uint64 units, uint128 unitPrice)
        internal
        returns (CrawlVoucher memory voucher)
    {
        use(who, licenseId, units, unitPrice);
        UsageAttestation storage line = lines[lines.length - 1];
        voucher = CrawlVoucher(who, licenseId, line.pairCumulative, TERMS);
        line.paymentRef = digestOf(voucher);
    }

    function digestOf(CrawlVoucher memory voucher) internal view returns (bytes32) {
        bytes32 typehash =
            keccak256("CrawlVoucher(address crawler,uint256 licenseId,uint128 cumulativeMax,bytes32 termsHash)");
        bytes32 hash = keccak256(abi.encode(typehash, voucher));
        return keccak256(abi.encodePacked("\x19\x01", escrow.domainSeparator(), hash));
    }

    function register(Account memory who, Account memory signer, uint64 expiry) internal {
        bytes32 typehash = keccak256("SignerGrant(address crawler,address signer,uint64 expiry)");
        bytes32 hash = keccak256(abi.encode(typehash, who.addr, signer.addr, expiry));
        bytes memory grant = sign(signer, keccak256(abi.encodePacked("\x19\x01", escrow.domainSeparator(), hash)));
        vm.prank(who.addr);
        escrow.registerSigner(signer.addr, expiry, grant);
    }

    // ---- asking

    /// @dev Calls the ledger as one who can pay a fee.
    function ask(address asker, bytes memory data) internal {
        give(asker, DEMAND_FEE);
        vm.prank(asker);
        usdc.approve(address(ledger), DEMAND_FEE);
        vm.prank(asker);
        (bool ok, bytes memory answer) = address(ledger).call(data);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }

    function idOf(Committed memory c, uint8 kind, bytes memory subject) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hashOf(c.header), uint256(kind), subject));
    }

    function isOpen(Committed memory c, bytes32 demandId) internal view returns (bool open) {
        (,,, open) = ledger.demands(hashOf(c.header), demandId);
    }

    function lineId(Committed memory c, uint64 index) internal view returns (bytes32) {
        return idOf(c, LINE, abi.encode(logLeaf(lines[index])));
    }

    function voucherId(Committed memory c, UsageAttestation memory a) internal pure returns (bytes32) {
        return idOf(c, VOUCHER, abi.encode(a.crawler, a.licenseId, a.paymentRef, a.pairCumulative));
    }

    function askLine(address asker, Committed memory c, uint64 index) internal returns (bytes32 demandId) {
        demandId = lineId(c, index);
        ask(asker, abi.encodeCall(demands.demandLine, (c, lines[index], attest(lines[index]))));
    }

    function askPrevious(address asker, Committed memory c, uint64 index) internal returns (bytes32 demandId) {
        demandId = idOf(c, REFERENCE, abi.encode(lines[index].pairPrevIndex));
        ask(asker, abi.encodeCall(demands.demandReference, (c, false, noPair(), logProof(index))));
    }

    function askLast(address asker, Committed memory c, bool debit, PairProof memory pair)
        internal
        returns (bytes32 demandId)
    {
        demandId = idOf(c, REFERENCE, abi.encode(pair.pair.lastLogIndex));
        ask(asker, abi.encodeCall(demands.demandReference, (c, debit, pair, noProof())));
    }

    function askConsent(address asker, Committed memory c, uint64 index) internal returns (bytes32 demandId) {
        demandId = voucherId(c, lines[index]);
        ask(asker, abi.encodeCall(demands.demandVoucher, (c, false, noPair(), logProof(index))));
    }

    function askPairConsent(address asker, Committed memory c, bool debit, PairProof memory proof)
        internal
        returns (bytes32 demandId)
    {
        bytes memory subject =
            abi.encode(proof.pair.crawler, proof.pair.licenseId, proof.pair.voucherHash, proof.pair.cumulative);
        demandId = idOf(c, VOUCHER, subject);
        ask(asker, abi.encodeCall(demands.demandVoucher, (c, debit, proof, noProof())));
    }

    function askNode(address asker, Committed memory c, bool debit, uint64 parentIndex, uint64 pairIndex)
        internal
        returns (bytes32 demandId)
    {
        demandId = idOf(c, NODE, abi.encode(debit, parentIndex, pairIndex));
        ask(asker, abi.encodeCall(demands.demandNode, (c, debit, parentIndex, pairIndex)));
    }

    // ---- answering

    function answerLine(Committed memory c, uint64 index) internal {
        demands.answerLine(c, lines[index], Trees.logPath(logLeaves(), index));
    }

    function answerVoucher(Committed memory c, CrawlVoucher memory voucher, uint128 cumulative, Account memory signer)
        internal
    {
        demands.answerVoucher(c, voucher, cumulative, sign(signer, digestOf(voucher)));
    }

    function noLine() internal pure returns (LogProof memory) {
        return noProof();
    }
}
