package network.tachi.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class Secp256k1Test {
  private static final Secp256k1 NATIVE = NativeSecp256k1.load();
  private static final Secp256k1 JAVA = new BouncyCastleSecp256k1();

  static Stream<Secp256k1> implementations() {
    return Stream.of(NATIVE, JAVA);
  }

  @Test
  void thisPlatform_shouldUseTheNativeLibrary() {
    assertThat(Secp256k1.best()).isInstanceOf(NativeSecp256k1.class).isSameAs(NATIVE);
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void addresses_shouldEqualViem(Secp256k1 curve) {
    for (Vector vector : Vector.load("addresses")) {
      PublicKey key = curve.publicKey(vector.secret());
      assertThat(Hex.encode(key.toUncompressed())).isEqualTo(vector.text("publicKey"));
      assertThat(key.toAddress()).hasToString(vector.text("address"));
      assertThat(PublicKey.of(key.toBytes())).isEqualTo(key);
      assertThat(PublicKey.of(key.toUncompressed())).isEqualTo(key);
      assertThat(PublicKey.of(key.toCompressed())).isEqualTo(key);
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void signatures_shouldEqualViem(Secp256k1 curve) {
    for (Vector vector : Vector.load("signatures")) {
      Hash digest = vector.hash("digest");
      Address signer = vector.address("address");
      Signature signature = curve.sign(digest, vector.secret());
      assertThat(signature).as("%s", vector).hasToString(vector.text("signature"));
      assertThat(Hex.encode(signature.toCompact())).isEqualTo(vector.text("compact"));
      assertThat(Signature.parse(vector.text("compact"))).isEqualTo(signature);
      assertThat(Signature.parse(vector.text("signature"))).isEqualTo(signature);
      assertThat(curve.recoverAddress(digest, signature)).contains(signer);
      assertThat(curve.verify(digest, signature, signer)).isTrue();
    }
  }

  @Test
  void bothImplementations_shouldGiveTheSameBytes() {
    Seeded.repeat(
        2000,
        random -> {
          PrivateKey key = Seeded.key(random);
          Hash digest = Seeded.hash(random);
          Signature signature = NATIVE.sign(digest, key);
          assertThat(JAVA.sign(digest, key)).isEqualTo(signature);
          PublicKey publicKey = NATIVE.publicKey(key);
          assertThat(JAVA.recover(digest, signature)).contains(publicKey);
          assertThat(NATIVE.recover(digest, signature)).contains(publicKey);
        });
  }

  @Test
  void bothImplementations_shouldAgreeOnArbitrarySignatures() {
    Seeded.repeat(
        500,
        random -> {
          Hash digest = Seeded.hash(random);
          Hash r = Seeded.hash(random);
          Hash s = Hash.ofUint(Seeded.hash(random).toUint().shiftRight(1));
          if (r.compareTo(Signature.ORDER) < 0 && s.compareTo(Signature.HALF_ORDER) <= 0) {
            Signature signature = new Signature(r, s, random.nextInt(2));
            assertThat(NATIVE.recover(digest, signature))
                .isEqualTo(JAVA.recover(digest, signature));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void otherDigestKeyOrParity_shouldNotVerify(Secp256k1 curve) {
    Seeded.repeat(
        50,
        random -> {
          PrivateKey key = Seeded.key(random);
          Hash digest = Seeded.hash(random);
          PublicKey publicKey = curve.publicKey(key);
          Signature signature = curve.sign(digest, key);
          Signature flipped = new Signature(signature.r(), signature.s(), 1 - signature.yParity());
          assertThat(curve.verify(digest, signature, publicKey)).isTrue();
          assertThat(curve.verify(Seeded.hash(random), signature, publicKey)).isFalse();
          assertThat(curve.verify(digest, signature, curve.publicKey(Seeded.key(random))))
              .isFalse();
          assertThat(curve.verify(digest, flipped, publicKey)).isFalse();
          assertThat(curve.verify(digest, flipped, publicKey.toAddress())).isFalse();
        });
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void rThatIsNoPoint_shouldRecoverNothing(Secp256k1 curve) {
    Signature signature = new Signature(Hash.ofUint(5), Hash.ofUint(1), 0);
    assertThat(curve.recover(Hash.ZERO, signature)).isEqualTo(Optional.empty());
    assertThat(curve.verify(Hash.ZERO, signature, Address.ZERO)).isFalse();
  }

  @Test
  void highS_shouldBeRefusedInEveryForm() {
    Signature signature = NATIVE.sign(Hash.ofUint(7), PrivateKey.of(Hash.ofUint(9).toBytes()));
    BigInteger high = Signature.ORDER.toUint().subtract(signature.s().toUint());
    byte[] bytes = signature.toBytes();
    Hash.ofUint(high).writeTo(bytes, 32);
    bytes[64] = (byte) (55 - bytes[64]);
    assertThatThrownBy(() -> Signature.fromBytes(bytes))
        .isInstanceOf(InvalidSignatureException.class)
        .hasMessageContaining("n/2");
    assertThat(new Signature(signature.r(), Signature.HALF_ORDER, 0).s())
        .isEqualTo(Signature.HALF_ORDER);
    Hash justAbove = Hash.ofUint(Signature.HALF_ORDER.toUint().add(BigInteger.ONE));
    assertThatThrownBy(() -> new Signature(signature.r(), justAbove, 0))
        .isInstanceOf(InvalidSignatureException.class);
    byte[] compact = signature.toCompact();
    justAbove.writeTo(compact, 32);
    assertThatThrownBy(() -> Signature.fromCompact(compact))
        .isInstanceOf(InvalidSignatureException.class);
  }

  @Test
  void malformedSignatures_shouldBeRefused() {
    Hash one = Hash.ofUint(1);
    assertThatThrownBy(() -> new Signature(Hash.ZERO, one, 0))
        .isInstanceOf(InvalidSignatureException.class);
    assertThatThrownBy(() -> new Signature(one, Hash.ZERO, 0))
        .isInstanceOf(InvalidSignatureException.class);
    assertThatThrownBy(() -> new Signature(Signature.ORDER, one, 0))
        .isInstanceOf(InvalidSignatureException.class);
    assertThatThrownBy(() -> new Signature(one, one, 2))
        .isInstanceOf(InvalidSignatureException.class);
    assertThatThrownBy(() -> new Signature(one, one, -1))
        .isInstanceOf(InvalidSignatureException.class);
    byte[] bytes = new Signature(one, one, 0).toBytes();
    for (int v : new int[] {0, 1, 26, 29, 255}) {
      bytes[64] = (byte) v;
      assertThatThrownBy(() -> Signature.fromBytes(bytes)).hasMessageContaining("v is " + v);
    }
    for (String text :
        new String[] {"0x", "0x00", "0x" + "01".repeat(63), "0x" + "01".repeat(66)}) {
      assertThatThrownBy(() -> Signature.parse(text)).isInstanceOf(InvalidSignatureException.class);
    }
    assertThatThrownBy(() -> Signature.parse("zz")).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void keysOutsideTheCurve_shouldBeRefused() {
    for (byte[] bytes :
        new byte[][] {new byte[31], new byte[32], Signature.ORDER.toBytes(), new byte[33]}) {
      assertThatThrownBy(() -> PrivateKey.of(bytes)).isInstanceOf(InvalidKeyException.class);
    }
    for (byte[] bytes :
        new byte[][] {
          new byte[0], new byte[1], new byte[33], new byte[64], new byte[65], new byte[66]
        }) {
      assertThatThrownBy(() -> PublicKey.of(bytes)).isInstanceOf(InvalidKeyException.class);
    }
    byte[] offCurve = NATIVE.publicKey(PrivateKey.of(Hash.ofUint(3).toBytes())).toBytes();
    offCurve[63] ^= 1;
    assertThatThrownBy(() -> PublicKey.of(offCurve)).isInstanceOf(InvalidKeyException.class);
  }

  @Test
  void privateKey_shouldNeverShowItself() {
    String secret = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
    assertThat(PrivateKey.parse(secret)).hasToString("PrivateKey[hidden]");
    assertThat(Signer.of(PrivateKey.parse(secret)))
        .hasToString("LocalSigner[0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266]");
    assertThatThrownBy(() -> PrivateKey.parse(secret + "00"))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessageNotContaining("ac0974");
    assertThatThrownBy(() -> PrivateKey.parse(secret.replace("ac", "zz")))
        .hasMessageNotContaining("0974");
  }

  @Test
  void destroyedKey_shouldRefuseEveryUse() {
    PrivateKey key = PrivateKey.random(new SecureRandom());
    Address address = NATIVE.address(key);
    byte[] copy = key.toBytes();
    key.destroy();
    assertThatThrownBy(key::toBytes).isInstanceOf(InvalidKeyException.class);
    implementations()
        .forEach(curve -> {
          assertThatThrownBy(() -> curve.sign(Hash.ZERO, key))
              .isInstanceOf(InvalidKeyException.class);
          assertThatThrownBy(() -> curve.publicKey(key)).isInstanceOf(InvalidKeyException.class);
        });
    assertThat(NATIVE.address(PrivateKey.of(copy))).isEqualTo(address);
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void manyThreads_shouldNotDisturbEachOther(Secp256k1 curve) throws Exception {
    PrivateKey key = PrivateKey.of(Hash.ofUint(12345).toBytes());
    Address address = curve.address(key);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> valid :
          IntStream.range(0, 200)
              .mapToObj(i ->
                  executor.submit(() -> {
                    Hash digest = Keccak.hash("message " + i);
                    return curve.verify(digest, curve.sign(digest, key), address);
                  }))
              .toList()) {
        assertThat(valid.get()).isTrue();
      }
    }
  }

  @Test
  void unknownPlatformOrLibrary_shouldBeRefused() {
    assertThat(NativeLibrary.platform("Linux", "amd64")).isEqualTo("linux-x86_64");
    assertThat(NativeLibrary.platform("Linux", "aarch64")).isEqualTo("linux-aarch64");
    assertThatThrownBy(() -> NativeLibrary.platform("Mac OS X", "aarch64"))
        .isInstanceOf(NativeLibraryException.class);
    assertThatThrownBy(() -> NativeLibrary.platform("Linux", "riscv64"))
        .isInstanceOf(NativeLibraryException.class);
    assertThatThrownBy(() -> NativeLibrary.check(new byte[10], "00"))
        .isInstanceOf(NativeLibraryException.class)
        .hasMessageContaining("not the pinned one");
  }
}
