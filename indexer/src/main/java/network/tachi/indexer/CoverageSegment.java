package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.COVERAGE_SEGMENT;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.store.jooq.chain.tables.records.CoverageSegmentRecord;
import org.jspecify.annotations.Nullable;

/** Blocks in a row that were scanned, within one aligned group of {@value #SIZE}. */
final class CoverageSegment {
  /** Blocks in a group; the check of the table has the same number. */
  static final int SIZE = 4_096;

  private final long first;
  private final Map<Kind, BitSet> blocks = new EnumMap<>(Kind.class);
  private int count;

  /** How a block was looked at. */
  enum Kind {
    /** The bloom excludes every followed contract. */
    BLOOM,
    /** The receipts hash to the header's root. */
    RECEIPTS,
    /** Logs were taken on trust. */
    LOGS,
    /** The header could not be hashed. */
    UNVERIFIED,
    /** A version that did not keep it. */
    UNKNOWN;

    /** The kind that a word in {@code chain.block.verification} means. */
    static Kind of(String verification) {
      return switch (verification) {
        case "bloom" -> BLOOM;
        case "receipts" -> RECEIPTS;
        case "logs" -> LOGS;
        case "unverified" -> UNVERIFIED;
        default -> UNKNOWN;
      };
    }
  }

  /** An empty one that begins with a block. */
  CoverageSegment(long first) {
    this.first = first;
    for (Kind kind : Kind.values()) {
      blocks.put(kind, new BitSet());
    }
  }

  /** The one that is stored. */
  static CoverageSegment of(CoverageSegmentRecord row) {
    CoverageSegment segment = new CoverageSegment(row.getFirstBlock());
    segment.count = (int) (row.getLastBlock() - row.getFirstBlock() + 1);
    BitSet bloom = segment.blocks(Kind.BLOOM);
    bloom.set(0, segment.count);
    segment.read(Kind.RECEIPTS, row.getReceipts());
    segment.read(Kind.LOGS, row.getLogs());
    segment.read(Kind.UNVERIFIED, row.getUnverified());
    segment.read(Kind.UNKNOWN, row.getUnknown());
    return segment;
  }

  private void read(Kind kind, @Nullable Bytes bitmap) {
    if (bitmap != null) {
      BitSet bits = BitSet.valueOf(bitmap.toArray());
      blocks(kind).or(bits);
      blocks(Kind.BLOOM).andNot(bits);
    }
  }

  private BitSet blocks(Kind kind) {
    return java.util.Objects.requireNonNull(blocks.get(kind));
  }

  /** The block that may come next. */
  long next() {
    return first + count;
  }

  /** Whether this block may be added. */
  boolean takes(long block) {
    return block == next() && block / SIZE == first / SIZE;
  }

  /** Adds the next block. */
  void add(Kind kind) {
    blocks(kind).set(count);
    count++;
  }

  /** The row to be written. */
  CoverageSegmentRecord row(ChainId chain) {
    return new CoverageSegmentRecord()
        .with(COVERAGE_SEGMENT.CHAIN_ID, chain.value())
        .with(COVERAGE_SEGMENT.FIRST_BLOCK, first)
        .with(COVERAGE_SEGMENT.LAST_BLOCK, next() - 1)
        .with(COVERAGE_SEGMENT.BLOCKS_BLOOM, blocks(Kind.BLOOM).cardinality())
        .with(COVERAGE_SEGMENT.BLOCKS_RECEIPTS, blocks(Kind.RECEIPTS).cardinality())
        .with(COVERAGE_SEGMENT.BLOCKS_LOGS, blocks(Kind.LOGS).cardinality())
        .with(COVERAGE_SEGMENT.BLOCKS_UNVERIFIED, blocks(Kind.UNVERIFIED).cardinality())
        .with(COVERAGE_SEGMENT.BLOCKS_UNKNOWN, blocks(Kind.UNKNOWN).cardinality())
        .with(COVERAGE_SEGMENT.RECEIPTS, bitmap(Kind.RECEIPTS))
        .with(COVERAGE_SEGMENT.LOGS, bitmap(Kind.LOGS))
        .with(COVERAGE_SEGMENT.UNVERIFIED, bitmap(Kind.UNVERIFIED))
        .with(COVERAGE_SEGMENT.UNKNOWN, bitmap(Kind.UNKNOWN));
  }

  /** All bits of the segment, since PostgreSQL refuses to look behind a bitmap's end. */
  private @Nullable Bytes bitmap(Kind kind) {
    BitSet bits = blocks(kind);
    return bits.isEmpty()
        ? null
        : Bytes.wrap(Arrays.copyOf(bits.toByteArray(), (count + Byte.SIZE - 1) / Byte.SIZE));
  }
}
