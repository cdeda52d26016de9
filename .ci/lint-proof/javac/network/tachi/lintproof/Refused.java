package network.tachi.lintproof;

import java.util.List;

/** A deliberate mistake for javac's own lint, which ends the compilation before the checkers see it. */
final class Refused {
  private Refused() {}

  static int rawType(List values) {
    return values.size();
  }
}
