package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.contracts.wire.PairLeaf;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signature;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Closed epochs, their settlement and their signatures. Every method works inside the caller's
 * transaction.
 */
final class EpochTable {
  private static final String EPOCHS =
      """
      SELECT epoch, generation, prev_header_hash, config_digest, body_hash, log_size, log_root, license_count,
             credit_root, crawler_count, debit_root, total_credit, total_debit, rules_hash, data_commitment, closed_at
      FROM metering.epoch WHERE state <> 'voided'
      """;

  /** The newest epoch that was not voided. */
  Optional<ClosedEpoch> newest(DSLContext tx) {
    return epoch(tx, tx.fetchOne(EPOCHS + " ORDER BY epoch DESC LIMIT 1"));
  }

  /** The epoch with a number, unless it was voided. */
  Optional<ClosedEpoch> find(DSLContext tx, long number) {
    return epoch(tx, tx.fetchOne(EPOCHS + " AND epoch = ?", number));
  }

  /** The epoch with a header, unless it was voided. */
  Optional<ClosedEpoch> byHash(DSLContext tx, Hash headerHash) {
    return epoch(tx, tx.fetchOne(EPOCHS + " AND header_hash = ?", headerHash.toBytes()));
  }

  /** The pairs that an epoch was settled with. */
  List<PairLeaf> pairs(DSLContext tx, EpochHeader header) {
    return tx.fetch(
            """
            SELECT crawler, license_id, cumulative, last_pair_seq, last_log_index, voucher_hash
            FROM metering.pair_snapshot WHERE epoch = ? AND generation = ?
            """,
            header.epoch(),
            header.generation())
        .map(Rows::pairLeaf);
  }

  /** The epochs after a number that were not voided, ascending. */
  List<ClosedEpoch> after(DSLContext tx, long number) {
    return tx.fetch(EPOCHS + " AND epoch > ? ORDER BY epoch", number).stream()
        .map(row -> epoch(tx, row).orElseThrow())
        .toList();
  }

  private static Optional<ClosedEpoch> epoch(DSLContext tx, @Nullable Record row) {
    if (row == null) {
      return Optional.empty();
    }
    EpochHeader header =
        new EpochHeader(
            Rows.number(row, "epoch"),
            Rows.number(row, "generation"),
            Rows.hash(row, "prev_header_hash"),
            Rows.hash(row, "config_digest"),
            Rows.hash(row, "body_hash"));
    EpochBody body =
        new EpochBody(
            Rows.number(row, "log_size"),
            Rows.hash(row, "log_root"),
            Rows.number(row, "license_count"),
            Rows.hash(row, "credit_root"),
            Rows.number(row, "crawler_count"),
            Rows.hash(row, "debit_root"),
            Rows.amount(row, "total_credit"),
            Rows.amount(row, "total_debit"),
            Rows.hash(row, "rules_hash"),
            Rows.hash(row, "data_commitment"),
            Rows.number(row, "closed_at"));
    return Optional.of(new ClosedEpoch(new Committed(header, body), rules(tx, header)));
  }

  private static SortedMap<LicenseId, Hash> rules(DSLContext tx, EpochHeader header) {
    SortedMap<LicenseId, Hash> rules = new TreeMap<>();
    tx.fetch(
            "SELECT license_id, policy_hash FROM metering.epoch_rule WHERE epoch = ? AND generation"
                + " = ?",
            header.epoch(),
            header.generation())
        .forEach(row -> rules.put(Rows.license(row), Rows.hash(row, "policy_hash")));
    return rules;
  }

