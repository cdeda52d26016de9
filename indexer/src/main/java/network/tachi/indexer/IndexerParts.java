package network.tachi.indexer;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.store.Database;

/** Puts an indexer together. */
final class IndexerParts {
  private final IndexerRole.Source source;
  private final IndexedChain chain;
  private final Database database;
  private final InstantSource clock;
  private final IndexerSettings settings;
  private final IndexerMetrics metrics;

  IndexerParts(
      IndexerRole.Source source,
      Database database,
      MeterRegistry registry,
      InstantSource clock,
      IndexerSettings settings) {
    this.source = source;
    this.chain = source.chain();
    this.database = database;
    this.clock = clock;
    this.settings = settings;
    this.metrics = new IndexerMetrics(registry, chain.id(), clock);
  }

  Indexer indexer(CommitStage.Probe probe) {
    JsonRpc rpc = new CountingRpc(source.rpc(), metrics);
    ChainReader reader = new ChainReader(rpc, metrics);
    AtomicLong finalized = new AtomicLong(-1);
    EvidenceReader evidence = EvidenceReader.of(rpc, chain, finalized::get);
    HeadWatch watch = new HeadWatch(chain, rpc, clock);
    HeadReader headReader =
        new HeadReader(
            rpc,
            reader,
            chain.contracts(),
            evidence,
            new AgreedFinality(rpc, reader, metrics),
            finalized,
            watch,
            settings.tagInterval(),
            clock);
    BlockVerifier verifier = new BlockVerifier(chain.id(), chain.contracts(), evidence, metrics);
    WriterLease lease =
        new WriterLease(
            chain.id(), UUID.randomUUID().toString(), database, settings.leaseDuration(), metrics);
    ChainStore store = new ChainStore(chain, database, lease, metrics, probe);
    SecondaryIndexes indexes = new SecondaryIndexes(chain.id(), database);
    ChainFollower follower =
        new ChainFollower(
            chain, reader, headReader, verifier, store, indexes, settings, metrics, clock);
    HeadBell bell = new HeadBell(chain.name(), source.heads(), metrics, clock);
    Heads heads = new Heads(bell, watch, chain.blockTime(), settings.pollInterval());
    return new Indexer(chain, reader, follower, heads, lease, settings, metrics, clock);
  }
}
