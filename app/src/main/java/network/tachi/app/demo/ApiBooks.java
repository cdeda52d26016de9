package network.tachi.app.demo;

import java.math.BigInteger;
import network.tachi.app.demo.Books.Entry;
import tools.jackson.databind.JsonNode;

/** The books as the query API gives them. */
final class ApiBooks {
  private ApiBooks() {}

  /** Reads the answer of {@code GET /v1/books/<chain>}. proto3 JSON leaves out what is zero. */
  static Books of(JsonNode answer) {
    Books.Sum sum = new Books.Sum();
    for (Entry entry : Entry.values()) {
      String text = answer.path(entry.json()).asString("0");
      sum.set(entry, new BigInteger(text.isEmpty() ? "0" : text));
    }
    return sum.toBooks();
  }
}