  /** Stores a newly closed epoch with the pairs that its settlement is made of. */
  void insert(DSLContext tx, ClosedEpoch epoch, long configVersion, List<PairLeaf> pairs) {
    EpochHeader header = epoch.header();
    EpochBody body = epoch.body();
    tx.execute(
        """
        INSERT INTO metering.epoch (epoch, generation, config_version, prev_header_hash, config_digest, body_hash,
          header_hash, log_size, log_root, license_count, credit_root, crawler_count, debit_root, total_credit,
          total_debit, rules_hash, data_commitment, closed_at, state, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'closed', now())
        """,
        header.epoch(),
        header.generation(),
        configVersion,
        header.prevHeaderHash().toBytes(),
        header.configDigest().toBytes(),
        header.bodyHash().toBytes(),
        epoch.headerHash().toBytes(),
        body.logSize(),
        body.logRoot().toBytes(),
        body.licenseCount(),
        body.creditRoot().toBytes(),
        body.crawlerCount(),
        body.debitRoot().toBytes(),
        body.totalCredit().toBigInteger(),
        body.totalDebit().toBigInteger(),
        body.rulesHash().toBytes(),
        body.dataCommitment().toBytes(),
        body.closedAt());
    new Columns<PairLeaf>()
        .bigint(_ -> header.epoch())
        .bigint(_ -> header.generation())
        .bigint(pair -> pair.licenseId().value())
        .address(PairLeaf::crawler)
        .amount(PairLeaf::cumulative)
        .bigint(PairLeaf::lastPairSeq)
        .bigint(PairLeaf::lastLogIndex)
        .hash(PairLeaf::voucherHash)
        .execute(
            tx,
            """
            INSERT INTO metering.pair_snapshot (epoch, generation, license_id, crawler, cumulative, last_pair_seq,
              last_log_index, voucher_hash)
            SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[], ?::numeric[], ?::bigint[],
              ?::bigint[], ?::bytea[])
            """,
            pairs);
    new Columns<Map.Entry<LicenseId, Hash>>()
        .bigint(_ -> header.epoch())
        .bigint(_ -> header.generation())
        .bigint(rule -> rule.getKey().value())
        .hash(Map.Entry::getValue)
        .execute(
            tx,
            """
            INSERT INTO metering.epoch_rule (epoch, generation, license_id, policy_hash)
            SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[])
            """,
            List.copyOf(epoch.rules().entrySet()));
    MeteringFeed.append(tx, MeteringFeed.Kind.EPOCHS, header.epoch(), header.epoch());
  }

  /** Notes that a quorum has signed an epoch. */
  int signed(DSLContext tx, EpochHeader header) {
    int changed =
        tx.execute(
            """
            UPDATE metering.epoch SET state = 'signed' WHERE epoch = ? AND generation = ? AND state = 'closed'
            """,
            header.epoch(),
            header.generation());
    if (changed > 0) {
      MeteringFeed.append(tx, MeteringFeed.Kind.EPOCHS, header.epoch(), header.epoch());
    }
    return changed;
  }

  /** Notes what the settlement chain holds; a reorg may take it back. */
  int onChain(DSLContext tx, long lastPosted, long lastFinalised) {
    List<Long> changed =
        tx.fetch(
                """
                UPDATE metering.epoch e SET state = n.state
                FROM (SELECT epoch, generation, CASE
                        WHEN epoch <= ? THEN 'finalised'
                        WHEN epoch <= ? THEN 'posted'
                        WHEN state IN ('posted', 'finalised') THEN 'signed'
                        ELSE state END AS state
                      FROM metering.epoch WHERE state NOT IN ('voided', 'finalised') OR epoch > ?) n
                WHERE e.epoch = n.epoch AND e.generation = n.generation AND e.state NOT IN ('voided', n.state)
                RETURNING e.epoch
                """,
                lastFinalised,
                lastPosted,
                lastFinalised)
            .getValues("epoch", Long.class);
    if (!changed.isEmpty()) {
      MeteringFeed.append(
          tx, MeteringFeed.Kind.EPOCHS, Collections.min(changed), Collections.max(changed));
    }
    return changed.size();
  }

  /** Voids every epoch after a number. */
  void voidAfter(DSLContext tx, long number) {
    announceCut(tx, number);
    tx.execute("UPDATE metering.epoch SET state = 'voided' WHERE epoch > ?", number);
  }

