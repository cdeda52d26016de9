package network.tachi.indexer;

import static network.tachi.store.jooq.projection.Tables.LICENSE_STATE;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.TableRecord;
import org.jooq.UpdatableRecord;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * One kind of state that is kept in versions: its table, its key, and how each event changes it.
 * The columns of the key have the same names in the tables of its events.
 *
 * @param <S> the table's record; what changes a state gets a copy of the version before
 */
final class StateKind<S extends UpdatableRecord<S>> {
  private final Table<S> table;
  private final List<TableField<S, ?>> key;
  private final Map<String, BiConsumer<S, TableRecord<?>>> changes = new HashMap<>();
  private @Nullable TableField<S, Long> due;
  private Consumer<S> whenDue = _ -> {};
  private Consumer<S> initial = _ -> {};

  /**
   * Creates a kind whose events are added then.
   *
   * @param table its versions
   * @param key the columns besides the chain that tell one thing from another
   */
  StateKind(Table<S> table, List<TableField<S, ?>> key) {
    this.table = table;
    this.key = List.copyOf(key);
  }

  /** Says what is true before any event. */
  StateKind<S> initially(Consumer<S> values) {
    initial = values;
    return this;
  }

  /** Adds what an event does. */
  <E extends TableRecord<E>> StateKind<S> on(Table<E> events, BiConsumer<S, E> change) {
    changes.put(
        events.getName(), (state, row) -> change.accept(state, events.getRecordType().cast(row)));
    return this;
  }

  /** Adds what happens by itself at the first block whose time is this column's or later. */
  StateKind<S> at(TableField<S, Long> time, Consumer<S> change) {
    due = time;
    whenDue = change;
    return this;
  }

  /** The tables of the events that change it. */
  Set<String> events() {
    return changes.keySet();
  }

  Table<S> table() {
    return table;
  }

  /** When the next change by itself is due; null if none is. */
  @Nullable Long due(S state) {
    return due == null ? null : state.get(due);
  }

  /** Whether states of this kind change by themselves. */
  boolean changesByItself() {
    return due != null;
  }

  /** Of those that change by themselves up to a time. */
  Condition isDue(long time) {
    return due == null ? DSL.falseCondition() : due.le(time);
  }

  void applyDue(S state) {
    whenDue.accept(state);
  }

  void apply(S state, TableRecord<?> row) {
    Objects.requireNonNull(changes.get(row.getTable().getName())).accept(state, row);
  }

  /** The key of a state or of an event that changes one, without the chain. */
  List<Object> key(Record row) {
    List<Object> values = new ArrayList<>(key.size());
    for (TableField<S, ?> field : key) {
      values.add(Objects.requireNonNull(row.get(field.getName())));
    }
    return values;
  }

  /** The state of which nothing is known yet. */
  S unknown(long chain, List<Object> keyValues) {
    S state = table.newRecord();
    state.set(chainId(), chain);
    for (int i = 0; i < key.size(); i++) {
      set(state, key.get(i), keyValues.get(i));
    }
    initial.accept(state);
    return state;
  }

  private static <T> void set(Record state, Field<T> field, Object value) {
    state.set(field, field.getType().cast(value));
  }

  /** Of the states of these keys. */
  Condition isAnyOf(List<List<Object>> keys) {
    List<Condition> any = new ArrayList<>(keys.size());
    if (key.size() == 1) {
      return in(key.getFirst(), keys.stream().map(List::getFirst).toList());
    }
    for (List<Object> values : keys) {
      any.add(is(values));
    }
    return DSL.or(any);
  }

  /** Of the state of a key. */
  Condition is(List<Object> values) {
    List<Condition> all = new ArrayList<>(key.size());
    for (int i = 0; i < key.size(); i++) {
      all.add(equal(key.get(i), values.get(i)));
    }
    return DSL.and(all);
  }

  private static <T> Condition equal(Field<T> field, Object value) {
    return field.eq(field.getType().cast(value));
  }

  private static <T> Condition in(Field<T> field, List<Object> values) {
    return field.in(values.stream().map(value -> field.getType().cast(value)).toList());
  }

  Field<Long> chainId() {
    return column(LICENSE_STATE.CHAIN_ID);
  }

  Field<Long> fromBlock() {
    return column(LICENSE_STATE.FROM_BLOCK);
  }

  Field<Long> toBlock() {
    return column(LICENSE_STATE.TO_BLOCK);
  }

  private <T> Field<T> column(Field<T> name) {
    return Objects.requireNonNull(table.field(name));
  }
}
