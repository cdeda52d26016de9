package network.tachi.contracts.policy;

import java.util.Locale;
import java.util.Optional;

/** How open a path is. */
public enum Category {
  /** Free to read; its price is zero. */
  PUBLIC,
  /** Read against payment. */
  PREMIUM,
  /** Not read by crawlers at any price. */
  RESTRICTED;

  /** The name used in policy documents: lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Category> of(String text) {
    for (Category category : values()) {
      if (category.text().equals(text)) {
        return Optional.of(category);
      }
    }
    return Optional.empty();
  }
}
