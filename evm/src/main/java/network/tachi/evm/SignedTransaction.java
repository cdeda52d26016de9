package network.tachi.evm;

/**
 * A transaction ready to be sent.
 *
 * @param raw the bytes for {@code eth_sendRawTransaction}
 * @param hash the transaction's hash
 */
public record SignedTransaction(Bytes raw, Hash hash) {
  /** Wraps raw bytes and computes their hash. */
  static SignedTransaction of(byte[] raw) {
    return new SignedTransaction(Bytes.wrap(raw), Keccak.hash(raw));
  }
}
