package network.tachi.chainconfig;

import java.util.Collection;
import java.util.Comparator;

/** Finds what somebody may have meant. */
final class Suggestion {
  private Suggestion() {}

  /** {@code "; did you mean x?"}, or what there is to choose from if nothing is near. */
  static String of(String found, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(each -> distance(found, each)))
        .filter(best -> distance(found, best) <= Math.max(2, found.length() / 3))
        .map(best -> "; did you mean " + best + "?")
        .orElse("; known are " + String.join(", ", known));
  }

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
