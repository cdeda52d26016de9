package network.tachi.queryapi;

import static network.tachi.store.jooq.metering.Tables.LOG_ENTRY;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.tachi.contracts.wire.LogNodes;
import network.tachi.contracts.wire.LogTree;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Hash;
import network.tachi.evm.Signature;
import network.tachi.proto.v1.Attestation;
import network.tachi.proto.v1.Rail;
import network.tachi.proto.v1.SignedAttestation;
import network.tachi.server.ApiException;
import network.tachi.store.jooq.metering.tables.records.LogEntryRecord;
import org.jooq.DSLContext;

/*
 * Complete subtrees of 2^10 leaves and more are kept in memory. A subtree is known by its place and
 * its last leaf: where a new generation cuts the log, every leaf from the cut on is made anew, with
 * the generation inside its hash, so a subtree with the same last leaf has the same leaves.
 */
/** The signed entries of the usage log and the nodes of its tree, from stored leaf hashes. */
final class UsageLog {
  private static final int CACHED_LEVEL = 10;
  private static final int MAX_CACHED = 1 << 16;

  private record Subtree(int level, long index, Hash last) {}

  private final Map<Subtree, Hash> subtrees =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Subtree, Hash> eldest) {
          return size() > MAX_CACHED;
        }
      };

  /** The number of entries that are signed. */
  long size(DSLContext tx) {
    Long last =
        tx.select(LOG_ENTRY.LOG_INDEX)
            .from(LOG_ENTRY)
            .where(LOG_ENTRY.SIGNATURE.isNotNull())
            .orderBy(LOG_ENTRY.LOG_INDEX.desc())
            .limit(1)
            .fetchOne(LOG_ENTRY.LOG_INDEX);
    return last == null ? 0 : last + 1;
  }

  /** A signed entry. */
  Optional<SignedAttestation> entry(DSLContext tx, long index) {
    return tx.selectFrom(LOG_ENTRY)
        .where(LOG_ENTRY.LOG_INDEX.eq(index))
        .and(LOG_ENTRY.SIGNATURE.isNotNull())
        .fetchOptional(UsageLog::message);
  }

  /**
   * The hash of a leaf.
   *
   * @throws ApiException if the log does not hold it
   */
  Hash leafHash(DSLContext tx, long index) {
    return leaves(tx, index, 1).getFirst();
  }

  /** The tree's nodes, as this snapshot has them. */
  LogNodes nodes(DSLContext tx) {
    return (level, index) -> node(tx, level, index);
  }

  private Hash node(DSLContext tx, int level, long index) {
    if (level < CACHED_LEVEL) {
      return fold(leaves(tx, index << level, 1 << level));
    }
    Subtree subtree = new Subtree(level, index, leafHash(tx, ((index + 1) << level) - 1));
    Optional<Hash> known = known(subtree);
    if (known.isPresent()) {
      return known.get();
    }
    Hash hash =
        level == CACHED_LEVEL
            ? fold(leaves(tx, index << level, 1 << level))
            : LogTree.node(node(tx, level - 1, 2 * index), node(tx, level - 1, 2 * index + 1));
    synchronized (subtrees) {
      subtrees.put(subtree, hash);
    }
    return hash;
  }

  private Optional<Hash> known(Subtree subtree) {
    synchronized (subtrees) {
      return Optional.ofNullable(subtrees.get(subtree));
    }
  }

  private static List<Hash> leaves(DSLContext tx, long first, int count) {
    List<Hash> leaves =
        tx.select(LOG_ENTRY.LEAF_HASH)
            .from(LOG_ENTRY)
            .where(LOG_ENTRY.LOG_INDEX.ge(first))
            .and(LOG_ENTRY.LOG_INDEX.lt(first + count))
            .orderBy(LOG_ENTRY.LOG_INDEX)
            .fetch(LOG_ENTRY.LEAF_HASH);
    if (leaves.size() != count) {
      throw ApiException.of(
          QueryErrors.ROOT_MISMATCH,
          "the log has no entries " + first + " to " + (first + count - 1));
    }
    return leaves;
  }

  /** The root of 2^n leaves. */
  private static Hash fold(List<Hash> leaves) {
    Hash[] level = leaves.toArray(Hash[]::new);
    for (int width = level.length; width > 1; width /= 2) {
      for (int i = 0; i < width / 2; i++) {
        level[i] = LogTree.node(level[2 * i], level[2 * i + 1]);
      }
    }
    return level[0];
  }

  private static SignedAttestation message(LogEntryRecord row) {
    Long previous = row.get(LOG_ENTRY.PAIR_PREV_INDEX);
    Attestation attestation =
        Attestation.newBuilder()
            .setGeneration(row.getGeneration().toString())
            .setLogIndex(row.getLogIndex().toString())
            .setConfigVersion(row.getConfigVersion().toString())
            .setRail(row.getRail() == Rail.CREDIT_VALUE ? Rail.CREDIT : Rail.DIRECT)
            .setCrawler(row.getCrawler().toString())
            .setLicenseId(row.getLicenseId().toString())
            .setContentId(row.getContentId().toString())
            .setRequestId(row.getRequestId().toString())
            .setUnits(row.getUnits().toString())
            .setUnitPrice(row.getUnitPrice().toString())
            .setPairSeq(row.getPairSeq().toString())
            .setPairPrevIndex(Long.toUnsignedString(previous == null ? WireIds.NONE : previous))
            .setPairCumulative(row.getPairCumulative().toString())
            .setPaymentRef(row.getPaymentRef().toString())
            .setIssuedAtMs(row.getIssuedAtMs().toString())
            .build();
    return SignedAttestation.newBuilder()
        .setAttestation(attestation)
        .setSignature(Signature.fromBytes(row.getSignature().toArray()).toString())
        .setLeafHash(row.getLeafHash().toString())
        .build();
  }
}
