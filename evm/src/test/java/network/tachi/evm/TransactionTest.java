package network.tachi.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TransactionTest {
  @Test
  void signedTransactions_shouldEqualViem() {
    for (Vector vector : Vector.load("transactions")) {
      Signer signer = Signer.of(vector.secret());
      SignedTransaction signed;
      Hash unsigned;
      if (vector.text("type").equals("legacy")) {
        LegacyTransaction transaction = legacy(vector);
        unsigned = transaction.signingHash();
        signed = transaction.sign(signer);
      } else {
        Eip1559Transaction transaction = typed(vector);
        unsigned = transaction.signingHash();
        signed = transaction.sign(signer);
        Eip1559Transaction.Signed decoded = Eip1559Transaction.decode(signed.raw());
        assertThat(decoded.transaction()).isEqualTo(transaction);
        assertThat(decoded.sender(Secp256k1.best())).isEqualTo(vector.address("sender"));
      }
      assertThat(unsigned).as("%s", vector).isEqualTo(vector.hash("unsignedHash"));
      assertThat(signed.raw()).as("%s", vector).hasToString(vector.text("raw"));
      assertThat(signed.hash()).isEqualTo(vector.hash("hash"));
    }
  }

  private static LegacyTransaction legacy(Vector vector) {
    return new LegacyTransaction(
        ChainId.of(vector.number("chainId").longValueExact()),
        vector.number("nonce").longValueExact(),
        vector.number("gasPrice"),
        vector.number("gas").longValueExact(),
        to(vector),
        vector.number("value"),
        vector.bytes("data"));
  }

  private static Eip1559Transaction typed(Vector vector) {
    return new Eip1559Transaction(
        ChainId.of(vector.number("chainId").longValueExact()),
        vector.number("nonce").longValueExact(),
        vector.number("maxPriorityFeePerGas"),
        vector.number("maxFeePerGas"),
        vector.number("gas").longValueExact(),
        to(vector),
        vector.number("value"),
        vector.bytes("data"),
        vector.objects("accessList").stream()
            .map(entry ->
                new AccessListEntry(
                    entry.address("address"),
                    entry.list("storageKeys").stream()
                        .map(key -> Hash.parse((String) key))
                        .toList()))
            .toList());
  }

  private static @Nullable Address to(Vector vector) {
    return vector.has("to") ? vector.address("to") : null;
  }

  @Test
  void malformedRawTransactions_shouldBeRefused() {
    Signer signer = Signer.of(PrivateKey.of(Hash.ofUint(1).toBytes()));
    Bytes raw = simple().sign(signer).raw();
    assertThatThrownBy(() -> Eip1559Transaction.decode(Bytes.EMPTY))
        .isInstanceOf(RlpException.class);
    assertThatThrownBy(() -> Eip1559Transaction.decode(Bytes.of((byte) 1)))
        .isInstanceOf(RlpException.class);
    assertThatThrownBy(() -> Eip1559Transaction.decode(raw.slice(0, raw.size() - 1)))
        .isInstanceOf(RlpException.class);
    assertThatThrownBy(() -> Eip1559Transaction.decode(Bytes.parse("0x02c0")))
        .hasMessageContaining("expected 12 items");
  }

  @Test
  void anyChangedByte_shouldChangeTheSenderOrBeRefused() {
    Signer signer = Signer.of(PrivateKey.of(Hash.ofUint(1).toBytes()));
    byte[] raw = simple().sign(signer).raw().toArray();
    for (int i = 0; i < raw.length; i++) {
      byte[] changed = raw.clone();
      changed[i] ^= 1;
      try {
        Address sender = Eip1559Transaction.decode(Bytes.wrap(changed)).sender(Secp256k1.best());
        assertThat(sender).as("byte %d", i).isNotEqualTo(signer.address());
      } catch (RlpException | InvalidSignatureException | InvalidValueException e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
    }
  }

  @Test
  void impossibleNumbers_shouldBeRefused() {
    Eip1559Transaction good = simple();
    assertThatThrownBy(() ->
            new Eip1559Transaction(
                good.chain(),
                0,
                BigInteger.TWO,
                BigInteger.ONE,
                21000,
                null,
                BigInteger.ZERO,
                Bytes.EMPTY,
                List.of()))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("priority fee");
    assertThatThrownBy(() ->
            new LegacyTransaction(
                good.chain(), -1, BigInteger.ONE, 21000, null, BigInteger.ZERO, Bytes.EMPTY))
        .isInstanceOf(InvalidValueException.class);
  }

  private static Eip1559Transaction simple() {
    return new Eip1559Transaction(
        ChainId.BASE,
        7,
        BigInteger.ONE,
        BigInteger.TEN,
        21000,
        Address.ZERO,
        BigInteger.valueOf(1000),
        Bytes.of((byte) 1, (byte) 2),
        List.of());
  }

  @Test
  void contractAddresses_shouldEqualViem() {
    for (Vector vector : Vector.load("contracts")) {
      Address from = vector.address("from");
      Address found =
          vector.text("kind").equals("create")
              ? ContractAddresses.create(from, vector.number("nonce").longValueExact())
              : ContractAddresses.create2(from, vector.hash("salt"), vector.hash("initCodeHash"));
      assertThat(found).as("%s", vector).isEqualTo(vector.address("address"));
    }
  }
}
