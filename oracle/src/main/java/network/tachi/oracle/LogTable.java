package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import network.tachi.contracts.wire.PairLeaf;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.evm.Hash;
import network.tachi.evm.Signature;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Reads the usage log, and adds signatures to it. Every method works inside the caller's
 * transaction.
 */
final class LogTable {
  /**
   * An entry as the log holds it.
   *
   * @param signature null until it was signed
   */
  record Entry(UsageAttestation leaf, @Nullable Signature signature) {
    Entry {
      requireNonNull(leaf, "leaf is null");
    }
  }

  private static final String LEAF_COLUMNS =
      """
      l.log_index, l.generation, l.config_version, l.rail, l.crawler, l.license_id, l.content_id, l.request_id,
      l.units, l.unit_price, l.pair_seq, l.pair_prev_index, l.pair_cumulative, l.payment_ref, l.issued_at_ms,
      l.signature
      """;

  /** The number of entries. */
  long size(DSLContext tx) {
    return one(tx.fetchOne("SELECT coalesce(max(log_index) + 1, 0) FROM metering.log_leaf"));
  }

  /** The generation that new entries get; empty before the first start. */
  Optional<Long> generation(DSLContext tx) {
    return Optional.ofNullable(
        requireNonNull(tx.fetchOne("SELECT max(generation) FROM metering.log_generation"))
            .get(0, Long.class));
  }

  /**
   * Where the log ends.
   *
   * @param configVersion of the signer configuration in force
   */
  LogHead head(DSLContext tx, long configVersion) {
    long generation = generation(tx).orElseThrow(() -> new IllegalStateException("no generation"));
    return new LogHead(generation, configVersion, size(tx));
  }

  /** Starts a generation. */
  void startGeneration(DSLContext tx, long generation, long firstIndex, long lastGoodEpoch) {
    tx.execute(
        "INSERT INTO metering.log_generation VALUES (?, ?, ?, now())",
        generation,
        firstIndex,
        lastGoodEpoch);
  }

  /** The entries with these keys, as far as the log has them. */
  Map<EntryKey, Entry> find(DSLContext tx, Collection<EntryKey> keys) {
    Map<EntryKey, Entry> found = new HashMap<>();
    if (keys.isEmpty()) {
      return found;
    }
    tx.fetch(
            "SELECT "
                + LEAF_COLUMNS
                + """
                FROM unnest(?::bigint[], ?::bytea[], ?::bytea[]) AS k (license_id, crawler, request_id)
                JOIN metering.log_leaf l USING (license_id, crawler, request_id)
                """,
            keys.stream().map(key -> key.licenseId().value()).toArray(Long[]::new),
            keys.stream().map(key -> key.crawler().toBytes()).toArray(byte[][]::new),
            keys.stream().map(key -> key.requestId().toBytes()).toArray(byte[][]::new))
        .forEach(row -> {
          Entry entry = entry(row);
          UsageAttestation leaf = entry.leaf();
          found.put(new EntryKey(leaf.licenseId(), leaf.crawler(), leaf.requestId()), entry);
        });
    return found;
  }

  /** The entries from one index up to, not with, another, in their order. */
  List<UsageAttestation> entries(DSLContext tx, long from, long to) {
    return tx.fetch(
            "SELECT "
                + LEAF_COLUMNS
                + "FROM metering.log_leaf l WHERE log_index >= ? AND log_index < ? ORDER BY"
                + " log_index",
            from,
            to)
        .map(Rows::leaf);
  }

  /** The entries from an index on, in their order. */
  List<Admitted> tail(DSLContext tx, long from) {
    return tx.fetch(
            "SELECT "
                + LEAF_COLUMNS
                + ", l.admitted_at FROM metering.log_leaf l WHERE log_index >= ? ORDER BY"
                + " log_index",
            from)
        .map(row -> new Admitted(Rows.leaf(row), Rows.number(row, "admitted_at")));
  }

  /**
   * The admission of the newest CREDIT entry to be admitted from one index up to, not with,
   * another; 0 if there is none.
   */
  long lastAdmission(DSLContext tx, long from, long to) {
    return one(
        tx.fetchOne(
            """
            SELECT coalesce(max(admitted_at), 0) FROM metering.log_leaf
            WHERE log_index >= ? AND log_index < ? AND rail = 2
            """,
            from,
            to));
  }

  /** The admission of the first entry that no epoch covers; empty if there is none. */
  Optional<Long> firstUncovered(DSLContext tx) {
    return tx.fetchOptional(
            """
            SELECT admitted_at FROM metering.log_leaf WHERE log_index = (
              SELECT coalesce((
                SELECT log_size FROM metering.epoch WHERE state <> 'voided' ORDER BY epoch DESC LIMIT 1), 0))
            """)
        .map(row -> Rows.number(row, "admitted_at"));
  }

  /** The stored leaf hashes from one index up to, not with, another, in their order. */
  List<Hash> leafHashes(DSLContext tx, long from, long to) {
    List<Hash> hashes = new ArrayList<>();
    tx.fetch(
            """
            SELECT log_index, leaf_hash FROM metering.log_leaf
            WHERE log_index >= ? AND log_index < ? ORDER BY log_index
            """,
            from,
            to)
        .forEach(row -> {
          if (Rows.number(row, "log_index") != from + hashes.size()) {
            throw new LogFaultException("the log has no entry " + (from + hashes.size()));
          }
          hashes.add(Rows.hash(row, "leaf_hash"));
        });
    return hashes;
  }

