package network.tachi.contracts.event;

import static network.tachi.contracts.wire.WireVectors.bytes;
import static network.tachi.contracts.wire.WireVectors.hashes;
import static network.tachi.contracts.wire.WireVectors.items;
import static network.tachi.contracts.wire.WireVectors.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.WireVectors;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class EventDecoderTest {
  static Stream<JsonNode> events() {
    return items("events");
  }

  private static ContractKind kind(JsonNode v) {
    return switch (text(v, "contract")) {
      case "CrawlLicense" -> ContractKind.CRAWL_LICENSE;
      case "PaymentProcessor" -> ContractKind.PAYMENT_PROCESSOR;
      case "DisputeResolver" -> ContractKind.DISPUTE_RESOLVER;
      case "CreditEscrow" -> ContractKind.CREDIT_ESCROW;
      case "MeteringLedger" -> ContractKind.METERING_LEDGER;
      case "HeaderAnchor" -> ContractKind.HEADER_ANCHOR;
      default ->
          switch (text(v, "event")) {
            case "Payment" -> ContractKind.LEGACY_PAYMENTS;
            case "CrawlLogged", "PaymentLogged" -> ContractKind.LEGACY_LOG;
            default -> ContractKind.LEGACY_LICENSE;
          };
    };
  }

  @ParameterizedTest
  @MethodSource("events")
  void logs_shouldDecodeToTheVectorsValues(JsonNode v) throws ReflectiveOperationException {
    TachiEvent event =
        EventDecoder.decode(kind(v), hashes(v, "topics"), bytes(v, "data")).orElseThrow();
    assertThat(event.name()).isEqualTo(text(v, "event"));
    assertThat(kind(v).topics()).contains(hashes(v, "topics").getFirst());
    RecordComponent[] components = event.getClass().getRecordComponents();
    assertThat(Arrays.stream(components).map(RecordComponent::getName))
        .containsExactlyElementsOf(v.required("args").propertyNames());
    for (RecordComponent component : components) {
      assertThat(component.getAccessor().invoke(event))
          .isEqualTo(expected(component, v.required("args").required(component.getName())));
    }
  }

  private static Object expected(RecordComponent component, JsonNode value) {
    String type = component.getGenericType().getTypeName();
    if (type.equals("java.util.List<network.tachi.evm.Hash>")) {
      return value.valueStream().map(item -> Hash.parse(item.asString())).toList();
    }
    if (type.equals("java.util.List<network.tachi.evm.Address>")) {
      return value.valueStream().map(item -> Address.parse(item.asString())).toList();
    }
    if (component.getType() == EpochBody.class) {
      return WireVectors.body(value);
    }
    String text = value.asString();
    return switch (component.getType().getSimpleName()) {
      case "Address" -> Address.parse(text);
      case "Hash" -> Hash.parse(text);
      case "Bytes" -> Bytes.parse(text);
      case "LicenseId" -> LicenseId.parse(text);
      case "UsdcAmount" -> UsdcAmount.parse(text);
      case "BigInteger" -> new BigInteger(text);
      case "long" -> Long.parseUnsignedLong(text);
      case "int" -> Integer.parseInt(text);
      case "String" -> text;
      default -> throw new AssertionError(type);
    };
  }

  @ParameterizedTest
  @MethodSource("events")
  void malformedLogs_shouldBeRefused(JsonNode v) {
    List<Hash> topics = hashes(v, "topics");
    byte[] data = bytes(v, "data").toArray();
    assertMalformed(kind(v), topics, Arrays.copyOf(data, data.length + 1));
    if (data.length > 0) {
      assertMalformed(kind(v), topics, Arrays.copyOf(data, data.length - 1));
      assertMalformed(kind(v), topics, Arrays.copyOf(data, data.length - 32));
      assertMalformed(kind(v), topics, new byte[0]);
    }
    if (topics.size() > 1) {
      assertMalformed(kind(v), topics.subList(0, topics.size() - 1), data);
    }
    List<Hash> more = Stream.concat(topics.stream(), Stream.of(Hash.ZERO)).toList();
    assertMalformed(kind(v), more, data);
  }

  private static void assertMalformed(ContractKind kind, List<Hash> topics, byte[] data) {
    assertThatThrownBy(() -> EventDecoder.decode(kind, topics, Bytes.of(data)))
        .isInstanceOf(MalformedEventException.class);
  }

  @ParameterizedTest
  @MethodSource("events")
  void dirtyPadding_shouldBeRefused(JsonNode v) throws ReflectiveOperationException {
    List<Hash> topics = hashes(v, "topics");
    Bytes data = bytes(v, "data");
    TachiEvent event = EventDecoder.decode(kind(v), topics, data).orElseThrow();
    RecordComponent[] components = event.getClass().getRecordComponents();
    int indexed = topics.size() - 1;
    for (int i = 0; i < indexed; i++) {
      if (Set.of("Address", "LicenseId", "long", "int")
          .contains(components[i].getType().getSimpleName())) {
        List<Hash> dirty = WireVectors.with(topics, i + 1, WireVectors.flip(topics.get(i + 1), 3));
        assertMalformed(kind(v), dirty, data.toArray());
      }
    }
  }

  @Test
  void eventsOfOtherContracts_shouldBeEmpty() {
    for (ContractKind kind : ContractKind.values()) {
      assertThat(EventDecoder.decode(kind, List.of(), Bytes.EMPTY)).isEmpty();
      assertThat(EventDecoder.decode(kind, List.of(Hash.ZERO), Bytes.EMPTY)).isEmpty();
    }
    JsonNode deposited =
        events().filter(v -> text(v, "event").equals("Deposited")).findFirst().orElseThrow();
    for (ContractKind kind : EnumSet.complementOf(EnumSet.of(ContractKind.CREDIT_ESCROW))) {
      assertThat(EventDecoder.decode(kind, hashes(deposited, "topics"), bytes(deposited, "data")))
          .isEmpty();
    }
  }

  @Test
  void tables_shouldHoldTheEventsOfTheLawAndNoOthers() {
    for (ContractKind kind : ContractKind.values()) {
      Set<Hash> expected = new HashSet<>();
      events()
          .filter(v -> kind(v) == kind)
          .forEach(v -> expected.add(hashes(v, "topics").getFirst()));
      assertThat(kind.topics()).as(kind.name()).isEqualTo(expected);
    }
  }
}