  private void announceCut(DSLContext tx, long number) {
    newest(tx)
        .map(ClosedEpoch::number)
        .filter(newest -> newest > number)
        .ifPresent(
            newest -> MeteringFeed.append(tx, MeteringFeed.Kind.EPOCHS_CUT, number + 1, newest));
  }

  /**
   * Takes back every live epoch after a number, so that they can be closed again under the same
   * numbers. No chain may hold any of them, now or later.
   *
   * @return how many
   */
  int replaceAfter(DSLContext tx, long number) {
    announceCut(tx, number);
    tx.execute(
        """
        INSERT INTO metering.epoch_replaced SELECT * FROM metering.epoch WHERE epoch > ? AND state <> 'voided'
        ON CONFLICT DO NOTHING
        """,
        number);
    for (String part : List.of("epoch_signature", "pair_snapshot", "epoch_rule")) {
      tx.execute(
          "DELETE FROM metering."
              + part
              + " p USING metering.epoch e WHERE e.epoch = p.epoch AND e.generation ="
              + " p.generation AND e.epoch > ? AND e.state <> 'voided'",
          number);
    }
    return tx.execute("DELETE FROM metering.epoch WHERE epoch > ? AND state <> 'voided'", number);
  }

  /**
   * Binds a signer to a header before it signs. A promise to a replaced epoch of another signer
   * configuration binds no more: no ledger that takes this header takes that one.
   *
   * @return the header hash the signer is bound to for this epoch and generation: this one, or that
   *     of an earlier promise
   * @throws LogFaultException if the signer has gone on to a later epoch
   */
  Hash promise(DSLContext tx, EpochHeader header, Address signer) {
    tx.execute(
        """
        INSERT INTO metering.signing_watermark AS w (key_address, purpose, generation, position, digest, updated_at)
        VALUES (?, 'header', ?, ?, ?, now())
        ON CONFLICT (key_address, purpose, generation)
        DO UPDATE SET position = excluded.position, digest = excluded.digest, updated_at = now()
        WHERE w.position < excluded.position OR EXISTS (
          SELECT FROM metering.epoch_replaced r
          WHERE r.header_hash = w.digest AND r.epoch = w.position AND r.generation = w.generation
            AND r.epoch >= excluded.position AND r.config_digest <> ?)
        """,
        signer.toBytes(),
        header.generation(),
        header.epoch(),
        header.structHash().toBytes(),
        header.configDigest().toBytes());
    Record row =
        requireNonNull(
            tx.fetchOne(
                """
                SELECT position, digest FROM metering.signing_watermark
                WHERE key_address = ? AND purpose = 'header' AND generation = ?
                """,
                signer.toBytes(),
                header.generation()));
    if (Rows.number(row, "position") != header.epoch()) {
      throw new LogFaultException(
          signer + " has signed epoch " + Rows.number(row, "position") + " already");
    }
    return Rows.hash(row, "digest");
  }

  /** Stores a signature under a header; again does nothing. */
  int storeSignature(DSLContext tx, EpochHeader header, SignerSlot signer, Signature signature) {
    return tx.execute(
        """
        INSERT INTO metering.epoch_signature (epoch, generation, signer, signer_index, signature, signed_at)
        VALUES (?, ?, ?, ?, ?, now())
        ON CONFLICT DO NOTHING
        """,
        header.epoch(),
        header.generation(),
        signer.address().toBytes(),
        signer.index(),
        signature.toBytes());
  }

  /** The signatures under a header. */
  Map<Address, Signature> signatures(DSLContext tx, EpochHeader header) {
    Map<Address, Signature> signatures = new HashMap<>();
    tx.fetch(
            "SELECT signer, signature FROM metering.epoch_signature WHERE epoch = ? AND generation"
                + " = ?",
            header.epoch(),
            header.generation())
        .forEach(row ->
            signatures.put(Rows.address(row, "signer"), requireNonNull(Rows.signature(row))));
    return signatures;
  }

  /** A signer of a configuration. */
  record SignerSlot(Address address, int index) {}
}
