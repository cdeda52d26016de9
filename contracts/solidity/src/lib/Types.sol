// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// The structs of docs/spec/wire.md sections 3, 5 and 6. Field order is part of the wire format.

/// @notice A crawler's ceiling for what one licence may bill it in total.
struct CrawlVoucher {
    address crawler;
    uint256 licenseId;
    uint128 cumulativeMax;
    bytes32 termsHash;
}

/// @notice Proof of possession: `signer` agrees to sign vouchers of `crawler` until `expiry`.
struct SignerGrant {
    address crawler;
    address signer;
    uint64 expiry;
}

/// @notice One line of the usage log.
struct UsageAttestation {
    uint64 generation;
    uint64 logIndex;
    uint64 configVersion;
    uint8 rail;
    address crawler;
    uint256 licenseId;
    bytes32 contentId;
    bytes32 requestId;
    uint64 units;
    uint128 unitPrice;
    uint64 pairSeq;
    uint64 pairPrevIndex;
    uint128 pairCumulative;
    bytes32 paymentRef;
    uint64 issuedAtMs;
}

/// @notice What an epoch's header commits to.
struct EpochBody {
    uint64 logSize;
    bytes32 logRoot;
    uint64 licenseCount;
    bytes32 creditRoot;
    uint64 crawlerCount;
    bytes32 debitRoot;
    uint128 totalCredit;
    uint128 totalDebit;
    bytes32 rulesHash;
    bytes32 dataCommitment;
    uint64 closedAt;
}

/// @notice The chain-neutral header that the root signers sign.
struct EpochHeader {
    uint64 epoch;
    uint64 generation;
    bytes32 prevHeaderHash;
    bytes32 configDigest;
    bytes32 bodyHash;
}

/// @notice A header together with the body it commits to.
struct Committed {
    EpochHeader header;
    EpochBody body;
}

/// @notice A line of the log and its RFC 9162 inclusion path, from leaf to root.
struct LogProof {
    UsageAttestation leaf;
    uint64 index;
    bytes32[] path;
}

/// @notice What one crawler owes one licence since the first epoch.
struct PairLeaf {
    address crawler;
    uint256 licenseId;
    uint128 cumulative;
    uint64 lastPairSeq;
    uint64 lastLogIndex;
    bytes32 voucherHash;
}

/// @notice What one licence has earned since the first epoch.
struct LicenseLeaf {
    uint256 licenseId;
    uint128 cumulative;
    uint64 pairCount;
    bytes32 pairRoot;
}

/// @notice What one crawler was billed since the first epoch.
struct CrawlerLeaf {
    address crawler;
    uint128 cumulative;
    uint64 pairCount;
    bytes32 pairRoot;
}

/// @notice A node of a Merkle-sum tree.
struct SumNode {
    bytes32 hash;
    uint128 sum;
}

/// @notice A licence leaf with its place in the credit tree.
struct LicenseProof {
    LicenseLeaf leaf;
    uint64 index;
    SumNode[] path;
}

/// @notice A crawler leaf with its place in the debit tree.
struct CrawlerProof {
    CrawlerLeaf leaf;
    uint64 index;
    SumNode[] path;
}

/// @notice A leaf of the credit tree (key: licence id) or of the debit tree (key: crawler). The same words as
/// `LicenseLeaf` and `CrawlerLeaf`.
struct ParentLeaf {
    uint256 key;
    uint128 cumulative;
    uint64 pairCount;
    bytes32 pairRoot;
}

/// @notice A parent leaf with its place in its tree.
struct ParentProof {
    ParentLeaf leaf;
    uint64 index;
    SumNode[] path;
}

/// @notice A pair leaf with its place in its parent's pair tree, and its parent's place.
struct PairProof {
    PairLeaf pair;
    uint64 index;
    SumNode[] path;
    ParentProof parent;
}

/// @notice Absence of a pair: neighbours that leave no room for its parent, or for the pair under its parent.
struct PairGap {
    PairProof[] pairs;
    ParentProof[] parents;
}

/// @notice The two children of a node.
struct Split {
    SumNode left;
    SumNode right;
}

/// @notice The way from a root down; bit i of `turns` is 1 where it goes right at `splits[i]`.
struct Descent {
    Split[] splits;
    uint256 turns;
}

/// @notice A direct payment, as its `PaymentMade` event told it.
struct Payment {
    bytes32 paymentId;
    uint256 licenseId;
    address payer;
    uint256 amount;
    uint64 paidAt;
}