  /** Where a line stands, from one index up to, not with, another. */
  OptionalLong indexOf(DSLContext tx, Hash leafHash, long from, long to) {
    return tx
        .fetch(
            """
            SELECT log_index FROM metering.log_leaf
            WHERE log_index >= ? AND log_index < ? AND leaf_hash = ?
            """,
            from,
            to,
            leafHash.toBytes())
        .stream()
        .mapToLong(row -> Rows.number(row, "log_index"))
        .findFirst();
  }

  /** The first entries without a signature, in their order. */
  List<UsageAttestation> unsigned(DSLContext tx, int limit) {
    return tx.fetch(
            "SELECT "
                + LEAF_COLUMNS
                + "FROM metering.log_leaf l WHERE signature IS NULL ORDER BY log_index LIMIT ?",
            limit)
        .map(Rows::leaf);
  }

  /** The first entries of a signer configuration without a signature, in their order. */
  List<UsageAttestation> unsigned(DSLContext tx, long configVersion, int limit) {
    return tx.fetch(
            "SELECT "
                + LEAF_COLUMNS
                + "FROM metering.log_leaf l WHERE signature IS NULL AND config_version = ? ORDER BY"
                + " log_index LIMIT ?",
            configVersion,
            limit)
        .map(Rows::leaf);
  }

  /** Whether an entry of a signer configuration, from an index on, has no signature yet. */
  boolean isUnsigned(DSLContext tx, long configVersion, long from) {
    return requireNonNull(
            tx.fetchOne(
                """
                SELECT EXISTS (
                  SELECT FROM metering.log_leaf
                  WHERE log_index >= ? AND config_version = ? AND signature IS NULL)
                """,
                from,
                configVersion))
        .get(0, Boolean.class);
  }

  /** The first entry without a signature that another signer configuration's key was to sign. */
  Optional<Long> firstRetired(DSLContext tx, long configVersion) {
    return Optional.ofNullable(
        requireNonNull(
                tx.fetchOne(
                    """
                    SELECT min(log_index) FROM metering.log_leaf
                    WHERE signature IS NULL AND config_version <> ?
                    """,
                    configVersion))
            .get(0, Long.class));
  }

  /** Removes the entries from an index on, and moves the pairs back to their last entry below. */
  void cut(DSLContext tx, long size) {
    long end = size(tx);
    tx.execute("DELETE FROM metering.log_leaf WHERE log_index >= ?", size);
    tx.execute("DELETE FROM metering.pair WHERE last_log_index >= ?", size);
    tx.execute(
        """
        INSERT INTO metering.pair (crawler, license_id, cumulative, last_pair_seq, last_log_index, voucher_hash)
        SELECT DISTINCT ON (crawler, license_id)
               crawler, license_id, pair_cumulative, pair_seq, log_index, payment_ref
        FROM metering.log_leaf WHERE rail = 2
        ORDER BY crawler, license_id, pair_seq DESC
        ON CONFLICT DO NOTHING
        """);
    if (size < end) {
      MeteringFeed.append(tx, MeteringFeed.Kind.ENTRIES_CUT, size, end - 1);
    }
  }

  /** Stores signatures by log index. */
  void storeSignatures(DSLContext tx, Map<Long, Signature> signatures) {
    new Columns<Map.Entry<Long, Signature>>()
        .bigint(Map.Entry::getKey)
        .bytes(signed -> signed.getValue().toBytes())
        .execute(
            tx,
            """
            UPDATE metering.log_leaf l SET signature = s.signature
            FROM unnest(?::bigint[], ?::bytea[]) AS s (log_index, signature)
            WHERE l.log_index = s.log_index
            """,
            List.copyOf(signatures.entrySet()));
  }

  /**
   * Makes sure that the log still holds an entry that was cleared for signing, or has cut it off
   * since.
   *
   * @throws LogRolledBackException if it does not
   */
  boolean requireHolds(DSLContext tx, Watermark mark) {
    Record row =
        tx.fetchOne(
            """
            SELECT EXISTS (
              SELECT FROM metering.log_leaf
              WHERE generation = ? AND log_index = ? AND leaf_hash = ?
              UNION ALL
              SELECT FROM metering.log_leaf_cut
              WHERE generation = ? AND log_index = ? AND leaf_hash = ?) AS held
            """,
            mark.generation(),
            mark.index(),
            mark.leafHash().toBytes(),
            mark.generation(),
            mark.index(),
            mark.leafHash().toBytes());
    if (!requireNonNull(row).get("held", Boolean.class)) {
      throw new LogRolledBackException(
          "entry "
              + mark.index()
              + " of generation "
              + mark.generation()
              + " was signed, but the database does not hold it: it is an older copy");
    }
    return true;
  }

  /** The last entry of every pair, as the settlement trees want it. */
  List<PairLeaf> pairLeaves(DSLContext tx) {
    return tx.fetch(
            """
            SELECT crawler, license_id, cumulative, last_pair_seq, last_log_index, voucher_hash
            FROM metering.pair
            """)
        .map(Rows::pairLeaf);
  }

  private static Entry entry(Record row) {
    return new Entry(Rows.leaf(row), Rows.signature(row));
  }

  private static long one(@Nullable Record row) {
    return requireNonNull(row).get(0, Long.class);
  }
}
