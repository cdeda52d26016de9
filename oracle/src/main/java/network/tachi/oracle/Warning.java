package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

/**
 * Something that an operator should look at while reports are still taken.
 *
 * @param code stable, also the metric label
 * @param detail what is wrong and what to do, for people; no secrets
 */
public record Warning(String code, String detail) {
  /** Epochs don't go on chain. */
  public static final String EPOCHS_WAITING = "epochs_waiting";

  /** An epoch is too old to be posted, and only a new signer configuration helps. */
  public static final String EPOCH_STALE = "epoch_stale";

  /** A demand about a header can't be answered, or is not yet though its time is nearly over. */
  public static final String DEMAND_UNANSWERED = "demand_unanswered";

  /** A crawler may withdraw what the next epoch would bill it, so that epoch is not closed. */
  public static final String CREDIT_AT_RISK = "credit_at_risk";

  /** Transactions are not sent. */
  public static final String SENDER_WAITING = "sender_waiting";

  /** Checks that nothing is missing. */
  public Warning {
    requireNonNull(code, "code is null");
    requireNonNull(detail, "detail is null");
  }

  static Warning waiting(String detail) {
    return new Warning(EPOCHS_WAITING, detail);
  }
}
