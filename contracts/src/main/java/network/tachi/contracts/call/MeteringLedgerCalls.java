package network.tachi.contracts.call;

import java.util.List;
import network.tachi.contracts.wire.Absence;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.CrawlerLeaf;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.contracts.wire.LogProof;
import network.tachi.contracts.wire.PairGap;
import network.tachi.contracts.wire.Proven;
import network.tachi.contracts.wire.QuorumSignature;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.evm.Abi;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;

/** Calls of {@code MeteringLedger}. Numbers of type {@code long} are unsigned. */
public final class MeteringLedgerCalls {
  private MeteringLedgerCalls() {}

  /** Where the ledger stands. */
  public record Head(long lastPosted, long lastFinalised, long generation) {}

  /** A header that the ledger knows; its hash is zero if it knows none. */
  public record PostedHeader(Hash headerHash, long generation, long finalisableAt, long closedAt) {}

  /** Posts the next epoch's header; the same header again does nothing. Anyone. */
  public static Bytes post(Committed epoch, QuorumSignature quorum) {
    return Abi.call(
        "post",
        WireAbi.header(epoch.header()),
        WireAbi.body(epoch.body()),
        WireAbi.uint32(quorum.bitmap()),
        Abi.bytes(quorum.signatures()));
  }

  /** Makes a pending header and all before it final; anyone. */
  public static Bytes finalise(Committed epoch) {
    return Abi.call("finalise", WireAbi.committed(epoch));
  }

  /** Challenge C2a: two attestations for one index. */
  public static Bytes challengeAttestations(
      UsageAttestation a, Signature signatureA, UsageAttestation b, Signature signatureB) {
    return Abi.call(
        "challengeAttestations",
        WireAbi.attestation(a),
        Abi.bytes(Bytes.wrap(signatureA.toBytes())),
        WireAbi.attestation(b),
        Abi.bytes(Bytes.wrap(signatureB.toBytes())));
  }

  /** Challenge C2b: two headers for one epoch. */
  public static Bytes challengeHeaders(
      EpochHeader a,
      QuorumSignature quorumA,
      EpochHeader b,
      QuorumSignature quorumB,
      long configVersion) {
    return Abi.call(
        "challengeHeaders",
        WireAbi.header(a),
        WireAbi.uint32(quorumA.bitmap()),
        Abi.bytes(quorumA.signatures()),
        WireAbi.header(b),
        WireAbi.uint32(quorumB.bitmap()),
        Abi.bytes(quorumB.signatures()),
        WireAbi.uint64(configVersion));
  }

  /** Challenge C4: a line that does not continue the line at its {@code pairPrevIndex}. */
  public static Bytes challengePairChain(Committed target, LogProof leaf, LogProof prev) {
    return Abi.call(
        "challengePairChain",
        WireAbi.committed(target),
        WireAbi.logProof(leaf),
        WireAbi.logProof(prev));
  }

  /** Challenge C4: a line that is wrong in itself. */
  public static Bytes challengePairChain(Committed target, LogProof leaf) {
    return Abi.call(
        "challengePairChain",
        WireAbi.committed(target),
        WireAbi.logProof(leaf),
        WireAbi.noLogProof());
  }

  /** Challenge C10a: a crawler is billed more than it had deposited. */
  public static Bytes challengeOverdraw(Committed target, Proven<CrawlerLeaf> crawler) {
    return Abi.call("challengeOverdraw", WireAbi.committed(target), EvidenceAbi.parent(crawler));
  }

  /** Challenge C10b: a crawler that was billed before is billed what thaws. */
  public static Bytes challengeThawed(
      Committed target,
      Committed predecessor,
      Proven<CrawlerLeaf> crawler,
      Proven<CrawlerLeaf> older) {
    return Abi.call(
        "challengeThawed",
        WireAbi.committed(target),
        WireAbi.committed(predecessor),
        EvidenceAbi.parent(crawler),
        EvidenceAbi.parent(older),
        EvidenceAbi.parents(List.of()));
  }

  /** Challenge C10b: a crawler that was never billed before is billed what thaws. */
  public static Bytes challengeThawed(
      Committed target,
      Committed predecessor,
      Proven<CrawlerLeaf> crawler,
      Absence<CrawlerLeaf> before) {
    return Abi.call(
        "challengeThawed",
        WireAbi.committed(target),
        WireAbi.committed(predecessor),
        EvidenceAbi.parent(crawler),
        EvidenceAbi.noParent(),
        EvidenceAbi.parents(PairGap.ofParty(before).parents()));
  }

  /** Adds to the bond from the sender's allowance; anyone. */
  public static Bytes depositBond(UsdcAmount amount) {
    return Abi.call("depositBond", WireAbi.uint128(amount));
  }

  /** Where the ledger stands. */
  public static View<Head> head() {
    return new View<>(Abi.call("head"), r -> new Head(r.uint64(0), r.uint64(1), r.uint64(2)));
  }

  /** A header of the ring. */
  public static View<PostedHeader> headerAt(long epoch) {
    return new View<>(
        Abi.call("headerAt", WireAbi.uint64(epoch)),
        r -> new PostedHeader(r.word(0), r.uint64(1), r.uint64(2), r.uint64(3)));
  }

  /** The operator's bond. */
  public static View<UsdcAmount> bond() {
    return new View<>(Abi.call("bond"), r -> r.amount(0));
  }

  /** The digest of the signer configuration in force. */
  public static View<Hash> configDigest() {
    return new View<>(Abi.call("configDigest"), r -> r.word(0));
  }
}
