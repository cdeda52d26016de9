package network.tachi.indexer;

import network.tachi.evm.ChainId;

/** A contract is configured whose events are missing in blocks that are indexed already. */
public final class ContractAddedException extends IndexerHaltedException {
  private static final long serialVersionUID = 1;

  ContractAddedException(ChainId chain, FollowedContract contract, long head) {
    super(
        "chain %s: %s %s is configured from block %d, but the blocks up to %d were indexed without it. Index the chain into a fresh database, or correct the configuration"
            .formatted(chain, contract.kind(), contract.address(), contract.startBlock(), head));
  }

  @Override
  public String code() {
    return "contract_added";
  }
}
