package network.tachi.indexer;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.chain.Tables.EVENT_TEMPLATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.indexer.LogEmitter.Emitted;
import network.tachi.store.EventTables;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.Tools;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every event of wire.md section 7 with the values of the golden vectors, logged on a real chain
 * and read from its table.
 */
class TypedRowsTest {
  private static final int TEMPLATE_COLUMNS = 8;
  private static final int VECTORS_PER_TRANSACTION = 5;
  private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

  private static Scenario scenario;
  private static final Map<EventPlace, JsonNode> EXPECTED = new TreeMap<>();

  private record EventPlace(long block, int logIndex) implements Comparable<EventPlace> {
    @Override
    public int compareTo(EventPlace other) {
      int order = Long.compare(block, other.block);
      return order != 0 ? order : Integer.compare(logIndex, other.logIndex);
    }
  }

  @BeforeAll
  static void logAndIndexAllVectors() {
    scenario = new Scenario(AnvilOptions.BASE);
    Path file = Tools.repository().resolve("docs/spec/vectors/wire.json");
    List<JsonNode> vectors =
        JsonMapper.shared().readTree(file.toFile()).required("events").valueStream().toList();
    int logIndex = 0;
    for (int start = 0; start < vectors.size(); start += VECTORS_PER_TRANSACTION) {
      boolean newBlock = start % (3 * VECTORS_PER_TRANSACTION) == 0;
      if (newBlock && start > 0) {
        scenario.chain().anvil().mine(1);
        logIndex = 0;
      }
      long block = scenario.chain().head() + 1;
      for (JsonNode vector :
          vectors.subList(start, Math.min(vectors.size(), start + VECTORS_PER_TRANSACTION))) {
        scenario.chain().emit(kind(vector), List.of(log(vector)));
        EXPECTED.put(new EventPlace(block, logIndex++), vector);
      }
    }
    scenario.chain().anvil().mine(1);
    scenario.index();
  }

  @AfterAll
  static void close() {
    scenario.close();
  }

  @Test
  void store_shouldEqualTheChain() {
    assertThat(scenario.assertEqualsChain().events()).isEqualTo(EXPECTED.size());
  }

  @Test
  void everyTable_shouldHoldTheVectorsOfItsEvent() {
    Map<EventPlace, JsonNode> missing = new TreeMap<>(EXPECTED);
    for (Table<?> table : EventTables.all()) {
      List<? extends Record> rows = scenario.database().dsl().selectFrom(table).fetch();
      assertThat(rows).as(table.getName()).hasSize(3);
      for (Record row : rows) {
        EventPlace place =
            new EventPlace(
                row.get(EventTables.column(table, EVENT_TEMPLATE.BLOCK_NUMBER)),
                row.get(EventTables.column(table, EVENT_TEMPLATE.LOG_INDEX)));
        assertThat(missing).as(table.getName()).containsKey(place);
        JsonNode vector = requireNonNull(missing.remove(place));
        assertThat(table.getName().replace("_", ""))
            .endsWith(vector.required("event").asString().toLowerCase(java.util.Locale.ROOT));
        assertRow(table, row, vector);
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void replay_shouldGiveTheSameRows() {
    Map<String, String> indexed = scenario.rows();
    scenario.indexer().close();

    new Replay(scenario.database(), List.of()).run();

    assertThat(scenario.rows()).isEqualTo(indexed);
  }

  private static void assertRow(Table<?> table, Record row, JsonNode vector) {
    List<JsonNode> arguments = new ArrayList<>();
    for (JsonNode argument : vector.required("args").values()) {
      if (argument.isObject()) {
        arguments.addAll(argument.values());
      } else {
        arguments.add(argument);
      }
    }
    assertThat(row.size()).as(table.getName()).isEqualTo(TEMPLATE_COLUMNS + arguments.size());
    for (int i = 0; i < arguments.size(); i++) {
      int column = TEMPLATE_COLUMNS + i;
      assertThat(text(row.get(column)))
          .as("%s.%s", table.getName(), row.field(column))
          .isEqualTo(expected(arguments.get(i), row.get(column)));
    }
    BlockHeader block =
        scenario
            .chain()
            .anvil()
            .rpc()
            .blockByNumber(row.get(EventTables.column(table, EVENT_TEMPLATE.BLOCK_NUMBER)))
            .orElseThrow();
    assertThat(row.get(EventTables.column(table, EVENT_TEMPLATE.BLOCK_HASH)))
        .isEqualTo(block.hash());
    assertThat(row.get(EventTables.column(table, EVENT_TEMPLATE.BLOCK_TIMESTAMP)))
        .isEqualTo(block.timestamp());
    assertThat(row.get(EventTables.column(table, EVENT_TEMPLATE.CONTRACT)))
        .isEqualTo(scenario.chain().emitter(kind(vector)));
  }

  private static String text(@Nullable Object value) {
    return String.valueOf(value).toLowerCase(java.util.Locale.ROOT);
  }

  /** The vector's value; a column of 64 bits holds at most 2^63-1. */
  private static String expected(JsonNode argument, @Nullable Object stored) {
    if (argument.isArray()) {
      return text(argument.valueStream().map(JsonNode::asString).toList());
    }
    if (stored instanceof Long) {
      return new BigInteger(argument.asString()).min(MAX_LONG).toString();
    }
    return text(argument.asString());
  }

  private static Emitted log(JsonNode vector) {
    List<Hash> topics =
        vector.required("topics").valueStream().map(topic -> Hash.parse(topic.asString())).toList();
    return new Emitted(topics, Bytes.parse(vector.required("data").asString()));
  }

  private static ContractKind kind(JsonNode vector) {
    return switch (vector.required("contract").asString()) {
      case "CrawlLicense" -> ContractKind.CRAWL_LICENSE;
      case "PaymentProcessor" -> ContractKind.PAYMENT_PROCESSOR;
      case "DisputeResolver" -> ContractKind.DISPUTE_RESOLVER;
      case "CreditEscrow" -> ContractKind.CREDIT_ESCROW;
      case "MeteringLedger" -> ContractKind.METERING_LEDGER;
      case "HeaderAnchor" -> ContractKind.HEADER_ANCHOR;
      default ->
          switch (vector.required("event").asString()) {
            case "Payment" -> ContractKind.LEGACY_PAYMENTS;
            case "CrawlLogged", "PaymentLogged" -> ContractKind.LEGACY_LOG;
            default -> ContractKind.LEGACY_LICENSE;
          };
    };
  }
}
