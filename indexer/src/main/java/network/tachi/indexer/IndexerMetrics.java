package network.tachi.indexer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.RpcErrorKind;

/**
 * The meters of one chain's indexer, all named {@code tachi.indexer.*} and labelled with the chain
 * id.
 */
final class IndexerMetrics implements WriterLease.Listener {
  private static final int DIGEST_BITS = 48;

  private final MeterRegistry registry;
  private final Tags tags;
  private final AtomicLong head = new AtomicLong(-1);
  private final AtomicLong indexed = new AtomicLong(-1);
  private final AtomicLong finalized = new AtomicLong(-1);
  private final AtomicLong indexedSecond = new AtomicLong();
  private final AtomicLong halted = new AtomicLong();
  private final AtomicLong leaseHeld = new AtomicLong();
  private final AtomicLong leaseEpoch = new AtomicLong();
  private final AtomicLong standbyLag = new AtomicLong();
  private final AtomicLong standbyBlocks = new AtomicLong();
  private final AtomicLong digestBlock = new AtomicLong(-1);
  private final AtomicLong digestValue = new AtomicLong();
  private final AtomicLong coverageGaps = new AtomicLong();
  private final AtomicLong finalityDisputed = new AtomicLong();
  private final AtomicLong headsLive = new AtomicLong();
  private final DistributionSummary reorgDepth;
  private final Timer reorgTime;
  private final Timer commitTime;
  private final Timer headToCommit;

  IndexerMetrics(MeterRegistry registry, ChainId chain, InstantSource clock) {
    this.registry = registry;
    this.tags = Tags.of("chain", chain.toString());
    gauge("head.block", "Height of the chain's head as last seen", head);
    gauge("indexed.block", "Height of the highest block in the store", indexed);
    gauge("finalized.block", "Height of the finalized block in the store", finalized);
    gauge("halted", "1 while the indexer refuses to go on by itself", halted);
    gauge("lease.held", "1 while this process is the chain's writer", leaseHeld);
    gauge("lease.epoch", "Epoch of the lease when this process last took it", leaseEpoch);
    gauge(
        "standby.lag.blocks",
        "Blocks between the head and the store, seen by a standby",
        standbyLag);
    gauge("standby.blocks", "Newest blocks that a standby has verified already", standbyBlocks);
    gauge("digest.block", "Height of the newest block with events in the store", digestBlock);
    gauge("digest.value", "First 48 bits of the state digest after that block", digestValue);
    gauge("coverage.gaps", "Blocks up to the head that nobody looked at", coverageGaps);
    gauge("heads.live", "1 while new heads are announced by a websocket", headsLive);
    gauge(
        "finality.disputed",
        "1 while no two endpoints agree on a new finalized block",
        finalityDisputed);
    Gauge.builder("tachi.indexer.lag.blocks", this, IndexerMetrics::lagBlocks)
        .description("Blocks between the head and the store")
        .tags(tags)
        .register(registry);
    Gauge.builder("tachi.indexer.lag.seconds", this, metrics -> metrics.lagSeconds(clock))
        .description("Age of the highest block in the store by its own timestamp")
        .tags(tags)
        .register(registry);
    reorgDepth =
        DistributionSummary.builder("tachi.indexer.reorg.depth")
            .description("Blocks unwound by a reorg")
            .tags(tags)
            .register(registry);
    reorgTime = timer("reorg.duration", "Transaction time of a commit that unwound blocks");
    commitTime = timer("commit.duration", "Transaction time of a commit");
    headToCommit = timer("head.to.commit", "From the first sight of a head to its commit");
  }

  private void gauge(String name, String description, AtomicLong value) {
    Gauge.builder("tachi.indexer." + name, value, AtomicLong::doubleValue)
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder("tachi.indexer." + name)
        .description(description)
        .publishPercentiles(0.5, 0.99)
        .tags(tags)
        .register(registry);
  }

  private double lagBlocks() {
    return Math.max(0, head.get() - indexed.get());
  }

