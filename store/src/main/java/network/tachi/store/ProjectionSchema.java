package network.tachi.store;

import java.util.regex.Pattern;
import network.tachi.evm.InvalidValueException;
import network.tachi.store.jooq.projection.Projection;
import org.jooq.DSLContext;
import org.jooq.conf.MappedSchema;
import org.jooq.conf.RenderMapping;
import org.jooq.conf.Settings;
import org.jooq.conf.SettingsTools;

/**
 * A schema with one form of what is made of the chains' logs. The generated model calls it {@code
 * projection}, whatever its form; each connection says which one it means.
 *
 * @param name {@code chain_v} and a number
 */
public record ProjectionSchema(String name) {
  private static final String PREFIX = "chain_v";
  private static final Pattern NAME = Pattern.compile("chain_v[0-9]{1,9}");

  /** The form that the generated model was made from; readers see it until another is deployed. */
  public static final ProjectionSchema CURRENT = new ProjectionSchema("chain_v1");

  /**
   * Checks the name.
   *
   * @throws InvalidValueException if it has another form
   */
  public ProjectionSchema {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidValueException("projection schema", "chain_v and a number", name);
    }
  }

  /** The form that readers see. */
  public static ProjectionSchema live(DSLContext tx) {
    return new ProjectionSchema(
        tx.fetchSingle("SELECT name FROM upkeep.projection WHERE live").get("name", String.class));
  }

  /** Statements of the same transaction on the form that readers see. */
  public static DSLContext onLive(DSLContext tx) {
    return live(tx).on(tx);
  }

  /** Statements of the same transaction on this form. */
  public DSLContext on(DSLContext tx) {
    Settings settings = SettingsTools.clone(tx.settings()).withRenderMapping(mapping());
    return tx.configuration().derive(settings).dsl();
  }

  /** The form after this one. */
  public ProjectionSchema next() {
    return new ProjectionSchema(PREFIX + (number() + 1));
  }

  /** The number in its name. */
  public long number() {
    return Long.parseLong(name.substring(PREFIX.length()));
  }

  RenderMapping mapping() {
    return new RenderMapping()
        .withSchemata(
            new MappedSchema().withInput(Projection.PROJECTION.getName()).withOutput(name));
  }

  @Override
  public String toString() {
    return name;
  }
}
