package network.tachi.evm;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * An unsigned transaction of the first type, protected against replay on other chains by EIP-155.
 *
 * @param chain the chain it is for
 * @param nonce the sender's nonce
 * @param gasPrice wei
 * @param gasLimit units of gas
 * @param to the receiver; null creates a contract
 * @param value wei
 * @param data call data or init code
 */
public record LegacyTransaction(
    ChainId chain,
    long nonce,
    BigInteger gasPrice,
    long gasLimit,
    @Nullable Address to,
    BigInteger value,
    Bytes data) {
  private static final int V_BASE = 35;

  /** Checks the numbers. */
  public LegacyTransaction {
    Uint256.check("nonce", BigInteger.valueOf(nonce), 63);
    Uint256.check("gasPrice", gasPrice, 256);
    Uint256.check("gasLimit", BigInteger.valueOf(gasLimit), 63);
    Uint256.check("value", value, 256);
  }

  /** The digest the sender signs. */
  public Hash signingHash() {
    return fields().uint(chain.value()).uint(0).uint(0).endList().keccak();
  }

  /** Signs the transaction. */
  public SignedTransaction sign(Signer signer) {
    Signature signature = signer.sign(signingHash());
    BigInteger v =
        BigInteger.valueOf(chain.value())
            .shiftLeft(1)
            .add(BigInteger.valueOf(V_BASE + signature.yParity()));
    return SignedTransaction.of(
        fields()
            .uint(v)
            .uint(signature.r().toUint())
            .uint(signature.s().toUint())
            .endList()
            .toBytes());
  }

  private RlpWriter fields() {
    return new RlpWriter()
        .beginList()
        .uint(nonce)
        .uint(gasPrice)
        .uint(gasLimit)
        .address(to)
        .uint(value)
        .bytes(data);
  }
}
