package network.tachi.indexer;

import static network.tachi.store.jooq.projection.Tables.LICENSE_TOTAL;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_MADE;
import static org.jooq.impl.DSL.val;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import network.tachi.contracts.event.PaymentEvent;
import network.tachi.evm.ChainId;
import org.jooq.DSLContext;

/**
 * What each licence was paid directly: the sum of its payments, as the rows of the payments have
 * it. Payments are added up in memory first, so that a licence costs one row a transaction. Not for
 * use by many threads.
 */
final class LicenseTotals {
  private final ChainId chain;
  private final Map<Long, Sum> sums = new HashMap<>();

  /** What is to be added to a licence. */
  private static final class Sum {
    private BigInteger amount = BigInteger.ZERO;
    private long payments;
    private long block;
  }

  LicenseTotals(ChainId chain) {
    this.chain = chain;
  }

  /** Takes note of an event, if it is a payment. */
  void add(IndexedEvent indexed) {
    if (indexed.event() instanceof PaymentEvent.PaymentMade payment) {
      Sum sum = sums.computeIfAbsent(payment.licenseId().value(), _ -> new Sum());
      sum.amount = sum.amount.add(payment.amount().toBigInteger());
      sum.payments++;
      sum.block = indexed.position().block().number();
    }
  }

  /** Forgets what was noted. */
  void clear() {
    sums.clear();
  }

  /** Adds what was noted to the store. */
  void flush(DSLContext tx) {
    if (sums.isEmpty()) {
      return;
    }
    int size = sums.size();
    Long[] licenses = new Long[size];
    BigDecimal[] amounts = new BigDecimal[size];
    Long[] payments = new Long[size];
    Long[] blocks = new Long[size];
    int at = 0;
    for (Map.Entry<Long, Sum> entry : sums.entrySet()) {
      licenses[at] = entry.getKey();
      amounts[at] = new BigDecimal(entry.getValue().amount);
      payments[at] = entry.getValue().payments;
      blocks[at] = entry.getValue().block;
      at++;
    }
    tx.execute(
        """
        INSERT INTO {0} AS t (chain_id, license_id, amount, payments, block_number)
        SELECT {1}, n.license_id, n.amount, n.payments, n.block_number
          FROM unnest({2}::bigint[], {3}::numeric[], {4}::bigint[], {5}::bigint[])
               AS n (license_id, amount, payments, block_number)
        ON CONFLICT (chain_id, license_id) DO UPDATE
          SET amount = t.amount + excluded.amount, payments = t.payments + excluded.payments,
              block_number = excluded.block_number
        """,
        LICENSE_TOTAL, val(chain.value()), val(licenses), val(amounts), val(payments), val(blocks));
    sums.clear();
  }

  /** Takes back the payments above a height, whose rows must still be there. */
  void unwind(DSLContext tx, long above) {
    tx.execute(
        """
        WITH gone AS (
          SELECT license_id, sum(amount) AS amount, count(*) AS payments
            FROM {0} WHERE chain_id = {2} AND block_number > {3} GROUP BY license_id),
        emptied AS (
          DELETE FROM {1} AS t USING gone g
           WHERE t.chain_id = {2} AND t.license_id = g.license_id AND t.payments = g.payments)
        UPDATE {1} AS t
           SET amount = t.amount - g.amount, payments = t.payments - g.payments,
               block_number = (SELECT max(p.block_number) FROM {0} AS p
                                WHERE p.chain_id = {2} AND p.license_id = t.license_id
                                  AND p.block_number <= {3})
          FROM gone g
         WHERE t.chain_id = {2} AND t.license_id = g.license_id AND t.payments > g.payments
        """,
        PAYMENT_MADE, LICENSE_TOTAL, val(chain.value()), val(above));
  }
}
