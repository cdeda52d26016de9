package network.tachi.contracts.deploy;

import network.tachi.evm.ChainId;

/** Hears how a deployment goes on. */
@FunctionalInterface
public interface DeployListener {
  /** Hears nothing. */
  DeployListener SILENT = (_, _, _) -> {};

  /**
   * A step is done.
   *
   * @param chain where
   * @param step what, such as {@code CrawlLicense at 0x...}
   * @param sent whether a transaction was sent for it; otherwise all was in place
   */
  void step(ChainId chain, String step, boolean sent);
}
