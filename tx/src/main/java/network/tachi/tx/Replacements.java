package network.tachi.tx;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Gives higher fees, under the same nonce, to what waits too long for a block. Those behind the
 * first one wait for it, not for higher fees, unless they can't pay the base fee.
 */
final class Replacements {
  private final OutboxRows rows;
  private final TxSigner signer;
  private final Broadcaster broadcaster;
  private final SendPolicy policy;
  private final InstantSource clock;
  private long firstNonce = -1;
  private Instant firstSince = Instant.MIN;

  Replacements(
      OutboxRows rows,
      TxSigner signer,
      Broadcaster broadcaster,
      SendPolicy policy,
      InstantSource clock) {
    this.rows = rows;
    this.signer = signer;
    this.broadcaster = broadcaster;
    this.policy = policy;
    this.clock = clock;
  }

  /** Replaces those of the waiting rows whose time has come. */
  void look(List<OutboxRow> waiting, Heads heads, StepReport report) {
    Instant now = clock.instant();
    if (heads.nextNonce() != firstNonce) {
      // Also after a restart or a reorg: the bytes get their chance before dearer ones.
      firstNonce = heads.nextNonce();
      firstSince = now;
    }
    for (OutboxRow row : waiting) {
      if (isHeldByFees(row, heads) && isOverdue(row, now)) {
        replace(row, heads, report);
      }
    }
  }

  private boolean isHeldByFees(OutboxRow row, Heads heads) {
    String refusal = broadcaster.refusal(row);
    BigInteger maxFee = row.newest().fees().maxFee();
    return (row.requireNonce() == heads.nextNonce() || maxFee.compareTo(heads.baseFee()) < 0)
        && (refusal.isEmpty() || NodeErrors.isAboutFees(refusal));
  }

  private boolean isOverdue(OutboxRow row, Instant now) {
    Instant signed = row.newest().createdAt();
    Instant from = signed.isAfter(firstSince) ? signed : firstSince;
    return Duration.between(from, now).compareTo(policy.replaceAfter()) >= 0;
  }

  private void replace(OutboxRow row, Heads heads, StepReport report) {
    Optional<Fees> raised = row.newest().fees().bumped(Fees.suggest(heads, policy), policy);
    if (raised.isEmpty()) {
      report.trouble(
          row.name() + " is stuck at the fee cap of " + policy.maxFeePerGas() + " wei a gas");
      return;
    }
    OutboxRow dearer = signer.sign(row, row.requireNonce(), row.requireGasLimit(), raised.get());
    rows.replaced(dearer);
    broadcaster.send(List.of(dearer));
  }
}