  private double lagSeconds(InstantSource clock) {
    return indexed.get() < 0 ? 0 : clock.instant().getEpochSecond() - indexedSecond.doubleValue();
  }

  long head() {
    return head.get();
  }

  void head(long number) {
    head.set(number);
  }

  /** Counts what a commit has done. */
  void committed(Change change, Duration transaction) {
    indexed.set(change.after().number());
    indexedSecond.set(change.after().timestamp());
    finalized.set(change.finality().finalized().number());
    commitTime.record(transaction);
    if (change.depth() > 0) {
      counter("reorgs", "Reorgs followed").increment();
      reorgDepth.record((double) change.depth());
      reorgTime.record(transaction);
    }
    Map<String, Integer> proofs = new HashMap<>();
    Map<String, Integer> events = new HashMap<>();
    for (VerifiedBlock block : change.blocks()) {
      proofs.merge(block.verifiedBy().column(), 1, Integer::sum);
      block.events().forEach(event -> events.merge(event.event().name(), 1, Integer::sum));
    }
    proofs.forEach((proof, count) ->
        counter("blocks.verified", "Blocks proven, by proof", "by", proof).increment(count));
    events.forEach((event, count) ->
        counter("events", "Events stored, by kind", "event", event).increment(count));
  }

  /**
   * The state digest after a block; as much of it is shown as a number of 64 bits keeps exactly.
   */
  void digest(long block, Hash digest) {
    digestBlock.set(block);
    digestValue.set(digest.toUint().shiftRight(256 - DIGEST_BITS).longValueExact());
  }

  void coverageGaps(long blocks) {
    coverageGaps.set(blocks);
  }

  void addCoverageGaps(long blocks) {
    coverageGaps.addAndGet(blocks);
  }

  void headCommitted(Duration sinceSeen) {
    headToCommit.record(sinceSeen);
  }

  void rejected(Rejection reason) {
    counter("answers.rejected", "Answers of nodes refused, by reason", "reason", reason.name())
        .increment();
  }

  void ignoredLog() {
    counter("logs.ignored", "Logs of followed contracts with a topic that is not followed")
        .increment();
  }

  void unknownHeaderField() {
    counter("headers.unknown", "Headers with fields that this version cannot hash").increment();
  }

  void rpcCalls(String method, long calls) {
    counter("rpc.calls", "JSON-RPC calls, by method", "method", method).increment((double) calls);
  }

  void rpcRequest() {
    counter("rpc.requests", "HTTP requests, each with one or more calls").increment();
  }

  void rpcError(RpcErrorKind kind) {
    counter("rpc.errors", "Failed JSON-RPC calls, by kind", "kind", kind.name()).increment();
  }

  void finalityDisputed(boolean value) {
    finalityDisputed.set(value ? 1 : 0);
  }

  void headsLive(boolean value) {
    headsLive.set(value ? 1 : 0);
  }

  void headsStalled() {
    counter("heads.stalled", "Heads found by looking that a socket did not announce").increment();
  }

  void databaseError() {
    counter("database.errors", "Failed database operations").increment();
  }

  void halted(boolean value) {
    halted.set(value ? 1 : 0);
  }

  /** This process has become the chain's writer. */
  @Override
  public void taken(long epoch) {
    leaseHeld.set(1);
    leaseEpoch.set(epoch);
    standbyLag.set(0);
    standbyBlocks.set(0);
    counter("lease.taken", "Times this process became the chain's writer").increment();
  }

  /** This process is no longer the chain's writer. */
  @Override
  public void ended() {
    leaseHeld.set(0);
    counter("lease.ended", "Times this process ceased to be the chain's writer").increment();
  }

  /** What a standby sees. */
  void standing(long lag, int blocks) {
    standbyLag.set(Math.max(0, lag));
    standbyBlocks.set(blocks);
  }

  private Counter counter(String name, String description, String... labels) {
    return Counter.builder("tachi.indexer." + name)
        .description(description)
        .tags(tags.and(labels))
        .register(registry);
  }
}
