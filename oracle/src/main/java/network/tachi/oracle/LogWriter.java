package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.UsageAttestation.PairTip;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import org.jooq.DSLContext;

/**
 * Makes drafts of the log's next entries, and writes them. Every method works inside the caller's
 * transaction.
 */
final class LogWriter {
  private final LogTable log;
  private final ChainId settlementChain;
  private final Address attestationKey;
  private final InstantSource clock;
  private final IndexAge indexAge;

  /**
   * Writes for one attestation key.
   *
   * @param settlementChain whose deposits count
   */
  LogWriter(LogTable log, ChainId settlementChain, Address attestationKey, InstantSource clock) {
    this.log = requireNonNull(log, "log is null");
    this.settlementChain = requireNonNull(settlementChain, "settlementChain is null");
    this.attestationKey = requireNonNull(attestationKey, "attestationKey is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.indexAge = new IndexAge(settlementChain, clock);
  }

  /** A draft at the log's end that knows what the rules want to know about these requests. */
  Draft draft(DSLContext tx, long configVersion, Collection<PaidRequest> requests) {
    Set<PairKey> pairs = new HashSet<>();
    Set<Address> crawlers = new HashSet<>();
    Set<Hash> payments = new HashSet<>();
    for (PaidRequest request : requests) {
      switch (request) {
        case CreditRequest credit -> {
          pairs.add(credit.pair());
          crawlers.add(credit.service().crawler());
        }
        case DirectRequest direct -> payments.add(direct.paymentId());
      }
    }
    return new Draft(
        log.head(tx, configVersion),
        clock,
        pairs(tx, pairs),
        credits(tx, crawlers),
        used(tx, payments),
        indexAge.read(tx));
  }

  /** A draft that only sequences again what was sequenced before. */
  Draft draft(DSLContext tx, LogHead head, Collection<UsageAttestation> again) {
    Set<PairKey> keys = new HashSet<>();
    again.forEach(leaf -> keys.add(new PairKey(leaf.licenseId(), leaf.crawler())));
    return new Draft(head, clock, pairs(tx, keys), Map.of(), Set.of(), Duration.ZERO);
  }

  /** Where pairs stand, as far as they have entries or vouchers. */
  static Map<PairKey, PairState> pairs(DSLContext tx, Collection<PairKey> keys) {
    Map<PairKey, PairState> pairs = new HashMap<>();
    if (keys.isEmpty()) {
      return pairs;
    }
    tx.fetch(
            """
            SELECT k.license_id, k.crawler, coalesce(p.cumulative, 0) AS cumulative,
                   coalesce(p.last_pair_seq, 0) AS last_pair_seq, coalesce(p.last_log_index, -1) AS last_log_index,
                   coalesce(p.voucher_hash, decode(repeat('00', 32), 'hex')) AS voucher_hash,
                   v.cumulative_max AS ceiling, v.voucher_hash AS ceiling_voucher
            FROM unnest(?::bigint[], ?::bytea[]) AS k (license_id, crawler)
            LEFT JOIN metering.pair p USING (license_id, crawler)
            CROSS JOIN LATERAL (
              SELECT cumulative_max, voucher_hash FROM metering.voucher
              WHERE crawler = k.crawler AND license_id = k.license_id
              ORDER BY cumulative_max DESC LIMIT 1) v
            """,
            keys.stream().map(key -> key.licenseId().value()).toArray(Long[]::new),
            keys.stream().map(key -> key.crawler().toBytes()).toArray(byte[][]::new))
        .forEach(row ->
            pairs.put(
                Rows.pair(row),
                new PairState(
                    new PairTip(
                        Rows.number(row, "last_pair_seq"),
                        Rows.number(row, "last_log_index"),
                        Rows.amount(row, "cumulative")),
                    Rows.hash(row, "voucher_hash"),
                    Rows.amount(row, "ceiling"),
                    Rows.hash(row, "ceiling_voucher"))));
    return pairs;
  }

  /** What is left of each crawler's deposit: safe deposits less withdrawn, thawing and charged. */
  private Map<Address, UsdcAmount> credits(DSLContext tx, Set<Address> crawlers) {
    Map<Address, UsdcAmount> credits = new HashMap<>();
    if (crawlers.isEmpty()) {
      return credits;
    }
    tx.fetch(
            """
            SELECT c.crawler, greatest(c.deposited_safe - c.withdrawn - c.thawing - coalesce(p.charged, 0), 0) AS credit
            FROM chain.credit_current c
            LEFT JOIN LATERAL (
              SELECT sum(cumulative) AS charged FROM metering.pair WHERE crawler = c.crawler) p ON true
            WHERE c.chain_id = ? AND c.crawler = ANY (?::bytea[])
            """,
            settlementChain.value(),
            crawlers.stream().map(Address::toBytes).toArray(byte[][]::new))
        .forEach(row -> credits.put(Rows.address(row, "crawler"), Rows.amount(row, "credit")));
    return credits;
  }

  private static Set<Hash> used(DSLContext tx, Set<Hash> payments) {
    Set<Hash> used = new HashSet<>();
    if (!payments.isEmpty()) {
      tx.fetch(
              "SELECT payment_ref FROM metering.log_leaf WHERE rail = 1 AND payment_ref = ANY"
                  + " (?::bytea[])",
              (Object) payments.stream().map(Hash::toBytes).toArray(byte[][]::new))
          .forEach(row -> used.add(Rows.hash(row, "payment_ref")));
    }
    return used;
  }

  /**
   * Writes a draft: requests and vouchers as they came, leaves, pairs, and how far the key may
   * sign.
   *
   * @param accepted the requests behind the draft's leaves, in their order; none if they were
   *     sequenced before
   */
  void append(DSLContext tx, Draft draft, List<PaidRequest> accepted) {
    if (draft.leaves().isEmpty()) {
      return;
    }
    insertRequests(tx, accepted);
    insertVouchers(tx, accepted);
    insertLeaves(tx, draft.leaves());
    upsertPairs(tx, draft.changedPairs());
    clearForSigning(tx, draft.leaves().getLast());
    MeteringFeed.append(
        tx,
        MeteringFeed.Kind.ENTRIES,
        draft.leaves().getFirst().logIndex(),
        draft.leaves().getLast().logIndex());
  }

  private static void insertRequests(DSLContext tx, List<PaidRequest> requests) {
    new Columns<PaidRequest>()
        .bigint(r -> r.service().licenseId().value())
        .address(r -> r.service().crawler())
        .hash(r -> r.service().requestId())
        .bigint(r -> r instanceof CreditRequest ? 2L : 1L)
        .hash(r -> r.service().contentId())
        .bigint(r -> r.service().units())
        .amount(r -> r.service().unitPrice())
        .hash(r ->
            switch (r) {
              case CreditRequest credit -> credit.signed().hash();
              case DirectRequest direct -> direct.paymentId();
            })
        .bigint(r -> r instanceof DirectRequest direct ? direct.chain().value() : null)
        .bytes(r -> r instanceof DirectRequest direct ? direct.transaction().toBytes() : null)
        .execute(
            tx,
            """
            INSERT INTO metering.usage_entry (license_id, crawler, request_id, rail, content_id, units, unit_price,
              payment_ref, payment_chain_id, payment_tx, received_at)
            SELECT r.*, now() FROM unnest(?::bigint[], ?::bytea[], ?::bytea[], ?::bigint[], ?::bytea[],
              ?::bigint[], ?::numeric[], ?::bytea[], ?::bigint[], ?::bytea[]) AS r
            """,
            requests);
  }

  private static void insertVouchers(DSLContext tx, List<PaidRequest> requests) {
    Map<Hash, SignedVoucher> vouchers = new LinkedHashMap<>();
    for (PaidRequest request : requests) {
      if (request instanceof CreditRequest credit) {
        vouchers.put(credit.signed().hash(), credit.signed());
      }
    }
    new Columns<SignedVoucher>()
        .hash(SignedVoucher::hash)
        .address(v -> v.voucher().crawler())
        .bigint(v -> v.voucher().licenseId().value())
        .amount(v -> v.voucher().cumulativeMax())
        .hash(v -> v.voucher().termsHash())
        .address(SignedVoucher::signer)
        .bytes(v -> v.signature().toBytes())
        .execute(
            tx,
            """
            INSERT INTO metering.voucher (voucher_hash, crawler, license_id, cumulative_max, terms_hash, signer,
              signature, received_at)
            SELECT v.*, now() FROM unnest(?::bytea[], ?::bytea[], ?::bigint[], ?::numeric[], ?::bytea[],
              ?::bytea[], ?::bytea[]) AS v
            ON CONFLICT DO NOTHING
            """,
            List.copyOf(vouchers.values()));
  }

  private static void insertLeaves(DSLContext tx, List<UsageAttestation> leaves) {
    new Columns<UsageAttestation>()
        .bigint(UsageAttestation::logIndex)
        .bigint(UsageAttestation::generation)
        .bigint(UsageAttestation::configVersion)
        .bigint(leaf -> (long) leaf.rail())
        .address(UsageAttestation::crawler)
        .bigint(leaf -> leaf.licenseId().value())
        .hash(UsageAttestation::contentId)
        .hash(UsageAttestation::requestId)
        .bigint(UsageAttestation::units)
        .amount(UsageAttestation::unitPrice)
        .bigint(UsageAttestation::pairSeq)
        .bigint(leaf -> leaf.pairPrevIndex() == WireIds.NONE ? null : leaf.pairPrevIndex())
        .amount(UsageAttestation::pairCumulative)
        .hash(UsageAttestation::paymentRef)
        .bigint(UsageAttestation::issuedAtMs)
        .hash(UsageAttestation::leafHash)
        .execute(
            tx,
            """
            INSERT INTO metering.log_leaf (log_index, generation, config_version, rail, crawler, license_id, content_id,
              request_id, units, unit_price, pair_seq, pair_prev_index, pair_cumulative, payment_ref, issued_at_ms,
              leaf_hash)
            SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[], ?::bigint[],
              ?::bytea[], ?::bytea[], ?::bigint[], ?::numeric[], ?::bigint[], ?::bigint[], ?::numeric[], ?::bytea[],
              ?::bigint[], ?::bytea[])
            """,
            leaves);
  }

  private static void upsertPairs(DSLContext tx, Map<PairKey, PairState> pairs) {
    new Columns<Map.Entry<PairKey, PairState>>()
        .address(p -> p.getKey().crawler())
        .bigint(p -> p.getKey().licenseId().value())
        .amount(p -> p.getValue().charged())
        .bigint(p -> p.getValue().tip().pairSeq())
        .bigint(p -> p.getValue().tip().logIndex())
        .hash(p -> p.getValue().lastVoucher())
        .execute(
            tx,
            """
            INSERT INTO metering.pair (crawler, license_id, cumulative, last_pair_seq, last_log_index, voucher_hash)
            SELECT * FROM unnest(?::bytea[], ?::bigint[], ?::numeric[], ?::bigint[], ?::bigint[], ?::bytea[])
            ON CONFLICT (crawler, license_id) DO UPDATE SET cumulative = excluded.cumulative,
              last_pair_seq = excluded.last_pair_seq, last_log_index = excluded.last_log_index,
              voucher_hash = excluded.voucher_hash
            """,
            List.copyOf(pairs.entrySet()));
  }

  private void clearForSigning(DSLContext tx, UsageAttestation last) {
    tx.execute(
        """
        INSERT INTO metering.signing_watermark (key_address, purpose, generation, position, digest, updated_at)
        VALUES (?, 'attestation', ?, ?, ?, now())
        ON CONFLICT (key_address, purpose, generation)
        DO UPDATE SET position = excluded.position, digest = excluded.digest, updated_at = now()
        """,
        attestationKey.toBytes(),
        last.generation(),
        last.logIndex(),
        last.leafHash().toBytes());
  }
}
