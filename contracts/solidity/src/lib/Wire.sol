// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    CrawlVoucher,
    CrawlerLeaf,
    EpochBody,
    EpochHeader,
    LicenseLeaf,
    PairLeaf,
    ParentLeaf,
    SignerGrant,
    SumNode,
    UsageAttestation
} from "./Types.sol";

/// @title Hashes of docs/spec/wire.md
/// @notice Every byte that is hashed for a signature, a leaf or an identifier is laid out here and nowhere else.
library Wire {
    /// @notice "There is no such log index."
    uint64 internal constant NONE = type(uint64).max;
    /// @notice Rail of a per-request payment.
    uint8 internal constant DIRECT = 1;
    /// @notice Rail of a voucher draw.
    uint8 internal constant CREDIT = 2;

    bytes32 internal constant CRAWL_VOUCHER_TYPEHASH =
        keccak256("CrawlVoucher(address crawler,uint256 licenseId,uint128 cumulativeMax,bytes32 termsHash)");
    bytes32 internal constant SIGNER_GRANT_TYPEHASH =
        keccak256("SignerGrant(address crawler,address signer,uint64 expiry)");
    bytes32 internal constant USAGE_ATTESTATION_TYPEHASH = keccak256(
        "UsageAttestation(uint64 generation,uint64 logIndex,uint64 configVersion,uint8 rail,address crawler,uint256 licenseId,bytes32 contentId,bytes32 requestId,uint64 units,uint128 unitPrice,uint64 pairSeq,uint64 pairPrevIndex,uint128 pairCumulative,bytes32 paymentRef,uint64 issuedAtMs)"
    );
    bytes32 internal constant EPOCH_BODY_TYPEHASH = keccak256(
        "EpochBody(uint64 logSize,bytes32 logRoot,uint64 licenseCount,bytes32 creditRoot,uint64 crawlerCount,bytes32 debitRoot,uint128 totalCredit,uint128 totalDebit,bytes32 rulesHash,bytes32 dataCommitment,uint64 closedAt)"
    );
    bytes32 internal constant EPOCH_HEADER_TYPEHASH = keccak256(
        "EpochHeader(uint64 epoch,uint64 generation,bytes32 prevHeaderHash,bytes32 configDigest,bytes32 bodyHash)"
    );
    bytes32 internal constant SALTED_DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,bytes32 salt)");

    bytes32 private constant DEPLOYMENT_TAG = keccak256("tachi.deployment.v1");
    bytes32 private constant CONFIG_TAG = keccak256("tachi.config.v1");

    /// @notice Names one deployment of the system on all chains.
    function deploymentId(uint256 settlementChainId, address meteringLedger) internal pure returns (bytes32) {
        return keccak256(abi.encode(DEPLOYMENT_TAG, settlementChainId, meteringLedger));
    }

    /// @notice Names one direct payment.
    /// @param source USDC for an EIP-3009 authorisation, the payment processor for `pay`.
    function paymentId(uint256 chainId, address source, address from, bytes32 nonce) internal pure returns (bytes32) {
        return keccak256(abi.encode(chainId, source, from, nonce));
    }

    /// @notice Names one demand about a header.
    /// @param kind 1 a line, 2 a reference, 4 a leaf of a settlement tree, 9 a voucher.
    /// @param subject what is asked for; words by kind.
    function demandId(bytes32 headerHash, uint8 kind, bytes memory subject) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(headerHash, uint256(kind), subject));
    }

    /// @notice CREATE2 salt of a licence's vault.
    function vaultSalt(uint256 chainId, uint256 licenseId) internal pure returns (bytes32) {
        return keccak256(abi.encode(chainId, licenseId));
    }

    /// @notice Digest of a signer configuration.
    function configDigest(
        bytes32 deployment,
        uint64 version,
        uint8 threshold,
        address[] memory signers,
        address attestationKey
    ) internal pure returns (bytes32) {
        // abi.encodePacked pads the elements of an array to words.
        bytes32 signersHash = keccak256(abi.encodePacked(signers));
        return keccak256(abi.encode(CONFIG_TAG, deployment, version, threshold, signersHash, attestationKey));
    }

    /// @notice EIP-712 domain separator of headers: chain-neutral, bound to the deployment.
    function headerDomain(bytes32 deployment) internal pure returns (bytes32) {
        return keccak256(abi.encode(SALTED_DOMAIN_TYPEHASH, keccak256("Tachi Header"), keccak256("1"), deployment));
    }

    function hashStruct(CrawlVoucher calldata voucher) internal pure returns (bytes32) {
        return keccak256(abi.encode(CRAWL_VOUCHER_TYPEHASH, voucher));
    }

    function hashStruct(SignerGrant memory grant) internal pure returns (bytes32) {
        return keccak256(abi.encode(SIGNER_GRANT_TYPEHASH, grant));
    }

    function hashStruct(UsageAttestation calldata attestation) internal pure returns (bytes32) {
        return keccak256(abi.encode(USAGE_ATTESTATION_TYPEHASH, attestation));
    }

    function hashStruct(EpochBody calldata body) internal pure returns (bytes32) {
        return keccak256(abi.encode(EPOCH_BODY_TYPEHASH, body));
    }

    function hashStruct(EpochHeader calldata header) internal pure returns (bytes32) {
        return keccak256(abi.encode(EPOCH_HEADER_TYPEHASH, header));
    }

    /// @notice Leaf of the usage log.
    function logLeaf(UsageAttestation calldata attestation) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(uint8(0x00), hashStruct(attestation)));
    }

    // The words of a leaf are listed rather than encoded as a struct, which would copy them twice.

    function leafNode(PairLeaf calldata leaf) internal pure returns (SumNode memory) {
        bytes32 hash = keccak256(
            abi.encodePacked(
                uint8(0x02),
                uint256(uint160(leaf.crawler)),
                leaf.licenseId,
                uint256(leaf.cumulative),
                uint256(leaf.lastPairSeq),
                uint256(leaf.lastLogIndex),
                leaf.voucherHash
            )
        );
        return SumNode(hash, leaf.cumulative);
    }

    function leafNode(LicenseLeaf calldata leaf) internal pure returns (SumNode memory) {
        return _parentNode(0x03, leaf.licenseId, leaf.cumulative, leaf.pairCount, leaf.pairRoot);
    }

    function leafNode(CrawlerLeaf calldata leaf) internal pure returns (SumNode memory) {
        return _parentNode(0x04, uint160(leaf.crawler), leaf.cumulative, leaf.pairCount, leaf.pairRoot);
    }

    /// @notice A parent leaf's node: a licence leaf's in the credit tree, a crawler leaf's in the debit tree.
    function leafNode(ParentLeaf calldata leaf, bool debit) internal pure returns (SumNode memory) {
        return _parentNode(debit ? 0x04 : 0x03, leaf.key, leaf.cumulative, leaf.pairCount, leaf.pairRoot);
    }

    function _parentNode(uint8 prefix, uint256 key, uint128 cumulative, uint64 pairCount, bytes32 pairRoot)
        private
        pure
        returns (SumNode memory)
    {
        bytes32 hash = keccak256(abi.encodePacked(prefix, key, uint256(cumulative), uint256(pairCount), pairRoot));
        return SumNode(hash, cumulative);
    }
}
