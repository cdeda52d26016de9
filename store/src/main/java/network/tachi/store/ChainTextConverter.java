package network.tachi.store;

import org.jooq.impl.AbstractConverter;
import org.jspecify.annotations.Nullable;

/**
 * Makes any text that a contract emitted fit into PostgreSQL, which cannot hold U+0000: it is
 * written as U+FFFD. Without this, one event with such a text would stop the indexer for ever.
 */
public final class ChainTextConverter extends AbstractConverter<String, String> {
  private static final long serialVersionUID = 1L;

  /** Creates the converter. */
  public ChainTextConverter() {
    super(String.class, String.class);
  }

  /** The text as it is stored; for writers that do not go through jOOQ. */
  public static String storable(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
  }

  @Override
  public @Nullable String from(@Nullable String value) {
    return value;
  }

  @Override
  public @Nullable String to(@Nullable String value) {
    return value == null ? null : storable(value);
  }
}
