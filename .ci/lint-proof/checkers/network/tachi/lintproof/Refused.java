package network.tachi.lintproof;

import java.util.Map;

/** One deliberate mistake for each checker that runs inside the compiler. */
final class Refused {
  private Refused() {}

  /** NullAway: a null leaves a method that promises none. */
  static String nullReturned(Map<String, String> names) {
    return names.get("absent");
  }

  /** Error Prone: the result of a pure method is dropped. */
  static void resultIgnored(String text) {
    text.trim();
  }
}
