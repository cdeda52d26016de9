package network.tachi.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ValueTypesTest {
  private static final String CHECKSUMMED = "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913";

  @Test
  void address_shouldPrintItsChecksumAndAcceptItOrOneCase() {
    Address address = Address.parse(CHECKSUMMED);
    assertThat(address).hasToString(CHECKSUMMED);
    assertThat(address.toLowerCaseString()).isEqualTo(CHECKSUMMED.toLowerCase(Locale.ROOT));
    assertThat(Address.parse(address.toLowerCaseString())).isEqualTo(address);
    assertThat(Address.parse("0x" + CHECKSUMMED.substring(2).toUpperCase(Locale.ROOT)))
        .isEqualTo(address);
  }

  @Test
  void addressWithWrongChecksum_shouldBeRefused() {
    assertThatThrownBy(() -> Address.parse(CHECKSUMMED.replace("fCD6", "FCD6")))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("EIP-55 checksum " + CHECKSUMMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0x",
        "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA029",
        "833589fCD6eDb6E08f4c7C32D4f71b54bdA02913",
        "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA0291300",
        "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA0291g"
      })
  void malformedAddress_shouldBeRefused(String text) {
    assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void addressWord_shouldRoundTripAndRefuseDirtyPadding() {
    Address address = Address.parse(CHECKSUMMED);
    assertThat(Address.fromWord(address.toWord())).isEqualTo(address);
    byte[] dirty = address.toWord().toBytes();
    dirty[11] = 1;
    assertThatThrownBy(() -> Address.fromWord(Hash.of(dirty)))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void hashesAndAddresses_shouldBeOrderedAsUnsignedBytesAndEqualByValue() {
    Seeded.repeat(
        500,
        random -> {
          byte[] a = Seeded.bytes(random, 32);
          byte[] b = a.clone();
          b[random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
          int expected = Integer.signum(Arrays.compareUnsigned(a, b));
          assertThat(Integer.signum(Hash.of(a).compareTo(Hash.of(b)))).isEqualTo(expected);
          assertThat(Hash.of(a)).isNotEqualTo(Hash.of(b)).isEqualTo(Hash.of(a.clone()));
          assertThat(Hash.of(a)).hasSameHashCodeAs(Hash.of(a.clone()));
          assertThat(Hash.of(a).toBytes()).isEqualTo(a);
          assertThat(Hash.ofUint(Hash.of(a).toUint())).isEqualTo(Hash.of(a));
          Address left = Address.read(a, 7);
          Address right = Address.read(b, 7);
          assertThat(Integer.signum(left.compareTo(right)))
              .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, 7, 27, b, 7, 27)));
          assertThat(left.equals(right)).isEqualTo(Arrays.equals(a, 7, 27, b, 7, 27));
          assertThat(Bytes.of(a).compareTo(Bytes.of(b))).isEqualTo(Arrays.compareUnsigned(a, b));
        });
  }

  @Test
  void arraysGivenOrTaken_shouldNotChangeTheValue() {
    byte[] source = new byte[32];
    Hash hash = Hash.of(source);
    Bytes bytes = Bytes.of(source);
    source[0] = 1;
    hash.toBytes()[1] = 1;
    bytes.toArray()[1] = 1;
    assertThat(hash).isEqualTo(Hash.ZERO);
    assertThat(bytes).isEqualTo(Bytes.of(new byte[32]));
    assertThat(bytes.slice(30, 32)).hasToString("0x0000");
    assertThatThrownBy(() -> bytes.slice(30, 33)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void wrongSizes_shouldBeRefused() {
    assertThatThrownBy(() -> Hash.of(new byte[31]))
        .hasMessage("hash: expected 32 bytes, found 31 bytes");
    assertThatThrownBy(() -> Address.of(new byte[21]))
        .hasMessage("address: expected 20 bytes, found 21 bytes");
    assertThatThrownBy(() -> Hash.parse("0x00")).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Hash.ofUint(-1)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Hash.ofUint(Uint256.MAX.add(BigInteger.ONE)))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void licenceIds_shouldBeWithinTheirRange() {
    assertThat(LicenseId.parse("9223372036854775807").value()).isEqualTo(Long.MAX_VALUE);
    assertThat(LicenseId.of(BigInteger.TWO)).isEqualTo(LicenseId.of(2)).hasToString("2");
    assertThat(LicenseId.of(2).toWord()).isEqualTo(Hash.ofUint(2));
    assertThat(LicenseId.of(1)).isLessThan(LicenseId.of(2));
    for (String text :
        new String[] {"0", "-1", "9223372036854775808", "01", "1.0", "", "0x1", "٣"}) {
      assertThatThrownBy(() -> LicenseId.parse(text)).isInstanceOf(InvalidValueException.class);
    }
    assertThatThrownBy(() -> LicenseId.of(0)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void chainIds_shouldReadAndWriteCaip2() {
    assertThat(ChainId.BASE.toCaip2()).isEqualTo("eip155:8453");
    assertThat(ChainId.parseCaip2("eip155:11155111")).isEqualTo(ChainId.SEPOLIA);
    for (String text :
        new String[] {
          "eip155:", "eip155:0", "eip155:-1", "solana:1", "8453", "eip155:9223372036854775808"
        }) {
      assertThatThrownBy(() -> ChainId.parseCaip2(text)).isInstanceOf(InvalidValueException.class);
    }
  }

  @Test
  void keccakOfNothing_shouldBeTheKnownHash() {
    assertThat(Keccak.hash())
        .hasToString("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    assertThat(Bytes.EMPTY.keccak()).isEqualTo(Keccak.hash(""));
  }

  @Test
  void keccak_shouldEqualViem() {
    for (Vector vector : Vector.load("keccak")) {
      byte[] data = vector.bytes("data").toArray();
      assertThat(Keccak.hash(data)).as("%s", vector).isEqualTo(vector.hash("hash"));
      int cut = data.length / 2;
      assertThat(Keccak.hash(Arrays.copyOf(data, cut), Arrays.copyOfRange(data, cut, data.length)))
          .isEqualTo(vector.hash("hash"));
      assertThat(Keccak.hash(data, 0, data.length)).isEqualTo(vector.hash("hash"));
    }
  }
}
