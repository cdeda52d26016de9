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
import network.tachi.evm.rpc.RpcErrorKind;

/**
 * The meters of one chain's indexer, all named {@code tachi.indexer.*} and labelled with the chain
 * id.
 */
final class IndexerMetrics {
  private final MeterRegistry registry;
  private final Tags tags;
  private final AtomicLong head = new AtomicLong(-1);
  private final AtomicLong indexed = new AtomicLong(-1);
  private final AtomicLong finalized = new AtomicLong(-1);
  private final AtomicLong indexedSecond = new AtomicLong();
  private final AtomicLong halted = new AtomicLong();
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

  private Counter counter(String name, String description, String... labels) {
    return Counter.builder("tachi.indexer." + name)
        .description(description)
        .tags(tags.and(labels))
        .register(registry);
  }
}
