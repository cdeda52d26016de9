package network.tachi.tx;

import java.math.BigInteger;
import java.time.Instant;
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
    @Nullable Long minedBlock,
    @Nullable Hash minedBlockHash,
    List<Attempt> attempts) {

  /** One signed form of the row's transaction. */
  record Attempt(int number, Hash hash, Bytes raw, Fees fees, Instant createdAt) {}

  Attempt newest() {
    return attempts.getLast();
  }

  /** Kind and key, for messages. */
  String name() {
    return kind + " " + key;
  }

  long requireNonce() {
    return require(nonce, "nonce");
  }

  long requireGasLimit() {
    return require(gasLimit, "gas limit");
  }

  long requireMinedBlock() {
    return require(minedBlock, "block");
  }

  private long require(@Nullable Long value, String what) {
    if (value == null) {
      throw new IllegalStateException(name() + " is " + state + " but has no " + what);
    }
    return value;
  }
}
