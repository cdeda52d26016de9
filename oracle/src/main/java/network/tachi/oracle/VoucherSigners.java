package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import network.tachi.contracts.wire.UsageAttestation.PairTip;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.oracle.IntakeFacts.RegisteredSigner;
import network.tachi.oracle.IntakeFacts.SignerTerm;
import org.jooq.DSLContext;
import org.jooq.Record;

/**
 * Knows which vouchers can still be shown as consent when an epoch is closed: those by the crawler
 * itself, and those by a registered signer that is not revoked and lives for at least the
 * revocation's delay. Every method works inside the caller's transaction.
 */
final class VoucherSigners {
  /** The signers of crawler {@code k.crawler} whose vouchers count; wants chain id and delay. */
  private static final String LIVE =
      """
      SELECT k.crawler AS signer
      UNION ALL
      SELECT s.signer FROM chain.crawler_signer_current s JOIN chain.head h USING (chain_id)
      WHERE s.chain_id = ? AND s.crawler = k.crawler AND s.revoked_at IS NULL
        AND s.block_number <= h.safe_number AND s.expiry >= h.head_timestamp + ?
      """;

  private final ChainId chain;
  private final Supplier<EscrowTimes> times;

  /**
   * Reads the signers of a chain.
   *
   * @param times of its escrow
   */
  VoucherSigners(ChainId chain, Supplier<EscrowTimes> times) {
    this.chain = requireNonNull(chain, "chain is null");
    this.times = requireNonNull(times, "times is null");
  }

  private long delay() {
    return times.get().revokeDelay().toSeconds();
  }

  /** Every signer that these crawlers have registered. */
  Map<RegisteredSigner, SignerTerm> of(DSLContext tx, byte[][] crawlers) {
    Map<RegisteredSigner, SignerTerm> signers = new HashMap<>();
    if (crawlers.length != 0) {
      tx.fetch(
              """
              SELECT s.crawler, s.signer, s.expiry, s.revoked_at IS NOT NULL AS revoked, h.head_timestamp,
                s.revoked_at IS NOT NULL OR s.block_number <= h.safe_number AS safe
              FROM chain.crawler_signer_current s JOIN chain.head h USING (chain_id)
              WHERE s.chain_id = ? AND s.crawler = ANY (?::bytea[])
              """,
              chain.value(),
              crawlers)
          .forEach(row ->
              signers.put(
                  new RegisteredSigner(Rows.address(row, "crawler"), Rows.address(row, "signer")),
                  new SignerTerm(
                      row.get("safe", Boolean.class),
                      row.get("revoked", Boolean.class),
                      Rows.number(row, "expiry"),
                      Rows.number(row, "head_timestamp") + delay())));
    }
    return signers;
  }

  /** Where pairs stand, as far as they have entries or vouchers that count. */
  Map<PairKey, PairState> pairs(DSLContext tx, Collection<PairKey> keys) {
    Map<PairKey, PairState> pairs = new HashMap<>();
    if (keys.isEmpty()) {
      return pairs;
    }
    tx.fetch(
            """
            SELECT k.license_id, k.crawler, coalesce(p.cumulative, 0) AS cumulative,
                   coalesce(p.last_pair_seq, 0) AS last_pair_seq, coalesce(p.last_log_index, -1) AS last_log_index,
                   coalesce(p.voucher_hash, n.none) AS voucher_hash, coalesce(v.cumulative_max, 0) AS ceiling,
                   coalesce(v.voucher_hash, n.none) AS ceiling_voucher
            FROM unnest(?::bigint[], ?::bytea[]) AS k (license_id, crawler)
            CROSS JOIN (SELECT decode(repeat('00', 32), 'hex') AS none) n
            LEFT JOIN metering.pair p USING (license_id, crawler)
            LEFT JOIN LATERAL (
              SELECT x.cumulative_max, x.voucher_hash FROM (
            """
                + LIVE
                + """
                  ) l CROSS JOIN LATERAL (
                    SELECT cumulative_max, voucher_hash FROM metering.voucher
                    WHERE crawler = k.crawler AND license_id = k.license_id AND signer = l.signer
                    ORDER BY cumulative_max DESC LIMIT 1) x
                  ORDER BY x.cumulative_max DESC LIMIT 1) v ON true
                WHERE p.crawler IS NOT NULL OR v.voucher_hash IS NOT NULL
                """,
            keys.stream().map(key -> key.licenseId().value()).toArray(Long[]::new),
            keys.stream().map(key -> key.crawler().toBytes()).toArray(byte[][]::new),
            chain.value(),
            delay())
        .forEach(row -> pairs.put(Rows.pair(row), state(row)));
    return pairs;
  }

  private static PairState state(Record row) {
    return new PairState(
        new PairTip(
            Rows.number(row, "last_pair_seq"),
            Rows.number(row, "last_log_index"),
            Rows.amount(row, "cumulative")),
        Rows.hash(row, "voucher_hash"),
        Rows.amount(row, "ceiling"),
        Rows.hash(row, "ceiling_voucher"));
  }

  /** Those of the vouchers that no signer has signed whose word still counts. */
  Set<Hash> ended(DSLContext tx, Set<Hash> vouchers) {
    Set<Hash> ended = new HashSet<>(vouchers);
    if (!vouchers.isEmpty()) {
      tx.fetch(
              """
              SELECT k.voucher_hash FROM metering.voucher k
              WHERE k.voucher_hash = ANY (?::bytea[]) AND k.signer IN (
              """
                  + LIVE
                  + ")",
              hashes(vouchers),
              chain.value(),
              delay())
          .forEach(row -> ended.remove(Rows.hash(row, "voucher_hash")));
    }
    return ended;
  }

  /**
   * The last second in which the consent to every CREDIT line from one index up to, not with,
   * another can be shown.
   *
   * @return just below {@link Long#MAX_VALUE} if it always can, -1 if it never can
   */
  long consentedUntil(DSLContext tx, long from, long to) {
    return requireNonNull(
            tx.fetchOne(
                """
                SELECT coalesce(min(c.ends), ?) - 1 AS until FROM (
                  SELECT max(CASE WHEN v.signer = v.crawler THEN ? ELSE coalesce(least(s.expiry, s.revoked_at), 0) END)
                    AS ends
                  FROM (
                    SELECT DISTINCT payment_ref FROM metering.log_leaf
                    WHERE log_index >= ? AND log_index < ? AND rail = 2) l
                  JOIN metering.voucher v ON v.voucher_hash = l.payment_ref
                  LEFT JOIN chain.crawler_signer_current s
                    ON s.chain_id = ? AND s.crawler = v.crawler AND s.signer = v.signer
                  GROUP BY l.payment_ref) c
                """,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                from,
                to,
                chain.value()))
        .get("until", Long.class);
  }

  private static byte[][] hashes(Set<Hash> hashes) {
    return hashes.stream().map(Hash::toBytes).toArray(byte[][]::new);
  }
}
