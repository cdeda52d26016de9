package network.tachi.store;

import java.util.regex.Pattern;
import network.tachi.evm.InvalidValueException;
import network.tachi.store.jooq.projection.Projection;
import org.jooq.conf.MappedSchema;
import org.jooq.conf.RenderMapping;

/**
 * A schema with one form of what is made of the chains' logs. The generated model calls it {@code
 * projection}, whatever its form; each connection says which one it means.
 *
 * @param name {@code chain_v} and a number
 */
public record ProjectionSchema(String name) {
  private static final Pattern NAME = Pattern.compile("chain_v[0-9]{1,9}");

  /** The form that the generated model was made from and that readers see. */
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
