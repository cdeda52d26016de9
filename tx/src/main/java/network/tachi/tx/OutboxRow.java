package network.tachi.tx;

import java.math.BigInteger;
import java.time.OffsetDateTime;
import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import org.jspecify.annotations.Nullable;

/** A row that the sender works on, with its attempts, oldest first. */
record OutboxRow(
    long id,
    String kind,
    String key,
    Address to,
    Bytes data,
    BigInteger value,
    TxState state,
    @Nullable Long nonce,
    @Nullable Long gasLimit,
    @Nullable Hash minedBlockHash,
    List<Attempt> attempts) {

  /** One signed form of the row's transaction; all of them share the nonce. */
  record Attempt(int number, Hash hash, Bytes raw, Fees fees, OffsetDateTime createdAt) {}

  Attempt newest() {
    return attempts.getLast();
  }

  long requireNonce() {
    if (nonce == null) {
      throw new IllegalStateException(kind + " " + key + " has no nonce");
    }
    return nonce;
  }
}
