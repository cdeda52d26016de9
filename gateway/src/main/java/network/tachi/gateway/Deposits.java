package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import org.jooq.DSLContext;

/**
 * What crawlers have deposited, as far as the oracle will charge it: what is not safe yet,
 * withdrawn or thawing does not count. The oracle has the last word; this keeps those without money
 * from being served before they are refused.
 */
final class Deposits {
  private static final Duration FRESHNESS = Duration.ofSeconds(1);
  private static final int MAX_PAIRS = 50_000;

  private record Pair(Address crawler, LicenseId licenseId) {}

  private final ChainId chain;
  private final Cache<Pair, UsdcAmount> known =
      Caffeine.newBuilder().expireAfterWrite(FRESHNESS).maximumSize(MAX_PAIRS).build();

  Deposits(ChainId chain) {
    this.chain = requireNonNull(chain, "chain is null");
  }

  /**
   * Whether a deposit covers what a pair has charged and reserved in all, besides what the
   * crawler's other pairs have. Nobody is refused by an old answer.
   */
  boolean cover(DSLContext dsl, Address crawler, LicenseId licenseId, UsdcAmount total) {
    Pair pair = new Pair(crawler, licenseId);
    return Optional.ofNullable(known.getIfPresent(pair))
            .filter(left -> total.compareTo(left) <= 0)
            .isPresent()
        || total.compareTo(refresh(dsl, pair)) <= 0;
  }

  private UsdcAmount refresh(DSLContext dsl, Pair pair) {
    UsdcAmount left = leftFor(dsl, pair);
    known.put(pair, left);
    return left;
  }

  /** A pair has used up what the log says, or what we do, whoever is ahead. */
  private UsdcAmount leftFor(DSLContext dsl, Pair pair) {
    byte[] crawler = pair.crawler().toBytes();
    return dsl.fetchOptional(
            """
            SELECT trunc(greatest(c.deposited_safe - c.withdrawn - c.thawing - coalesce(o.used, 0), 0)) AS available
            FROM chain.credit_current c
            CROSS JOIN LATERAL (
              SELECT sum(greatest(l.cumulative, g.charged + g.reserved)) AS used
              FROM (SELECT license_id, cumulative FROM metering.pair_current WHERE crawler = ?) l
              FULL JOIN (SELECT license_id, charged, reserved FROM gateway.pair_ceiling WHERE crawler = ?) g
                USING (license_id)
              WHERE license_id <> ?) o
            WHERE c.chain_id = ? AND c.crawler = ?
            """,
            crawler,
            crawler,
            pair.licenseId().value(),
            chain.value(),
            crawler)
        .map(row -> row.get("available", BigDecimal.class))
        .map(available -> UsdcAmount.of(available.toBigIntegerExact()))
        .orElse(UsdcAmount.ZERO);
  }
}
