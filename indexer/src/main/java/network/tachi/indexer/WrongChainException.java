package network.tachi.indexer;

import network.tachi.evm.ChainId;

/** The node serves another chain than the configured one. */
public final class WrongChainException extends IndexerHaltedException {
  private static final long serialVersionUID = 1;

  WrongChainException(ChainId expected, ChainId found) {
    super(
        "the node serves chain %s, configured is %s. Configure an endpoint of chain %s"
            .formatted(found, expected, expected));
  }

  @Override
  public String code() {
    return "wrong_chain";
  }
}
