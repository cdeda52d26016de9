package network.tachi.indexer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.tachi.indexer.ChainAudit.Difference;
import network.tachi.store.ChainTextConverter;
import org.jooq.Field;
import org.jooq.TableRecord;
import org.jspecify.annotations.Nullable;

/** Tells event rows that should be equal apart, down to the column. */
final class RowDifferences {
  private static final String WHOLE_ROW = "";

  private RowDifferences() {}

  /** The differences between the rows that must be there and those that are, by their place. */
  static List<Difference> between(
      Map<EventKey, TableRecord<?>> expected, Map<EventKey, TableRecord<?>> found) {
    List<Difference> differences = new ArrayList<>();
    Map<EventKey, TableRecord<?>> rest = new TreeMap<>(found);
    expected.forEach((key, row) -> {
      TableRecord<?> other = rest.remove(key);
      if (other == null) {
        differences.add(key.difference(WHOLE_ROW, row.intoMap().toString(), "no row"));
      } else {
        columns(key, row, other, differences);
      }
    });
    rest.forEach((key, row) ->
        differences.add(key.difference(WHOLE_ROW, "no row", row.intoMap().toString())));
    return differences;
  }

  private static void columns(
      EventKey key, TableRecord<?> expected, TableRecord<?> found, List<Difference> differences) {
    for (Field<?> column : expected.fields()) {
      String right = text(expected.get(column));
      String stored = text(found.get(column));
      if (!right.equals(stored)) {
        differences.add(key.difference(column.getName(), right, stored));
      }
    }
  }

  private static String text(@Nullable Object value) {
    return ChainTextConverter.storable(String.valueOf(value));
  }
}
