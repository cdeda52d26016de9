package network.tachi.bench;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import network.tachi.contracts.event.ContractKind;
import network.tachi.contracts.event.EventDecoder;
import network.tachi.contracts.event.TachiEvent;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.Receipt;
import network.tachi.testkit.chain.ChainSpec;
import network.tachi.testkit.chain.GeneratedChain;
import network.tachi.testkit.chain.Payments;
import network.tachi.testkit.chain.ReplayNode;
import network.tachi.testkit.chain.ReplayServer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a block of 50 payments costs at each step of its way, in microseconds a block. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class BlockBenchmarks {
  private static final int BLOCKS = 64;

  @SuppressWarnings("NullAway.Init") // JMH calls start first
  private ReplayServer server;

  @SuppressWarnings("NullAway.Init") // JMH calls start first
  private JsonRpcClient client;

  @SuppressWarnings("NullAway.Init") // JMH calls start first
  private EthRpc rpc;

  @SuppressWarnings("NullAway.Init") // JMH calls start first
  private BlockHeader header;

  @SuppressWarnings("NullAway.Init") // JMH calls start first
  private List<Receipt> receipts;

  private int next;

  /** Serves a chain, and reads one block of it. */
  @Setup
  public void start() {
    GeneratedChain chain = GeneratedChain.create(ChainSpec.base(1, Payments.comparison()));
    server = ReplayServer.start(new ReplayNode(chain, chain.extend(chain.genesis(), BLOCKS)));
    client = new JsonRpcClient(server.uri(), JsonRpcOptions.DEFAULTS);
    rpc = new EthRpc(client);
    header = rpc.blockByNumber(1).orElseThrow();
    receipts = rpc.blockReceipts(BlockRef.number(1)).orElseThrow();
  }

  /** Ends the server. */
  @TearDown
  public void stop() {
    client.close();
    server.close();
  }

  private long nextBlock() {
    next = next % BLOCKS + 1;
    return next;
  }

  /** A header, by HTTP, parsed; the server makes it anew. */
  @Benchmark
  public Optional<BlockHeader> fetchHeader() {
    return rpc.blockByNumber(nextBlock());
  }

  /** The receipts, by HTTP, parsed; the server makes them anew. */
  @Benchmark
  public Optional<List<Receipt>> fetchReceipts() {
    return rpc.blockReceipts(BlockRef.number(nextBlock()));
  }

  /** The hash of a header's fields. */
  @Benchmark
  public Optional<Hash> hashHeader() {
    return header.computeHash();
  }

  /** The leaves of the receipts trie. */
  @Benchmark
  public int encodeReceipts() {
    int size = 0;
    for (Receipt receipt : receipts) {
      size += receipt.consensusBytes().length;
    }
    return size;
  }

  /** The events of 50 logs. */
  @Benchmark
  public int decodeEvents() {
    int events = 0;
    for (Receipt receipt : receipts) {
      for (Log log : receipt.logs()) {
        Optional<TachiEvent> event = EventDecoder.decode(ContractKind.PAYMENT_PROCESSOR, log);
        events += event.isPresent() ? 1 : 0;
      }
    }
    return events;
  }
}
