package network.tachi.tx;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import org.jspecify.annotations.Nullable;

/** A row that the sender works on, with its attempts, oldest first. */
record OutboxRow(
    long id,
    TxName name,
    Address to,
    Bytes data,
    BigInteger value,
    TxState state,
    @Nullable Long nonce,
    @Nullable Long gasLimit,
    List<Attempt> attempts) {

  /** One signed form of the row's transaction. */
  record Attempt(int number, Hash hash, Bytes raw, Fees fees, Instant createdAt) {}

  /** This row with a nonce and one more attempt. */
  OutboxRow sent(long givenNonce, long givenGas, Attempt attempt) {
    List<Attempt> all = new ArrayList<>(attempts);
    all.add(attempt);
    return new OutboxRow(
        id, name, to, data, value, TxState.SENT, givenNonce, givenGas, List.copyOf(all));
  }

  /** This row after a reorg took its block. */
  OutboxRow demoted() {
    return new OutboxRow(id, name, to, data, value, TxState.SENT, nonce, gasLimit, attempts);
  }

  Attempt newest() {
    return attempts.getLast();
  }

  int nextAttempt() {
    return attempts.isEmpty() ? 1 : newest().number() + 1;
  }

  long requireNonce() {
    return require(nonce, "nonce");
  }

  long requireGasLimit() {
    return require(gasLimit, "gas limit");
  }

  private long require(@Nullable Long number, String what) {
    if (number == null) {
      throw new IllegalStateException(name + " is " + state + " but has no " + what);
    }
    return number;
  }
}
