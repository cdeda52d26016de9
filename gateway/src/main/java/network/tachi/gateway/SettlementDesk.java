package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import network.tachi.contracts.call.PaymentProcessorCalls;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Eip3009.Authorization;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.gateway.PaymentEvidence.Found;
import network.tachi.store.Database;
import network.tachi.tx.Outbox;
import network.tachi.tx.TxRequest;
import network.tachi.tx.TxState;
import network.tachi.tx.TxStatus;
import network.tachi.tx.TxTimeoutException;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Takes authorisations to the chain and back. The response is stored, the state moves and the
 * transaction is queued in one database transaction; what became of it is looked up by whoever asks
 * first, the waiting request, another one with the same authorisation, or the background, and
 * entered once.
 */
final class SettlementDesk {
  /** What the outbox calls a settlement; its key is {@link AuthorizationRow#outboxKey}. */
  static final String KIND = "settle";

  private final Database database;
  private final Authorizations authorizations;
  private final Responses responses;
  private final UsageQueue usage;
  private final Outbox outbox;
  private final PaymentEvidence evidence;
  private final Settlement settlement;
  private final Vaults vaults;
  private final GatewayMetrics metrics;
  private final Bell bell;

  SettlementDesk(
      Parts parts,
      Authorizations authorizations,
      UsageQueue usage,
      Outbox outbox,
      PaymentEvidence evidence,
      Vaults vaults) {
    this.database = parts.database();
    this.responses = parts.responses();
    this.settlement = parts.settlement();
    this.metrics = parts.metrics();
    this.bell = parts.bell();
    this.authorizations = requireNonNull(authorizations, "authorizations is null");
    this.usage = requireNonNull(usage, "usage is null");
    this.outbox = requireNonNull(outbox, "outbox is null");
    this.evidence = requireNonNull(evidence, "evidence is null");
    this.vaults = requireNonNull(vaults, "vaults is null");
  }

  /** The settlement of an authorisation that was used already, if it paid the licence's vault. */
  Optional<Found> paidElsewhere(PaymentKey key, Hash paymentId, ExactRequirement requirement) {
    return evidence.find(key, paymentId, requirement.payTo(), requirement.amount());
  }

  /**
   * Stores the response and queues the settlement.
   *
   * @param content null if it is settled for another gateway
   * @param paid set if there is nothing left to settle
   * @return false if the reservation was lost meanwhile; nothing is stored then
   */
  boolean begin(
      AuthorizationRow reserved,
      Authorization authorization,
      Bytes signature,
      @Nullable Reply content,
      @Nullable Found paid) {
    boolean begun =
        database.transaction(tx -> {
          Long response = content == null ? null : responses.store(tx, content);
          if (!authorizations.settling(tx, reserved.key(), reserved.requestId(), response)) {
            if (response != null) {
              responses.drop(tx, response);
            }
            return false;
          }
          if (paid == null) {
            outbox.enqueue(tx, request(reserved, authorization, signature));
          } else {
            settled(tx, reserved, paid.transaction(), paid.external());
          }
          return true;
        });
    outbox.wake();
    bell.ring();
    return begun;
  }

  private TxRequest request(AuthorizationRow row, Authorization authorization, Bytes signature) {
    return TxRequest.call(
        row.key().chain(),
        KIND,
        row.outboxKey(),
        settlement.paymentProcessor(),
        PaymentProcessorCalls.settleAuthorization(row.licenseId(), authorization, signature));
  }

  /**
   * Waits until a settlement is through or has failed; returns the row as it stands then, or when
   * time is up.
   */
  Optional<AuthorizationRow> await(AuthorizationRow row, Duration patience) {
    try {
      TxStatus ignored = outbox.awaitIncluded(row.key().chain(), KIND, row.outboxKey(), patience);
      requireNonNull(ignored, "no status");
    } catch (TxTimeoutException _) {
      return authorizations.find(row.key());
    }
    resolve(row);
    return authorizations.find(row.key());
  }

  /** The newest transaction that tries to settle. */
  Optional<Hash> transaction(AuthorizationRow row) {
    return outbox.status(row.key().chain(), KIND, row.outboxKey()).map(TxStatus::transaction);
  }

  /** Enters what became of a settlement, if that is known; false while it is open. */
  boolean resolve(AuthorizationRow row) {
    TxStatus status = outbox.status(row.key().chain(), KIND, row.outboxKey()).orElse(null);
    if (status == null) {
      return false;
    }
    if (status.state().isIncluded() && status.success()) {
      enter(row, new Found(status.requireTransaction(), false));
      return true;
    }
    if (status.failed() || status.state() == TxState.SKIPPED) {
      Optional<Found> found =
          evidence.find(row.key(), row.paymentId(), vaults.of(row.licenseId()), row.value());
      found.ifPresentOrElse(
          paid -> enter(row, paid),
          () -> database.run(tx -> authorizations.failed(tx, row, Refusal.TRANSACTION_FAILED)));
      bell.ring();
      return true;
    }
    return false;
  }

  private void enter(AuthorizationRow row, Found paid) {
    database.run(tx -> settled(tx, row, paid.transaction(), paid.external()));
    bell.ring();
  }

  private void settled(DSLContext tx, AuthorizationRow row, Hash transaction, boolean external) {
    boolean first = authorizations.settled(tx, row, transaction, external);
    if (first) {
      responses.keep(tx, row.key());
    }
    if (first && !row.fingerprint().isZero()) {
      metrics.paid(GatewayMetrics.DIRECT);
      usage.add(tx, row.requestId(), UsageEntries.direct(row, transaction));
    }
  }

  /** Enters what became of all open settlements; returns how many are still open. */
  int resolveAll(ChainId chain) {
    int open = 0;
    for (AuthorizationRow row : authorizations.settling(chain)) {
      if (!resolve(row)) {
        open++;
      }
    }
    return open;
  }

  /** Whether the payment of an outbox key stands on chain already, by the contract's own word. */
  static boolean isDone(EthRpc rpc, Settlement settlement, String outboxKey) {
    Hash paymentId = Hash.parse(outboxKey.substring(0, outboxKey.indexOf('/')));
    return PaymentProcessorCalls.stateOf(paymentId)
            .ask(rpc, settlement.paymentProcessor(), BlockTag.LATEST)
        != 0;
  }
}
