package network.tachi.tx;

import java.util.OptionalLong;
import network.tachi.evm.Hash;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of the outbox as it stands now.
 *
 * @param id its row
 * @param kind what it does
 * @param key which one of its kind
 * @param state where it stands
 * @param success whether it succeeded; meaningful when included
 * @param transaction hash of the included transaction, or of the newest that was broadcast; null
 *     before
 * @param block number of its block; empty unless included
 * @param reason why it was refused or reverted; empty otherwise
 */
public record TxStatus(
    long id,
    String kind,
    String key,
    TxState state,
    boolean success,
    @Nullable Hash transaction,
    OptionalLong block,
    String reason) {
  /** True if it stands in a block and did what it should. */
  public boolean succeeded() {
    return state == TxState.SKIPPED || (state.isIncluded() && success);
  }

  /** True if it was refused, or stands in a block and reverted. */
  public boolean failed() {
    return state == TxState.REFUSED || (state.isIncluded() && !success);
  }

  /**
   * The hash of the transaction.
   *
   * @throws IllegalStateException if there is none yet
   */
  public Hash requireTransaction() {
    if (transaction == null) {
      throw new IllegalStateException(kind + " " + key + " has no transaction: " + state);
    }
    return transaction;
  }
}
