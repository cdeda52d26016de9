package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.LogFrontier;
import network.tachi.contracts.wire.PairLeaf;
import network.tachi.contracts.wire.Rail;
import network.tachi.contracts.wire.SettlementTrees;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.UsageAttestation.PairTip;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;

/**
 * The log read from its first entry on by somebody who believes nothing but the entries: leaf
 * hashes, pair chains and totals are computed anew. Not for use by many threads.
 */
final class LogReplay {
  private final Map<PairKey, PairLeaf> pairs = new HashMap<>();
  private final LogFrontier frontier = new LogFrontier();

  /** The number of entries read. */
  long size() {
    return frontier.size();
  }

  /**
   * Reads the next entries.
   *
   * @throws LogFaultException at the first that breaks the rules of wire.md section 3; the replay
   *     is then of no more use
   */
  void read(List<UsageAttestation> entries) {
    entries.forEach(this::read);
  }

  private void read(UsageAttestation entry) {
    require(entry.logIndex() == frontier.size(), entry, "it stands at index " + frontier.size());
    switch (Rail.of(entry.rail()).orElseThrow(() -> fault(entry, "there is no such rail"))) {
      case CREDIT -> charge(entry);
      case DIRECT -> requireUnchained(entry);
    }
    frontier.append(entry.leafHash());
  }

  private void charge(UsageAttestation entry) {
    PairKey key = new PairKey(entry.licenseId(), entry.crawler());
    PairLeaf last = pairs.get(key);
    PairTip tip =
        last == null
            ? PairTip.NONE
            : new PairTip(last.lastPairSeq(), last.lastLogIndex(), last.cumulative());
    require(entry.pairSeq() == tip.pairSeq() + 1, entry, "the pair stands at " + tip);
    require(entry.pairPrevIndex() == tip.logIndex(), entry, "the pair stands at " + tip);
    UsdcAmount cumulative = tip.cumulative().plus(entry.amount());
    require(entry.pairCumulative().equals(cumulative), entry, "the pair stands at " + tip);
    require(!cumulative.isZero(), entry, "it charges nothing");
    pairs.put(key, PairLeaf.of(entry));
  }

  private static void requireUnchained(UsageAttestation entry) {
    PairTip none = PairTip.NONE;
    require(
        entry.pairSeq() == none.pairSeq()
            && entry.pairPrevIndex() == none.logIndex()
            && entry.pairCumulative().equals(none.cumulative()),
        entry,
        "a DIRECT entry is in no pair chain");
  }

  private static void require(boolean condition, UsageAttestation entry, String message) {
    if (!condition) {
      throw fault(entry, message);
    }
  }

  private static LogFaultException fault(UsageAttestation entry, String message) {
    return new LogFaultException("entry " + entry.logIndex() + ": " + message + ", found " + entry);
  }

  /** The body of an epoch that ends here. */
  EpochBody body(Hash rulesHash, long closedAt) {
    requireNonNull(rulesHash, "rulesHash is null");
    return EpochBody.of(
        frontier.size(), frontier.root(), SettlementTrees.of(pairs.values()), rulesHash, closedAt);
  }
}
