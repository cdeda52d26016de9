package network.tachi.app;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.tachi.chainconfig.ChainRole;
import network.tachi.chainconfig.Network;

/**
 * A public network and which of its chains a command is about.
 *
 * @param name its settlement and its anchor chain, joined by a comma
 * @param chains the chains meant
 */
record PublicNetwork(String name, Set<ChainRole> chains) {
  private static final String MAIN = "base,ethereum";
  private static final List<String> PAIRS = List.of(MAIN, "base-sepolia,sepolia");

  /**
   * The network of a name: a pair, or one of a pair.
   *
   * @throws UserError if it names two networks that don't belong together
   * @throws network.tachi.chainconfig.ConfigException if it is unknown
   */
  static PublicNetwork of(String name) {
    for (String pair : PAIRS) {
      List<String> both = Arrays.asList(pair.split(",", -1));
      if (pair.equals(name)) {
        return new PublicNetwork(pair, EnumSet.allOf(ChainRole.class));
      }
      if (both.contains(name)) {
        return new PublicNetwork(
            pair,
            EnumSet.of(both.getFirst().equals(name) ? ChainRole.SETTLEMENT : ChainRole.ANCHOR));
      }
    }
    Network.bare(name, Map.of());
    throw new UserError(
        "--network " + name + ": is no pair; expected one of " + String.join(" or ", PAIRS));
  }

  /** Whether real money is at stake. */
  boolean isMain() {
    return name.equals(MAIN);
  }
}
