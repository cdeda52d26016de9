package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import org.jooq.DSLContext;

/**
 * Makes drafts of the log's next entries, and writes them. Every method works inside the caller's
 * transaction.
 */
final class LogWriter {
  private final LogTable log;
  private final VoucherSigners signers;
  private final CreditReader credits;
  private final Address attestationKey;
  private final InstantSource clock;
  private final IndexAge index;

  /**
   * Writes for one attestation key.
   *
   * @param settlementChain whose deposits count
   */
  LogWriter(
      LogTable log,
      ChainId settlementChain,
      VoucherSigners signers,
      Address attestationKey,
      InstantSource clock) {
    this.log = requireNonNull(log, "log is null");
    this.signers = requireNonNull(signers, "signers is null");
    this.credits = new CreditReader(settlementChain);
    this.attestationKey = requireNonNull(attestationKey, "attestationKey is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.index = new IndexAge(settlementChain, clock);
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
    IndexHead newest = index.read(tx);
    long waiting = log.firstUncovered(tx).map(admitted -> newest.timestamp() - admitted).orElse(0L);
    return new Draft(
        log.head(tx, configVersion),
        clock,
        new Standing(
            signers.pairs(tx, pairs),
            credits.left(tx, crawlers),
            used(tx, payments),
            Set.of(),
            newest,
            Duration.ofSeconds(waiting)));
  }

  /** A draft that only sequences again what was sequenced before. */
  Draft draft(DSLContext tx, LogHead head, Collection<Admitted> again) {
    Set<PairKey> keys = new HashSet<>();
    Set<Hash> vouchers = new HashSet<>();
    for (Admitted entry : again) {
      UsageAttestation leaf = entry.leaf();
      if (leaf.isCredit()) {
        keys.add(new PairKey(leaf.licenseId(), leaf.crawler()));
        vouchers.add(leaf.paymentRef());
      }
    }
    return new Draft(
        head,
        clock,
        new Standing(
            signers.pairs(tx, keys),
            Map.of(),
            Set.of(),
            signers.ended(tx, vouchers),
            index.read(tx),
            Duration.ZERO));
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
   * @param accepted the requests behind the draft's entries, in their order; none if they were
   *     sequenced before
   */
  void append(DSLContext tx, Draft draft, List<PaidRequest> accepted) {
    if (draft.entries().isEmpty()) {
      return;
    }
    insertRequests(tx, accepted);
    insertVouchers(tx, accepted);
    insertLeaves(tx, draft.entries());
    upsertPairs(tx, draft.changedPairs());
    clearForSigning(tx, draft.entries().getLast().leaf());
    MeteringFeed.append(
        tx,
        MeteringFeed.Kind.ENTRIES,
        draft.entries().getFirst().leaf().logIndex(),
        draft.entries().getLast().leaf().logIndex());
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

  private static void insertLeaves(DSLContext tx, List<Admitted> entries) {
    new Columns<Admitted>()
        .bigint(e -> e.leaf().logIndex())
        .bigint(e -> e.leaf().generation())
        .bigint(e -> e.leaf().configVersion())
        .bigint(e -> (long) e.leaf().rail())
        .address(e -> e.leaf().crawler())
        .bigint(e -> e.leaf().licenseId().value())
        .hash(e -> e.leaf().contentId())
        .hash(e -> e.leaf().requestId())
        .bigint(e -> e.leaf().units())
        .amount(e -> e.leaf().unitPrice())
        .bigint(e -> e.leaf().pairSeq())
        .bigint(e -> e.leaf().pairPrevIndex() == WireIds.NONE ? null : e.leaf().pairPrevIndex())
        .amount(e -> e.leaf().pairCumulative())
        .hash(e -> e.leaf().paymentRef())
        .bigint(e -> e.leaf().issuedAtMs())
        .hash(e -> e.leaf().leafHash())
        .bigint(Admitted::at)
        .execute(
            tx,
            """
            INSERT INTO metering.log_leaf (log_index, generation, config_version, rail, crawler, license_id, content_id,
              request_id, units, unit_price, pair_seq, pair_prev_index, pair_cumulative, payment_ref, issued_at_ms,
              leaf_hash, admitted_at)
            SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[], ?::bigint[],
              ?::bytea[], ?::bytea[], ?::bigint[], ?::numeric[], ?::bigint[], ?::bigint[], ?::numeric[], ?::bytea[],
              ?::bigint[], ?::bytea[], ?::bigint[])
            """,
            entries);
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
