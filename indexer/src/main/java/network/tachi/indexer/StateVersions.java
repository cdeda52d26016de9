package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import network.tachi.contracts.event.AnchorEvent;
import network.tachi.contracts.event.DisputeEvent;
import network.tachi.contracts.event.EscrowEvent;
import network.tachi.contracts.event.LedgerEvent;
import network.tachi.contracts.event.LegacyEvent;
import network.tachi.contracts.event.LicenseEvent;
import network.tachi.contracts.event.PaymentEvent;
import network.tachi.contracts.event.TachiEvent;
import network.tachi.evm.ChainId;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.TableRecord;
import org.jooq.UpdatableRecord;
import org.jooq.impl.DSL;

/**
 * The versions of licences, domains, disputes and epochs of a chain. They follow from the event
 * rows alone, and from the times of the blocks where a payout takes effect.
 */
final class StateVersions {
  private static final int KEYS_AT_ONCE = 500;

  private static final Map<String, StateKind<?>> BY_EVENT = byEvent();

  private final ChainId chain;

  StateVersions(ChainId chain) {
    this.chain = chain;
  }

  private static Map<String, StateKind<?>> byEvent() {
    Map<String, StateKind<?>> kinds = new HashMap<>();
    StateKinds.ALL.forEach(kind -> kind.events().forEach(events -> kinds.put(events, kind)));
    return Map.copyOf(kinds);
  }

  /** Takes back what began above a block, and opens again what ended above it. */
  void unwind(DSLContext tx, long above) {
    List<Query> queries = new ArrayList<>();
    for (StateKind<?> kind : StateKinds.ALL) {
      queries.add(tx.deleteFrom(kind.table()).where(ofChain(kind)).and(kind.fromBlock().gt(above)));
      queries.add(
          tx.update(kind.table())
              .setNull(kind.toBlock())
              .where(ofChain(kind))
              .and(kind.toBlock().gt(above)));
    }
    tx.batch(queries).execute();
  }

  /** Forgets all versions, so that they can be made anew. */
  void clear(DSLContext tx) {
    StateKinds.ALL.forEach(kind -> tx.deleteFrom(kind.table()).where(ofChain(kind)).execute());
  }

  private Condition ofChain(StateKind<?> kind) {
    return kind.chainId().eq(chain.value());
  }

  /**
   * Adds what blocks on top change; see {@link #write(DSLContext, List, List)}.
   *
   * @return the heights at which something changed by itself
   */
  Set<Long> write(DSLContext tx, List<VerifiedBlock> blocks) {
    List<TableRecord<?>> rows = new ArrayList<>();
    for (VerifiedBlock block : blocks) {
      for (IndexedEvent event : block.events()) {
        if (mayChange(event.event())) {
          rows.add(EventRows.of(event));
        }
      }
    }
    return write(tx, blocks.stream().map(VerifiedBlock::point).toList(), rows);
  }

  /** Spares most events, which change nothing that has versions, the making of a record. */
  private static boolean mayChange(TachiEvent event) {
    return switch (event) {
      case LicenseEvent _, DisputeEvent _, LedgerEvent _ -> true;
      case PaymentEvent _, EscrowEvent _, AnchorEvent _, LegacyEvent _ -> false;
    };
  }

  /**
   * Adds what blocks on top change.
   *
   * @param points the blocks, ascending
   * @param rows the rows of their events in the order of the chain
   * @return the heights at which something changed by itself; their blocks must be kept, for what
   *     they say of time
   */
  Set<Long> write(DSLContext tx, List<BlockPoint> points, List<TableRecord<?>> rows) {
    Set<Long> byTime = new TreeSet<>();
    if (points.isEmpty()) {
      return byTime;
    }
    Map<StateKind<?>, List<TableRecord<?>>> touched = new LinkedHashMap<>();
    for (TableRecord<?> row : rows) {
      StateKind<?> kind = BY_EVENT.get(row.getTable().getName());
      if (kind != null) {
        touched.computeIfAbsent(kind, _ -> new ArrayList<>()).add(row);
      }
    }
    BlockTimes times = new BlockTimes(points);
    for (StateKind<?> kind : StateKinds.ALL) {
      List<TableRecord<?>> events = touched.getOrDefault(kind, List.of());
      if (!events.isEmpty() || kind.changesByItself()) {
        byTime.addAll(write(tx, kind, times, events));
      }
    }
    return byTime;
  }

  private <S extends UpdatableRecord<S>> Set<Long> write(
      DSLContext tx, StateKind<S> kind, BlockTimes times, List<TableRecord<?>> events) {
    Map<List<Object>, List<TableRecord<?>>> byKey = new LinkedHashMap<>();
    for (TableRecord<?> event : events) {
      byKey.computeIfAbsent(kind.key(event), _ -> new ArrayList<>()).add(event);
    }
    Map<List<Object>, S> current = load(tx, kind, byKey.keySet());
    if (kind.changesByItself()) {
      fetch(tx, kind, kind.isDue(times.last()))
          .forEach(state -> {
            current.putIfAbsent(kind.key(state), state);
            byKey.putIfAbsent(kind.key(state), List.of());
          });
    }
    Set<Long> byTime = new TreeSet<>();
    List<Query> closes = new ArrayList<>();
    List<S> versions = new ArrayList<>();
    byKey.forEach((key, changes) -> {
      StateTimeline<S> line =
          new StateTimeline<>(kind, chain.value(), key, current.get(key), times);
      changes.forEach(line::apply);
      line.finish();
      byTime.addAll(line.byTime());
      line.closed()
          .ifPresent((long block) ->
              closes.add(
                  tx.update(kind.table())
                      .set(kind.toBlock(), block)
                      .where(ofChain(kind))
                      .and(kind.is(key))
                      .and(kind.toBlock().isNull())));
      versions.addAll(line.versions());
    });
    tx.batch(closes).execute();
    versions.forEach(version -> version.touched(true));
    tx.batchInsert(versions).execute();
    return byTime;
  }

  private <S extends UpdatableRecord<S>> Map<List<Object>, S> load(
      DSLContext tx, StateKind<S> kind, Collection<List<Object>> keys) {
    Map<List<Object>, S> current = new HashMap<>();
    List<List<Object>> all = List.copyOf(keys);
    for (int start = 0; start < all.size(); start += KEYS_AT_ONCE) {
      List<List<Object>> part = all.subList(start, Math.min(all.size(), start + KEYS_AT_ONCE));
      fetch(tx, kind, kind.isAnyOf(part)).forEach(state -> current.put(kind.key(state), state));
    }
    return current;
  }

  private <S extends UpdatableRecord<S>> List<S> fetch(
      DSLContext tx, StateKind<S> kind, Condition which) {
    return tx.selectFrom(kind.table())
        .where(ofChain(kind))
        .and(kind.toBlock().isNull())
        .and(which)
        .fetch();
  }

  /** Of the rows of blocks at which no version begins. */
  Condition isNoVersion() {
    List<Condition> none = new ArrayList<>();
    for (StateKind<?> kind : StateKinds.ALL) {
      if (kind.changesByItself()) {
        none.add(
            DSL.notExists(
                DSL.selectOne()
                    .from(kind.table())
                    .where(kind.chainId().eq(BLOCK.CHAIN_ID))
                    .and(kind.fromBlock().eq(BLOCK.NUMBER))));
      }
    }
    return DSL.and(none);
  }
}
