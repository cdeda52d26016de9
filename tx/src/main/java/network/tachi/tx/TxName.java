package network.tachi.tx;

import network.tachi.evm.ChainId;

/** What a request is known by: it exists once in an outbox. */
record TxName(ChainId chain, String kind, String key) {
  /** For messages. */
  @Override
  public String toString() {
    return kind + " " + key;
  }
}
