package network.tachi.contracts.call;

import java.util.List;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.LogProof;
import network.tachi.contracts.wire.PairProof;
import network.tachi.contracts.wire.PartyLeaf;
import network.tachi.contracts.wire.Proven;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Abi;
import network.tachi.evm.AbiValue;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;

/**
 * Calls of the demands of {@code MeteringLedger} (wire.md section 6). Who asks pays the fee from
 * its allowance; anyone may answer. A {@code debit} says which tree is meant.
 */
public final class DemandCalls {
  private DemandCalls() {}

  /** D1: asks for the path of a promised line; anyone who holds the attestation. */
  public static Bytes demandLine(Committed target, UsageAttestation a, Signature signature) {
    return Abi.call(
        "demandLine",
        WireAbi.committed(target),
        WireAbi.attestation(a),
        Abi.bytes(Bytes.wrap(signature.toBytes())));
  }

  /** D2: asks for the line that a pair leaf names as its last; a party of the pair. */
  public static Bytes demandReference(
      Committed target, boolean debit, PairProof<? extends PartyLeaf<?>> pair) {
    return ask("demandReference", target, debit, EvidenceAbi.pair(pair), WireAbi.noLogProof());
  }

  /** D2: asks for the line that a line names as the one before it; a party of the line. */
  public static Bytes demandReference(Committed target, LogProof line) {
    return ask("demandReference", target, false, EvidenceAbi.noPair(), WireAbi.logProof(line));
  }

  /** C9: asks for the voucher by which a pair was billed; a party of the pair. */
  public static Bytes demandVoucher(
      Committed target, boolean debit, PairProof<? extends PartyLeaf<?>> pair) {
    return ask("demandVoucher", target, debit, EvidenceAbi.pair(pair), WireAbi.noLogProof());
  }

  /** C9: asks for the voucher by which a line was billed; a party of the line. */
  public static Bytes demandVoucher(Committed target, LogProof line) {
    return ask("demandVoucher", target, false, EvidenceAbi.noPair(), WireAbi.logProof(line));
  }

  /** D4: asks for a party's leaf; anyone. */
  public static Bytes demandNode(Committed target, boolean debit, long parentIndex) {
    return demandNode(target, debit, parentIndex, WireIds.NONE);
  }

  /** D4: asks for a pair's leaf and its party's; anyone. */
  public static Bytes demandNode(
      Committed target, boolean debit, long parentIndex, long pairIndex) {
    return Abi.call(
        "demandNode",
        WireAbi.committed(target),
        Abi.bool(debit),
        WireAbi.uint64(parentIndex),
        WireAbi.uint64(pairIndex));
  }

  /** Answers D1. */
  public static Bytes answerLine(Committed target, UsageAttestation a, List<Hash> path) {
    return Abi.call(
        "answerLine", WireAbi.committed(target), WireAbi.attestation(a), Abi.bytes32Array(path));
  }

  /** Answers D2. */
  public static Bytes answerReference(Committed target, LogProof line) {
    return Abi.call("answerReference", WireAbi.committed(target), WireAbi.logProof(line));
  }

  /**
   * Answers C9.
   *
   * @param cumulative what the pair or line is billed in total
   */
  public static Bytes answerVoucher(
      Committed target, CrawlVoucher voucher, UsdcAmount cumulative, Signature signature) {
    return Abi.call(
        "answerVoucher",
        WireAbi.committed(target),
        EvidenceAbi.voucher(voucher),
        WireAbi.uint128(cumulative),
        Abi.bytes(Bytes.wrap(signature.toBytes())));
  }

  /** Answers D4 by the pair that was asked for. */
  public static Bytes answerNode(
      Committed target, boolean debit, PairProof<? extends PartyLeaf<?>> proof) {
    return Abi.call(
        "answerNode", WireAbi.committed(target), Abi.bool(debit), EvidenceAbi.pair(proof));
  }

  /**
   * Answers D4 by the party.
   *
   * @param pairIndex as it was asked for: {@link WireIds#NONE}, or a place at which the party has
   *     no pair
   */
  public static Bytes answerNode(
      Committed target, boolean debit, Proven<? extends PartyLeaf<?>> party, long pairIndex) {
    return Abi.call(
        "answerNode",
        WireAbi.committed(target),
        Abi.bool(debit),
        EvidenceAbi.parentOnly(pairIndex, EvidenceAbi.parent(party)));
  }

  /** Voids a header of which a demand was not answered in time; anyone. */
  public static Bytes expireDemand(Committed target, Hash demandId) {
    return Abi.call("expireDemand", WireAbi.committed(target), Abi.bytes32(demandId));
  }

  /**
   * A demand as the ledger keeps it.
   *
   * @param asker who asked; zero if there is no such demand
   * @param answerBy the last second in which an answer counts
   * @param open whether it was neither answered nor expired
   */
  public record State(Address asker, long answerBy, boolean open) {}

  /** A demand about a header. */
  public static View<State> demand(Hash headerHash, Hash demandId) {
    return new View<>(
        Abi.call("demands", Abi.bytes32(headerHash), Abi.bytes32(demandId)),
        r -> new State(r.address(0), r.uintAsLong(1), r.bool(3)));
  }

  /** The number of open demands about pending headers. */
  public static View<Long> openDemands() {
    return new View<>(Abi.call("openDemands"), r -> r.uintAsLong(0));
  }

  /** What a demand costs. */
  public static View<UsdcAmount> demandFee() {
    return new View<>(Abi.call("demandFee"), r -> r.amount(0));
  }

  /** The seconds in which a demand must be answered. */
  public static View<Long> demandSeconds() {
    return new View<>(Abi.call("demandSeconds"), r -> r.uint64(0));
  }

  private static Bytes ask(
      String function, Committed target, boolean debit, AbiValue pair, AbiValue line) {
    return Abi.call(function, WireAbi.committed(target), Abi.bool(debit), pair, line);
  }
}
