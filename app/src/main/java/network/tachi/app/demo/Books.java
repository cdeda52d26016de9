package network.tachi.app.demo;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The sums of one chain, from one of three sources. Amounts are USDC atomic units; the rest are
 * counts.
 *
 * @param entries every entry has a value
 */
record Books(Map<Entry, BigInteger> entries) {
  /** A line of the books. The name is that of the query API's JSON. */
  enum Entry {
    LICENSES("licenses", "licences minted", false),
    PAYMENTS("payments", "payments", false),
    PAID("paid", "paid per request", true),
    REFUNDED("refunded", "refunded", true),
    WITHDRAWN("withdrawn", "withdrawn by publishers", true),
    SWEPT("swept", "external payments swept", true),
    DEPOSITED("deposited", "credit deposited", true),
    CREDIT_WITHDRAWN("creditWithdrawn", "credit withdrawn", true),
    CLAIMED("claimed", "claimed by publishers", true),
    FINALISED_CREDIT("finalisedCredit", "earned in finalised epochs", true),
    EPOCHS_POSTED("epochsPosted", "epochs posted", false),
    EPOCHS_FINALISED("epochsFinalised", "epochs finalised", false),
    EPOCHS_VOIDED("epochsVoided", "epochs voided", false),
    HEADERS_ANCHORED("headersAnchored", "headers anchored", false),
    DISPUTES("disputes", "disputes", false),
    DISPUTES_REFUNDED("disputesRefunded", "disputes refunded", false);

    private final String json;
    private final String label;
    private final boolean amount;

    Entry(String json, String label, boolean amount) {
      this.json = json;
      this.label = label;
      this.amount = amount;
    }

    String json() {
      return json;
    }

    String label() {
      return label;
    }

    boolean isAmount() {
      return amount;
    }
  }

  Books {
    Map<Entry, BigInteger> all = new EnumMap<>(Entry.class);
    for (Entry entry : Entry.values()) {
      all.put(entry, entries.getOrDefault(entry, BigInteger.ZERO));
    }
    entries = Map.copyOf(all);
  }

  BigInteger get(Entry entry) {
    return entries.getOrDefault(entry, BigInteger.ZERO);
  }

  /** Where these books and others differ, a line each; empty if nowhere. */
  List<String> differences(String mine, Books others, String theirs) {
    List<String> lines = new ArrayList<>();
    for (Entry entry : Entry.values()) {
      if (!get(entry).equals(others.get(entry))) {
        lines.add(
            entry.label()
                + ": "
                + mine
                + " "
                + get(entry)
                + ", "
                + theirs
                + " "
                + others.get(entry));
      }
    }
    return lines;
  }

  /** Adds up. */
  static final class Sum {
    private final Map<Entry, BigInteger> entries = new EnumMap<>(Entry.class);

    void add(Entry entry, BigInteger amount) {
      entries.merge(entry, amount, BigInteger::add);
    }

    void count(Entry entry) {
      add(entry, BigInteger.ONE);
    }

    void set(Entry entry, BigInteger amount) {
      entries.put(entry, amount);
    }

    Books toBooks() {
      return new Books(entries);
    }
  }
}
