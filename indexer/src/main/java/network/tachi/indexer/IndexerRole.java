package network.tachi.indexer;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.store.Database;

/** The indexers of all chains in one process. */
public final class IndexerRole implements AutoCloseable {
  private final List<Indexer> indexers;

  /**
   * A chain and the node to read it from.
   *
   * @param chain what is indexed
   * @param rpc the node, or several as one
   * @param heads ws and wss endpoints that announce new heads, maybe none
   */
  public record Source(IndexedChain chain, JsonRpc rpc, List<URI> heads) {
    /** Copies the list. */
    public Source {
      heads = List.copyOf(heads);
    }

    /** A chain whose head is polled. */
    public Source(IndexedChain chain, JsonRpc rpc) {
      this(chain, rpc, List.of());
    }
  }

  /**
   * Creates the indexers; nothing runs before {@link #start}.
   *
   * @param sources the chains
   * @param database the store, as the role that writes the schema chain
   * @param registry gets the meters
   * @param clock for ages and pauses
   * @param settings how they work
   */
  public IndexerRole(
      List<Source> sources,
      Database database,
      MeterRegistry registry,
      InstantSource clock,
      IndexerSettings settings) {
    this.indexers =
        sources.stream()
            .map(source -> Indexer.create(source, database, registry, clock, settings))
            .toList();
  }

  /** Starts all; returns at once. */
  public void start() {
    indexers.forEach(Indexer::start);
  }

  /** The indexers, in the order of the sources. */
  public List<Indexer> indexers() {
    return indexers;
  }

  /** How far each chain is that is a long way behind its head. */
  public List<Progress> progress() {
    return indexers.stream().flatMap(indexer -> indexer.progress().stream()).toList();
  }

  /** The indexer of a chain. */
  public Optional<Indexer> indexer(ChainId chain) {
    return indexers.stream().filter(indexer -> indexer.chain().id().equals(chain)).findFirst();
  }

  /**
   * For each chain whose store is not at the head the reason, by the chain's name; empty if the
   * role is ready.
   */
  public Map<String, NotReady> notReady() {
    Map<String, NotReady> reasons = new TreeMap<>();
    for (Indexer indexer : indexers) {
      indexer.notReady().ifPresent(reason -> reasons.put(indexer.chain().name(), reason));
    }
    return reasons;
  }

  /** Stops all. */
  @Override
  public void close() {
    indexers.forEach(Indexer::close);
  }
}
