package network.tachi.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class AbiReaderTest {
  private static final Hash FULL = Hash.ofUint(Uint256.MAX);

  @Test
  void dirtyPadding_shouldBeRefused() {
    AbiReader full = AbiReader.ofWords(List.of(FULL));
    refused(() -> full.address(0));
    refused(() -> full.bool(0));
    refused(() -> full.uint(0, 248));
    refused(() -> full.uintAsLong(0));
    refused(() -> full.uint64(0));
    refused(() -> full.amount(0));
    refused(() -> full.license(0));
    refused(() -> full.fixedBytes(0, 31));
    refused(() -> AbiReader.ofWords(List.of(Hash.ofUint(2))).bool(0));
    refused(() -> AbiReader.ofWords(List.of(Hash.ZERO)).license(0));
    refused(
        () -> AbiReader.ofWords(List.of(Hash.ofUint(BigInteger.ONE.shiftLeft(63)))).uintAsLong(0));
    assertThat(full.uint(0)).isEqualTo(Uint256.MAX);
    assertThat(full.uint(0, 256)).isEqualTo(Uint256.MAX);
    assertThat(full.fixedBytes(0, 32)).isEqualTo(Bytes.of(FULL.toBytes()));
  }

  @Test
  void slotsBeyondTheEnd_shouldBeRefused() {
    AbiReader reader = AbiReader.of(Bytes.of(new byte[63]));
    assertThat(reader.word(0)).isEqualTo(Hash.ZERO);
    refused(() -> reader.word(1));
    refused(() -> reader.word(-1));
    refused(() -> reader.word(Integer.MAX_VALUE));
    refused(() -> AbiReader.of(Bytes.EMPTY).word(0));
    refused(() -> AbiReader.afterSelector(Bytes.of(new byte[3])));
  }

  @Test
  void offsetsAndLengthsOutOfBounds_shouldBeRefused() {
    refused(() -> words(FULL).bytes(0));
    refused(() -> words(Hash.ofUint(Integer.MAX_VALUE)).bytes(0));
    refused(() -> words(Hash.ofUint(1L << 32)).bytes(0));
    refused(() -> words(Hash.ofUint(1)).at(0));
    refused(() -> words(Hash.ofUint(32)).at(0));
    refused(() -> words(Hash.ofUint(32), Hash.ofUint(1)).bytes(0));
    refused(() -> words(Hash.ofUint(32), FULL).string(0));
    refused(() -> words(Hash.ofUint(32), Hash.ofUint(Integer.MAX_VALUE)).array(0, 4));
    refused(() -> words(Hash.ofUint(32), Hash.ofUint(2), Hash.ZERO).array(0, 1));
    assertThat(words(Hash.ofUint(32), Hash.ofUint(1), Hash.ZERO).array(0, 1).length()).isEqualTo(1);
  }

  @Test
  void invalidUtf8_shouldBeReplaced() {
    Bytes data = Abi.encode(Abi.bytes(Bytes.parse("0x61ff62")));
    assertThat(AbiReader.of(data).string(0)).isEqualTo("a\ufffdb");
  }

  @Test
  void randomDataAndAccesses_shouldGiveAValueOrAnAbiException() {
    Seeded.repeat(
        50_000,
        random -> {
          AbiReader reader = AbiReader.of(Bytes.wrap(data(random)));
          try {
            access(reader, random, 0);
          } catch (AbiException e) {
            assertThat(e).hasMessageStartingWith("ABI: ");
          }
        });
  }

  private static byte[] data(Random random) {
    byte[] data = new byte[random.nextInt(300)];
    for (int i = 31; i < data.length; i += 32) {
      data[i] = (byte) random.nextInt();
      if (random.nextInt(10) == 0) {
        data[i - random.nextInt(32)] = (byte) random.nextInt();
      }
    }
    return data;
  }

  private static void access(AbiReader reader, Random random, int depth) {
    int slot = random.nextInt(6);
    switch (random.nextInt(10)) {
      case 0 -> reader.bytes(slot);
      case 1 -> reader.string(slot);
      case 2 -> reader.address(slot);
      case 3 -> reader.amount(slot);
      case 4 -> reader.words(slot);
      case 5 -> reader.fixedBytes(slot, random.nextInt(33));
      case 6 -> reader.bool(slot);
      case 7, 8 -> nested(reader.at(slot), random, depth);
      default -> nested(reader.array(slot, 1 + random.nextInt(3)), random, depth);
    }
  }

  private static void nested(AbiReader reader, Random random, int depth) {
    if (depth < 5) {
      access(reader, random, depth + 1);
    }
  }

  @Test
  void revertReasons_shouldBeTold() {
    Bytes message = Abi.call("Error", Abi.string("insufficient balance"));
    assertThat(RevertReason.decode(message))
        .isEqualTo(new RevertReason.Message("insufficient balance"))
        .hasToString("insufficient balance");
    assertThat(RevertReason.decode(Abi.call("Panic", Abi.uint256(0x11)))).hasToString("panic 0x11");
    Bytes custom =
        Abi.call("AuthorizationAlreadyUsed", Abi.address(Address.ZERO), Abi.bytes32(Hash.ZERO));
    assertThat(RevertReason.decode(custom))
        .isEqualTo(
            new RevertReason.Custom(
                Selector.of("AuthorizationAlreadyUsed(address,bytes32)"), custom));
    assertThat(RevertReason.decode(Bytes.EMPTY)).hasToString("no reason given");
    assertThat(RevertReason.decode(message.slice(0, 40))).isInstanceOf(RevertReason.Unknown.class);
    assertThat(RevertReason.decode(Bytes.parse("0x4e487b71")))
        .isInstanceOf(RevertReason.Unknown.class);
  }

  private static AbiReader words(Hash... words) {
    return AbiReader.ofWords(List.of(words));
  }

  private static void refused(ThrowingCallable access) {
    assertThatThrownBy(access).isInstanceOf(AbiException.class);
  }
}
