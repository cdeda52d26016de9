package network.tachi.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AbiTest {
  @Test
  void calls_shouldEqualViem() {
    for (Vector vector : Vector.load("calls")) {
      List<Vector> arguments = vector.objects("args");
      Bytes data = Abi.call(vector.text("name"), values(arguments));
      assertThat(data).as("%s", vector).hasToString(vector.text("data"));
      assertThat(Abi.encode(values(arguments))).isEqualTo(data.slice(4, data.size()));
      check(AbiReader.afterSelector(data), 0, arguments);
    }
  }

  private static AbiValue[] values(List<Vector> arguments) {
    return arguments.stream().map(AbiTest::value).toArray(AbiValue[]::new);
  }

  private static AbiValue value(Vector argument) {
    String type = argument.text("t");
    if (argument.has("item")) {
      return Abi.array(
          argument.text("item"), argument.objects("v").stream().map(AbiTest::value).toList());
    }
    if (type.startsWith("(")) {
      return Abi.tuple(values(argument.objects("v")));
    }
    return switch (type) {
      case "address" -> Abi.address(argument.address("v"));
      case "bool" -> Abi.bool((Boolean) argument.get("v"));
      case "string" -> Abi.string(argument.text("v"));
      case "bytes" -> Abi.bytes(argument.bytes("v"));
      case "bytes32" -> Abi.bytes32(argument.hash("v"));
      default ->
          type.startsWith("bytes")
              ? Abi.fixedBytes(argument.bytes("v"))
              : Abi.uint(Integer.parseInt(type.substring(4)), argument.number("v"));
    };
  }

  /** Reads the arguments back from the slots of their sequence. */
  private static void check(AbiReader reader, int firstSlot, List<Vector> arguments) {
    int slot = firstSlot;
    for (Vector argument : arguments) {
      AbiValue value = value(argument);
      if (argument.has("item")) {
        List<Vector> items = argument.objects("v");
        int words = items.isEmpty() ? 1 : words(value(items.getFirst()));
        AbiReader array = reader.array(slot, words);
        assertThat(array.length()).isEqualTo(items.size());
        check(array, 0, items);
      } else if (argument.text("t").startsWith("(")) {
        check(
            value.isDynamic() ? reader.at(slot) : reader,
            value.isDynamic() ? 0 : slot,
            argument.objects("v"));
      } else {
        checkScalar(reader, slot, argument);
      }
      slot += words(value);
    }
  }

  private static int words(AbiValue value) {
    return !value.isDynamic() && value instanceof AbiValue.Tuple(List<AbiValue> members)
        ? members.stream().mapToInt(AbiTest::words).sum()
        : 1;
  }

  private static void checkScalar(AbiReader reader, int slot, Vector argument) {
    String type = argument.text("t");
    switch (type) {
      case "address" -> assertThat(reader.address(slot)).isEqualTo(argument.address("v"));
      case "bool" -> assertThat(reader.bool(slot)).isEqualTo(argument.get("v"));
      case "string" -> assertThat(reader.string(slot)).isEqualTo(argument.text("v"));
      case "bytes" -> assertThat(reader.bytes(slot)).isEqualTo(argument.bytes("v"));
      case "bytes32" -> assertThat(reader.word(slot)).isEqualTo(argument.hash("v"));
      case "uint64" -> assertThat(reader.uint64(slot)).isEqualTo(argument.number("v").longValue());
      case "uint128" ->
          assertThat(reader.amount(slot)).isEqualTo(UsdcAmount.of(argument.number("v")));
      default -> {
        int size = Integer.parseInt(type.replaceAll("[a-z]+", ""));
        if (type.startsWith("bytes")) {
          assertThat(reader.fixedBytes(slot, size)).isEqualTo(argument.bytes("v"));
        } else {
          assertThat(reader.uint(slot, size)).isEqualTo(argument.number("v"));
        }
      }
    }
  }

  @Test
  void events_shouldEqualViem() {
    for (Vector vector : Vector.load("events")) {
      List<Vector> indexed = vector.objects("indexed");
      AbiEvent event = AbiEvent.of(vector.text("signature"), indexed.size());
      List<Hash> topics =
          vector.list("topics").stream().map(topic -> Hash.parse((String) topic)).toList();
      assertThat(event.matches(topics)).isTrue();
      check(event.readTopics(topics), 0, indexed);
      check(AbiReader.of(vector.bytes("body")), 0, vector.objects("data"));
      List<Hash> more = new ArrayList<>(topics);
      more.add(Hash.ZERO);
      assertThatThrownBy(() -> event.readTopics(more)).isInstanceOf(AbiException.class);
      assertThatThrownBy(() -> event.readTopics(List.of())).isInstanceOf(AbiException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)|0xe3ee160e",
        "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)|0xcf092995",
        "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)|0xef55bec6",
        "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)|0x88b7ab63",
        "cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)|0x5a049a70",
        "authorizationState(address,bytes32)|0xe94a0102",
        "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)|0xd505accf",
        "isValidSignature(bytes32,bytes)|0x1626ba7e",
        "locked(uint256)|0xb45a3c0e",
        "isBlacklisted(address)|0xfe575a87",
        "isSanctioned(address)|0xdf592f7d"
      })
  void selectors_shouldEqualTheGoldenVectors(String signature, String selector) {
    assertThat(Selector.of(signature)).hasToString(selector);
    assertThat(Selector.read(Bytes.parse(selector))).isEqualTo(Selector.of(signature));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AuthorizationUsed(address,bytes32)|0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5",
        "Transfer(address,address,uint256)|0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
        "Locked(uint256)|0x032bc66be43dbccb7487781d168eb7bda224628a3b2c3388bdf69b532a3a1611",
        "Unlocked(uint256)|0xf27b6ce5b2f5e68ddb2fd95a8a909d4ecf1daaac270935fff052feacb24f1842",
        "MetadataUpdate(uint256)|0xf8e1a15aba9398e019f0b49df1a4fde98ee17ae345cb5f6b5e2c27f5033e8ce7",
        "BatchMetadataUpdate(uint256,uint256)|0x6bd5c950a8d8df17f772f5af37cb3655737899cbf903264b9795592da439661c"
      })
  void topics_shouldEqualTheGoldenVectors(String signature, String topic) {
    assertThat(AbiEvent.of(signature, 0).topic0()).hasToString(topic);
  }

  @Test
  void typesOfArguments_shouldGiveTheSignature() {
    Bytes data = Abi.call("authorizationState", Abi.address(Address.ZERO), Abi.bytes32(Hash.ZERO));
    assertThat(Selector.read(data)).hasToString("0xe94a0102");
    assertThat(Abi.tuple(Abi.uint256(1), Abi.bytes32Array(List.of())).type())
        .isEqualTo("(uint256,bytes32[])");
    assertThat(Abi.uint256(LicenseId.of(4))).isEqualTo(Abi.uint256(BigInteger.valueOf(4)));
    assertThat(Abi.uint256(UsdcAmount.of(4))).isEqualTo(Abi.uint(256, 4));
  }

  @Test
  void valuesThatDoNotFit_shouldBeRefused() {
    assertThatThrownBy(() -> Abi.call("DOMAIN_SEPARATOR()"))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Abi.uint(8, 256)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Abi.uint(7, 1)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Abi.uint(264, 1)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Abi.uint256(-1)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Abi.fixedBytes(Bytes.EMPTY)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Abi.fixedBytes(Bytes.of(new byte[33])))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Abi.array("bool", List.of(Abi.uint256(1))))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void words_shouldBeReadBack() {
    List<Hash> hashes = List.of(Hash.ofUint(1), Hash.ofUint(2));
    assertThat(AbiReader.of(Abi.encode(Abi.bytes32Array(hashes))).words(0)).isEqualTo(hashes);
    AbiReader numbers = AbiReader.ofWords(List.of(Hash.ofUint(Long.MAX_VALUE), Hash.ofUint(5)));
    assertThat(numbers.uintAsLong(0)).isEqualTo(Long.MAX_VALUE);
    assertThat(numbers.uintAsInt(1)).isEqualTo(5);
    assertThat(numbers.license(1)).isEqualTo(LicenseId.of(5));
    assertThatThrownBy(() -> numbers.uintAsInt(0)).isInstanceOf(AbiException.class);
    assertThatThrownBy(numbers::length).isInstanceOf(AbiException.class);
  }
}
