package network.tachi.queryapi;

import static network.tachi.store.jooq.chain.Tables.PAYMENT_CURRENT;

import java.util.List;
import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.proto.v1.Payment;
import network.tachi.store.jooq.chain.tables.records.PaymentCurrentRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** Direct payments as the chains have them. */
final class Payments {
  private static final int PAY = 1;

  /** A payment by its id. */
  Optional<Payment.Builder> find(DSLContext tx, ChainId chain, Hash paymentId) {
    return tx.selectFrom(PAYMENT_CURRENT)
        .where(PAYMENT_CURRENT.CHAIN_ID.eq(chain.value()))
        .and(PAYMENT_CURRENT.PAYMENT_ID.eq(paymentId))
        .fetchOptional(Payments::message);
  }

  /**
   * Payments older than a place on the chain, newest first.
   *
   * @param license of this licence only
   * @param payer by this payer only
   * @param block of the place
   * @param logIndex of the place
   */
  List<PaymentCurrentRecord> list(
      DSLContext tx,
      ChainId chain,
      Optional<LicenseId> license,
      Optional<Address> payer,
      long block,
      long logIndex,
      int limit) {
    Condition ofLicense =
        license
            .<Condition>map(id -> PAYMENT_CURRENT.LICENSE_ID.eq(id.value()))
            .orElse(DSL.noCondition());
    Condition byPayer = payer.<Condition>map(PAYMENT_CURRENT.PAYER::eq).orElse(DSL.noCondition());
    return tx.selectFrom(PAYMENT_CURRENT)
        .where(PAYMENT_CURRENT.CHAIN_ID.eq(chain.value()))
        .and(ofLicense)
        .and(byPayer)
        .and(
            DSL.row(PAYMENT_CURRENT.PAID_BLOCK, PAYMENT_CURRENT.PAID_LOG_INDEX)
                .lt(block, (int) logIndex))
        .orderBy(PAYMENT_CURRENT.PAID_BLOCK.desc(), PAYMENT_CURRENT.PAID_LOG_INDEX.desc())
        .limit(limit)
        .fetch();
  }

  /** The message of a payment, without the block it was read at. */
  static Payment.Builder message(PaymentCurrentRecord row) {
    String state = row.getState();
    return Payment.newBuilder()
        .setPaymentId(row.getPaymentId().toString())
        .setLicenseId(row.getLicenseId().toString())
        .setPayer(row.getPayer().toString())
        .setAmount(row.getAmount().toString())
        .setState(state.equals("released") ? "paid" : state)
        .setMethod(row.getMethod() == PAY ? "pay" : "authorization")
        .setTxHash(row.getPaidTx().toString())
        .setPaidAt(row.getPaidAt())
        .setNonce(row.getNonce().toString());
  }
}
