package network.tachi.contracts.call;

import java.util.Optional;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.CrawlerLeaf;
import network.tachi.contracts.wire.LicenseLeaf;
import network.tachi.contracts.wire.PairGap;
import network.tachi.contracts.wire.PairProof;
import network.tachi.contracts.wire.Proven;
import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;

/**
 * Calls of {@code MeteringLedger} about lost bonds and what waits (wire.md section 6). Anyone may
 * make them.
 */
public final class LostBondCalls {
  private LostBondCalls() {}

  /**
   * Pays a pair of a voided header its part of the pot.
   *
   * @param predecessor the header before it, or any if it was the first
   * @param pair in the voided header's credit tree
   * @param before the same pair in the predecessor's; empty if it was not there
   * @param gap that it was not there; not looked at otherwise
   */
  public static Bytes claimHarm(
      Committed voided,
      Committed predecessor,
      PairProof<LicenseLeaf> pair,
      Optional<PairProof<LicenseLeaf>> before,
      PairGap gap) {
    return Abi.call(
        "claimHarm",
        WireAbi.committed(voided),
        WireAbi.committed(predecessor),
        EvidenceAbi.pair(pair),
        before.map(EvidenceAbi::pair).orElseGet(EvidenceAbi::noPair),
        EvidenceAbi.gap(gap));
  }

  /** Ends the time for claims to a pot. */
  public static Bytes closePot(Hash headerHash) {
    return Abi.call("closePot", Abi.bytes32(headerHash));
  }

  /**
   * Pays out of the insurance what a crawler is finally billed beyond its deposits.
   *
   * @param crawler its leaf in the last finalised debit tree
   */
  public static Bytes coverOverdraw(Proven<CrawlerLeaf> crawler) {
    return Abi.call("coverOverdraw", EvidenceAbi.crawler(crawler));
  }

  /** Sends an account what USDC refused to send it before. */
  public static Bytes sendOwed(Address account) {
    return Abi.call("sendOwed", Abi.address(account));
  }

  /** What waits for an account. */
  public static View<UsdcAmount> owed(Address account) {
    return new View<>(Abi.call("owed", Abi.address(account)), r -> r.amount(0));
  }

  /** What can leave only to make up for an overdraw. */
  public static View<UsdcAmount> insurance() {
    return new View<>(Abi.call("insurance"), r -> r.amount(0));
  }
}
