package network.tachi.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RlpTest {
  @Test
  void items_shouldEqualViem() {
    for (Vector vector : Vector.load("rlp")) {
      RlpItem item = item(vector.get("value"));
      byte[] encoded = vector.bytes("encoded").toArray();
      assertThat(Rlp.encode(item)).as("%s", vector).isEqualTo(encoded);
      assertThat(Rlp.decode(encoded)).isEqualTo(item);
    }
  }

  private static RlpItem item(Object value) {
    return value instanceof List<?> list
        ? new RlpItem.Items(list.stream().map(RlpTest::item).toList())
        : new RlpItem.Text(Bytes.parse((String) value));
  }

  @ParameterizedTest
  @CsvSource({
    "0x,an item is missing",
    "0x0000,1 bytes after the item",
    "0x8100,a single byte below 128",
    "0x817f,a single byte below 128",
    "0x82aa,expected 2 bytes",
    "0xb800,shortest form",
    "0xb837ff,shortest form",
    "0xb90038,shortest form",
    "0xbb80000000,above 2^31-1",
    "0xbfffffffffffffffff,above 2^31-1",
    "0xb9,expected 2 bytes",
    "0xc2aa,expected 2 bytes",
    "0xc1c1,expected 1 bytes",
    "0xf800,shortest form",
    "0xc18100,expected 1 bytes"
  })
  void nonCanonicalBytes_shouldBeRefused(String bytes, String reason) {
    assertThatThrownBy(() -> Rlp.decode(Hex.decode(bytes)))
        .isInstanceOf(RlpException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void deepLists_shouldBeRefusedInsteadOfOverflowingTheStack() {
    RlpWriter writer = new RlpWriter();
    for (int i = 0; i < 64; i++) {
      writer.beginList();
    }
    for (int i = 0; i < 64; i++) {
      writer.endList();
    }
    byte[] deepest = writer.toBytes();
    assertThat(Rlp.encode(Rlp.decode(deepest))).isEqualTo(deepest);
    byte[] deeper = new RlpWriter().beginList().encoded(deepest).endList().toBytes();
    assertThatThrownBy(() -> Rlp.decode(deeper)).hasMessageContaining("deeper than 64");
  }

  @Test
  void randomBytes_shouldDecodeToWhatEncodesToThem() {
    Seeded.repeat(
        20_000,
        random -> {
          byte[] bytes = Seeded.bytes(random, random.nextInt(12));
          if (bytes.length > 0 && random.nextBoolean()) {
            bytes[0] = (byte) (0xc0 + bytes.length - 1);
          }
          try {
            assertThat(Rlp.encode(Rlp.decode(bytes))).isEqualTo(bytes);
          } catch (RlpException e) {
            assertThat(e).hasMessageStartingWith("RLP: ");
          }
        });
  }

  @Test
  void numbers_shouldBeCanonical() {
    byte[] encoded =
        new RlpWriter()
            .beginList()
            .uint(0)
            .uint(127)
            .uint(Long.MAX_VALUE)
            .uint(Uint256.MAX)
            .endList()
            .toBytes();
    List<RlpItem> items = Rlp.decode(encoded).asList();
    assertThat(items.get(0).asLong()).isZero();
    assertThat(items.get(1).asLong()).isEqualTo(127);
    assertThat(items.get(2).asLong()).isEqualTo(Long.MAX_VALUE);
    assertThat(items.get(3).asUint()).isEqualTo(Uint256.MAX);
    assertThatThrownBy(() -> items.get(3).asLong()).isInstanceOf(RlpException.class);
    assertThatThrownBy(() -> Rlp.decode(new byte[] {0}).asUint())
        .hasMessageContaining("leading zeros");
    assertThatThrownBy(() -> Rlp.decode(encoded).asBytes()).isInstanceOf(RlpException.class);
    assertThatThrownBy(() -> items.get(0).asList()).isInstanceOf(RlpException.class);
    assertThatThrownBy(() -> new RlpWriter().uint(-1)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> new RlpWriter().uint(BigInteger.TWO.negate()))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> new RlpWriter().beginList().toBytes())
        .isInstanceOf(IllegalStateException.class);
  }
}
