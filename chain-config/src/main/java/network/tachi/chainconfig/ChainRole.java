package network.tachi.chainconfig;

import java.util.Locale;

/** What a chain is for. */
public enum ChainRole {
  /** Carries credits, settlement and claims; Base. */
  SETTLEMENT,
  /** Carries the anchored headers; Ethereum. */
  ANCHOR;

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
