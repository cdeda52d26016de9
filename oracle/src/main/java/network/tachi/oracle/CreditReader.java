package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.UsdcAmount;
import org.jooq.DSLContext;

/**
 * Reads what is left of crawlers' deposits, inside the caller's transaction. A deposit counts once
 * it is safe. What was taken out, or is about to be, counts at once, and until no fork can bring it
 * back: a thaw counts on after its end until the end is safe.
 */
final class CreditReader {
  private final ChainId settlementChain;

  CreditReader(ChainId settlementChain) {
    this.settlementChain = requireNonNull(settlementChain, "settlementChain is null");
  }

  /** Safe deposits less what is withdrawn, thawing and charged; never less than nothing. */
  Map<Address, UsdcAmount> left(DSLContext tx, Set<Address> crawlers) {
    Map<Address, UsdcAmount> credits = new HashMap<>();
    if (crawlers.isEmpty()) {
      return credits;
    }
    tx.fetch(
            """
            SELECT c.crawler,
              greatest(c.deposited_safe - greatest(c.withdrawn, t.reserved) - coalesce(p.charged, 0), 0) AS credit
            FROM chain.credit_current c
            CROSS JOIN LATERAL (
              SELECT max(s.withdrawn_before + s.amount) AS reserved
              FROM chain.thaw_history s JOIN chain.head h USING (chain_id)
              WHERE s.chain_id = c.chain_id AND s.crawler = c.crawler
                AND (s.ended_block IS NULL OR s.ended_block > h.safe_number)) t
            LEFT JOIN LATERAL (
              SELECT sum(cumulative) AS charged FROM metering.pair WHERE crawler = c.crawler) p ON true
            WHERE c.chain_id = ? AND c.crawler = ANY (?::bytea[])
            """,
            settlementChain.value(),
            crawlers.stream().map(Address::toBytes).toArray(byte[][]::new))
        .forEach(row -> credits.put(Rows.address(row, "crawler"), Rows.amount(row, "credit")));
    return credits;
  }

  /** How much more a crawler would be billed than it leaves behind if it withdraws. */
  record Shortfall(Address crawler, UsdcAmount amount) {
    Shortfall {
      requireNonNull(crawler, "crawler is null");
      requireNonNull(amount, "amount is null");
    }
  }

  /**
   * A crawler that the log bills more than its deposits less what is withdrawn and thawing, with
   * entries from an index on, and whose thaw began before a time; empty if there is none.
   */
  Optional<Shortfall> shortfall(DSLContext tx, long fromIndex, long thawingSince) {
    return tx.fetchOptional(
            """
            SELECT c.crawler, p.charged + c.withdrawn + c.thawing - c.deposited_safe AS amount
            FROM chain.credit_current c
            JOIN LATERAL (
              SELECT sum(cumulative) AS charged FROM metering.pair WHERE crawler = c.crawler) p ON true
            WHERE c.chain_id = ? AND c.thaw_started_at <= ?
              AND p.charged + c.withdrawn + c.thawing > c.deposited_safe
              AND EXISTS (
                SELECT FROM metering.log_leaf l
                WHERE l.crawler = c.crawler AND l.log_index >= ? AND l.rail = 2)
            ORDER BY 2 DESC, 1 LIMIT 1
            """,
            settlementChain.value(),
            thawingSince,
            fromIndex)
        .map(row -> new Shortfall(Rows.address(row, "crawler"), Rows.amount(row, "amount")));
  }
}
