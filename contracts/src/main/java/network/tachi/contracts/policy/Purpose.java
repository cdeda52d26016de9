package network.tachi.contracts.policy;

import java.util.Locale;
import java.util.Optional;

/** Why a crawler reads. */
public enum Purpose {
  /** A rule for every purpose; a crawler that names none. */
  ANY,
  /** Building a search index. */
  SEARCH,
  /** Answering one person's request now. */
  AGENT,
  /** Training a model. */
  TRAINING;

  /** The name used in policy documents and requests: lower case, {@code *} for any. */
  public String text() {
    return this == ANY ? "*" : name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a purpose; empty text and {@code *} mean {@link #ANY}. Empty if there is no such purpose.
   */
  public static Optional<Purpose> of(String text) {
    if (text.isEmpty()) {
      return Optional.of(ANY);
    }
    for (Purpose purpose : values()) {
      if (purpose.text().equals(text)) {
        return Optional.of(purpose);
      }
    }
    return Optional.empty();
  }
}
