package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.indexer.IndexerStatus.State;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.TestDatabase;
import network.tachi.testkit.chain.ChainShape;
import network.tachi.testkit.chain.ChainSpec;
import network.tachi.testkit.chain.GeneratedChain;
import network.tachi.testkit.chain.GeneratedContracts;
import network.tachi.testkit.chain.Replacement;
import network.tachi.testkit.chain.ReplayNode;
import network.tachi.testkit.chain.ReplayServer;
import network.tachi.testkit.chain.Stories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Chains that test-kit's generator made are indexed as real ones are. */
class GeneratedChainTest {
  private static TestDatabase server;
  private static Database database;

  @BeforeAll
  static void start() {
    server = TestDatabase.create();
    database = server.as(DatabaseRole.INDEXER);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void empty() {
    server.reset();
  }

  private static IndexedChain indexed(ChainSpec spec) {
    GeneratedContracts at = GeneratedContracts.DEFAULT;
    return new IndexedChain(
        spec.chain(),
        "generated",
        new FollowedContracts(
            List.of(
                new FollowedContract(at.licenses(), ContractKind.CRAWL_LICENSE, 1),
                new FollowedContract(at.payments(), ContractKind.PAYMENT_PROCESSOR, 1),
                new FollowedContract(at.disputes(), ContractKind.DISPUTE_RESOLVER, 1))));
  }

  private static void index(ReplayNode node) {
    ChainSpec spec = node.chain().spec();
    try (ReplayServer replay = ReplayServer.start(node);
        JsonRpcClient rpc = new JsonRpcClient(replay.uri(), JsonRpcOptions.DEFAULTS);
        Indexer indexer =
            Indexer.create(
                new IndexerRole.Source(indexed(spec), rpc),
                database,
                new SimpleMeterRegistry(),
                InstantSource.system(),
                Scenario.SETTINGS,
                CommitStage.Probe.NONE)) {
      for (int i = 0; i < 200 && !isAtHead(indexer, node); i++) {
        indexer.turn();
      }
      assertThat(indexer.status()).matches(_ -> isAtHead(indexer, node), "is at the head");
      ChainAudit.Report report = new ChainAudit(indexed(spec), rpc, database).compare();
      assertThat(report.differences()).isEmpty();
      assertThat(report.events()).isPositive();
    }
  }

  private static boolean isAtHead(Indexer indexer, ReplayNode node) {
    return indexer.status().state() == State.FOLLOWING
        && indexer.status().indexed() == node.head().number();
  }

  @ParameterizedTest
  @EnumSource(
      value = ChainShape.class,
      names = {"ETHEREUM", "BASE", "BASE_CANYON", "BASE_BEDROCK", "ETHEREUM_LATER"})
  void chainsOfEveryShape_shouldEqualTheStore(ChainShape shape) {
    GeneratedChain chain =
        GeneratedChain.create(ChainSpec.base(21, Stories.busy(30)).withShape(shape));
    index(new ReplayNode(chain, chain.extend(chain.genesis(), 150)));
  }

  @Test
  void forks_shouldEqualTheStore() {
    GeneratedChain chain = GeneratedChain.create(ChainSpec.base(22, Stories.busy(60)));
    ReplayNode node = new ReplayNode(chain, chain.extend(chain.genesis(), 150));
    index(node);
    for (Replacement replacement : Replacement.values()) {
      node.reorg(20, 22, replacement);
      index(node);
    }
  }
}
