package network.tachi.indexer;

import network.tachi.evm.ChainId;

/** Another process writes the chain now; nothing of the transaction was stored. */
public final class LeaseLostException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LeaseLostException(ChainId chain) {
    super("chain " + chain + ": another process has taken over the writing");
  }
}
