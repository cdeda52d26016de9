package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.EVENT_TEMPLATE;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jooq.TableRecord;
import org.jooq.UpdatableRecord;
import org.jspecify.annotations.Nullable;

/** The versions of one thing over some blocks in a row. Pure: it reads and writes no store. */
final class StateTimeline<S extends UpdatableRecord<S>> {
  private final StateKind<S> kind;
  private final long chain;
  private final List<Object> key;
  private final @Nullable S stored;
  private final BlockTimes times;
  private final List<S> versions = new ArrayList<>();
  private final List<Long> byTime = new ArrayList<>();

  /**
   * Begins with the version that is stored.
   *
   * @param stored the current one before the blocks; null if there is none
   * @param times of the blocks
   */
  StateTimeline(
      StateKind<S> kind, long chain, List<Object> key, @Nullable S stored, BlockTimes times) {
    this.kind = kind;
    this.chain = chain;
    this.key = key;
    this.stored = stored;
    this.times = times;
  }

  /** Applies the next event. */
  void apply(TableRecord<?> event) {
    long block =
        Objects.requireNonNull(event.get(EVENT_TEMPLATE.BLOCK_NUMBER.getName(), Long.class));
    applyDue(block);
    kind.apply(versionOf(block), event);
  }

  /** Applies what happens by itself up to the last block. */
  void finish() {
    applyDue(Long.MAX_VALUE);
  }

  private void applyDue(long upTo) {
    S now = latest();
    Long due = now == null ? null : kind.due(now);
    if (due == null) {
      return;
    }
    OptionalLong block = times.firstAt(due);
    if (block.isPresent() && block.getAsLong() <= upTo) {
      kind.applyDue(versionOf(block.getAsLong()));
      byTime.add(block.getAsLong());
    }
  }

  private @Nullable S latest() {
    return versions.isEmpty() ? stored : versions.getLast();
  }

  /** The version that begins at a block, as a copy of the one before if there is none yet. */
  private S versionOf(long block) {
    S before = latest();
    if (!versions.isEmpty() && versions.getLast().get(kind.fromBlock()) == block) {
      return versions.getLast();
    }
    S version = before == null ? kind.unknown(chain, key) : before.into(kind.table());
    version.set(kind.fromBlock(), block);
    if (!versions.isEmpty()) {
      versions.getLast().set(kind.toBlock(), block);
    }
    versions.add(version);
    return version;
  }

  /** The height at which the stored version ends, if it does. */
  OptionalLong closed() {
    return stored == null || versions.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(versions.getFirst().get(kind.fromBlock()));
  }

  /** The versions that are new. */
  List<S> versions() {
    return versions;
  }

  /** The heights at which something happened by itself. */
  List<Long> byTime() {
    return byTime;
  }
}
