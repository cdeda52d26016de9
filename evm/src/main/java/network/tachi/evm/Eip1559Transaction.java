package network.tachi.evm;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An unsigned transaction of type 2 (EIP-1559).
 *
 * @param chain the chain it is for
 * @param nonce the sender's nonce
 * @param maxPriorityFeePerGas wei
 * @param maxFeePerGas wei, at least the priority fee
 * @param gasLimit units of gas
 * @param to the receiver; null creates a contract
 * @param value wei
 * @param data call data or init code
 * @param accessList storage to warm up, mostly empty
 */
public record Eip1559Transaction(
    ChainId chain,
    long nonce,
    BigInteger maxPriorityFeePerGas,
    BigInteger maxFeePerGas,
    long gasLimit,
    @Nullable Address to,
    BigInteger value,
    Bytes data,
    List<AccessListEntry> accessList) {
  /** The EIP-2718 type. */
  public static final byte TYPE = 2;

  private static final int FIELDS = 9;

  /** Checks the numbers and copies the list. */
  public Eip1559Transaction {
    Uint256.check("nonce", BigInteger.valueOf(nonce), 63);
    Uint256.check("maxPriorityFeePerGas", maxPriorityFeePerGas, 256);
    Uint256.check("maxFeePerGas", maxFeePerGas, 256);
    Uint256.check("gasLimit", BigInteger.valueOf(gasLimit), 63);
    Uint256.check("value", value, 256);
    if (maxFeePerGas.compareTo(maxPriorityFeePerGas) < 0) {
      throw new InvalidValueException(
          "maxFeePerGas",
          "at least the priority fee " + maxPriorityFeePerGas,
          maxFeePerGas.toString());
    }
    accessList = List.copyOf(accessList);
  }

  /** The digest the sender signs. */
  public Hash signingHash() {
    return Keccak.hash(encode(null));
  }

  /** Signs the transaction. */
  public SignedTransaction sign(Signer signer) {
    return signed(signer.sign(signingHash()));
  }

  /** The transaction with a signature that was made elsewhere. */
  public SignedTransaction signed(Signature signature) {
    return SignedTransaction.of(encode(signature));
  }

  /**
   * Reads a raw signed transaction.
   *
   * @throws RlpException if the bytes are not a signed transaction of type 2
   * @throws InvalidSignatureException if its signature is not canonical
   */
  public static Signed decode(Bytes raw) {
    if (raw.isEmpty() || raw.get(0) != TYPE) {
      throw new RlpException("expected a transaction of type 2");
    }
    List<RlpItem> items = Rlp.decode(raw.slice(1, raw.size()).unsafeArray()).asList();
    if (items.size() != FIELDS + 3) {
      throw new RlpException("expected 12 items of a signed transaction, found " + items.size());
    }
    Bytes to = items.get(5).asBytes();
    Eip1559Transaction transaction =
        new Eip1559Transaction(
            ChainId.of(items.get(0).asLong()),
            items.get(1).asLong(),
            items.get(2).asUint(),
            items.get(3).asUint(),
            items.get(4).asLong(),
            to.isEmpty() ? null : Address.of(to.unsafeArray()),
            items.get(6).asUint(),
            items.get(7).asBytes(),
            AccessListEntry.read(items.get(8)));
    Signature signature =
        new Signature(
            Hash.ofUint(items.get(10).asUint()),
            Hash.ofUint(items.get(11).asUint()),
            Math.clamp(items.get(9).asLong(), 0, 2));
    return new Signed(transaction, signature);
  }

  /**
   * A transaction and its signature.
   *
   * @param transaction the transaction
   * @param signature the sender's signature
   */
  public record Signed(Eip1559Transaction transaction, Signature signature) {
    /**
     * The sender, recovered from the signature.
     *
     * @throws InvalidSignatureException if no key gives this signature
     */
    public Address sender(Secp256k1 curve) {
      return curve
          .recoverAddress(transaction.signingHash(), signature)
          .orElseThrow(() -> new InvalidSignatureException("no key gives it"));
    }
  }

  private byte[] encode(@Nullable Signature signature) {
    RlpWriter writer =
        new RlpWriter()
            .encoded(new byte[] {TYPE})
            .beginList()
            .uint(chain.value())
            .uint(nonce)
            .uint(maxPriorityFeePerGas)
            .uint(maxFeePerGas)
            .uint(gasLimit)
            .address(to)
            .uint(value)
            .bytes(data);
    AccessListEntry.write(accessList, writer);
    if (signature != null) {
      writer.uint(signature.yParity()).uint(signature.r().toUint()).uint(signature.s().toUint());
    }
    return writer.endList().toBytes();
  }
}
