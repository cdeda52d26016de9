package network.tachi.indexer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import network.tachi.evm.ChainId;
import network.tachi.store.ProjectionSchema;
import network.tachi.store.jooq.projection.Projection;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableOptions.TableType;

/**
 * The projections that the commits of a chain write: the one that readers see, and others that are
 * to take its place or that are kept to go back to. Which these are is read in each commit, after
 * the checkpoint is locked; who changes it so that a gap could arise holds that lock too. Each
 * method works within the transaction it is given. Not for use by many threads.
 */
final class Projections {
  private final ChainId chain;
  private final Map<ProjectionSchema, ProjectionWriter> writers = new HashMap<>();
  private final Set<ProjectionSchema> known = new HashSet<>();
  private List<ProjectionSchema> written = List.of();

  Projections(ChainId chain) {
    this.chain = chain;
  }

  /** A form as the store has it. */
  record Form(ProjectionSchema schema, boolean live, boolean written) {}

  /** All forms. */
  static List<Form> all(DSLContext tx) {
    return tx.fetch("SELECT name, live, written FROM upkeep.projection ORDER BY name")
        .map(row ->
            new Form(
                new ProjectionSchema(row.get("name", String.class)),
                row.get("live", Boolean.class),
                row.get("written", Boolean.class)));
  }

  /**
   * Begins a commit.
   *
   * @return the transaction on the form that readers see
   * @throws UnknownProjectionException if a form has to be written that this version does not know
   */
  DSLContext begin(DSLContext tx) {
    List<Form> forms = all(tx);
    ProjectionSchema live =
        forms.stream()
            .filter(Form::live)
            .map(Form::schema)
            .findFirst()
            .orElse(ProjectionSchema.CURRENT);
    List<ProjectionSchema> mine = new ArrayList<>();
    for (Form form : forms) {
      if (form.written()) {
        if (isKnown(tx, form.schema())) {
          mine.add(form.schema());
        } else if (form.live() || form.schema().number() > live.number()) {
          throw new UnknownProjectionException(chain, form.schema(), why(tx, form.schema()));
        } else {
          // An older form, kept for a way back that ends with this version.
          tx.execute("SELECT upkeep.leave_projection(?::name)", form.schema().name());
        }
      }
    }
    written = List.copyOf(mine);
    return live.on(tx);
  }

  private boolean isKnown(DSLContext tx, ProjectionSchema schema) {
    if (!known.contains(schema) && why(tx, schema).isEmpty()) {
      known.add(schema);
    }
    return known.contains(schema);
  }

  /** Why this version cannot write a form; empty if it can. */
  static String why(DSLContext tx, ProjectionSchema schema) {
    Map<String, Map<String, Boolean>> found = columns(tx, schema);
    for (Table<?> table : Projection.PROJECTION.getTables()) {
      if (table.getTableType() == TableType.TABLE) {
        Map<String, Boolean> columns = new HashMap<>(found.getOrDefault(table.getName(), Map.of()));
        found.remove(table.getName());
        Optional<String> wrong = difference(table, columns);
        if (wrong.isPresent()) {
          return wrong.get();
        }
      }
    }
    return found.isEmpty() ? "" : "it knows no table " + found.keySet().iterator().next();
  }

  private static Optional<String> difference(Table<?> table, Map<String, Boolean> columns) {
    for (Field<?> field : table.fields()) {
      if (columns.remove(field.getName()) == null) {
        return Optional.of(table.getName() + " has no column " + field.getName());
      }
    }
    return columns.entrySet().stream()
        .filter(column -> !column.getValue())
        .map(column -> table.getName() + " needs a value for " + column.getKey())
        .findFirst();
  }

  /** By table and column, whether a row may be written without it. */
  private static Map<String, Map<String, Boolean>> columns(DSLContext tx, ProjectionSchema schema) {
    Map<String, Map<String, Boolean>> columns = new HashMap<>();
    for (Record row :
        tx.fetch(
            """
            SELECT table_name::text AS table_name, column_name::text AS column_name,
                   is_nullable = 'YES' OR column_default IS NOT NULL OR is_generated = 'ALWAYS' AS optional
            FROM information_schema.columns WHERE table_schema = ?
            """,
            schema.name())) {
      columns
          .computeIfAbsent(row.get("table_name", String.class), _ -> new HashMap<>())
          .put(row.get("column_name", String.class), row.get("optional", Boolean.class));
    }
    return columns;
  }

  /** Takes back what was made of the blocks above a height. */
  void unwind(DSLContext tx, long above) {
    written.forEach(schema -> writer(schema).unwind(schema.on(tx), above));
  }

  /**
   * Writes what is made of blocks that come on top of those written before.
   *
   * @return the heights at which something changed because of the block's time; their rows must be
   *     kept
   */
  Set<Long> write(DSLContext tx, List<VerifiedBlock> blocks) {
    Set<Long> kept = new HashSet<>();
    written.forEach(schema -> kept.addAll(writer(schema).write(schema.on(tx), blocks)));
    return kept;
  }

  /** Of the rows of blocks that may go when they are final. */
  Condition mayGo() {
    return writer(ProjectionSchema.CURRENT).mayGo();
  }

  private ProjectionWriter writer(ProjectionSchema schema) {
    return writers.computeIfAbsent(schema, _ -> new ProjectionWriter(chain));
  }
}
