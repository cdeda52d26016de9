package network.tachi.gateway;

import java.util.Map;
import java.util.Optional;
import network.tachi.evm.ChainId;

/**
 * The names x402 v1 has for networks. Its clients refuse a whole 402 that holds one they don't
 * know.
 */
final class X402Networks {
  private static final Map<ChainId, String> NAMES =
      Map.of(ChainId.BASE, "base", ChainId.BASE_SEPOLIA, "base-sepolia");

  private X402Networks() {}

  /** The v1 name of a chain, if v1 clients know it. */
  static Optional<String> v1(ChainId chain) {
    return Optional.ofNullable(NAMES.get(chain));
  }

  /**
   * The chain of a v1 name.
   *
   * @throws MalformedPaymentException if it is none of ours
   */
  static ChainId v1(String name) {
    return NAMES.entrySet().stream()
        .filter(entry -> entry.getValue().equals(name))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new MalformedPaymentException("network", "base or base-sepolia", name));
  }
}
