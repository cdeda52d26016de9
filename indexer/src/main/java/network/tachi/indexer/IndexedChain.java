package network.tachi.indexer;

import java.util.List;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.ContractName;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.ChainId;

/**
 * A chain and what is indexed of it.
 *
 * @param id the chain
 * @param name its name in messages, such as {@code base}
 * @param contracts the contracts to follow
 */
public record IndexedChain(ChainId id, String name, FollowedContracts contracts) {
  /**
   * All contracts that are configured for a chain.
   *
   * @throws IllegalArgumentException if none is
   */
  public static IndexedChain of(ChainSettings settings) {
    List<FollowedContract> contracts =
        settings.contracts().stream()
            .map(contract ->
                new FollowedContract(
                    contract.address(), kind(contract.name()), contract.startBlock()))
            .toList();
    return new IndexedChain(settings.chain(), settings.key(), new FollowedContracts(contracts));
  }

  /** The first block to index: no contract is older. */
  public long startBlock() {
    return contracts.startBlock();
  }

  private static ContractKind kind(ContractName name) {
    return switch (name) {
      case CRAWL_LICENSE -> ContractKind.CRAWL_LICENSE;
      case PAYMENT_PROCESSOR -> ContractKind.PAYMENT_PROCESSOR;
      case DISPUTE_RESOLVER -> ContractKind.DISPUTE_RESOLVER;
      case CREDIT_ESCROW -> ContractKind.CREDIT_ESCROW;
      case METERING_LEDGER -> ContractKind.METERING_LEDGER;
      case HEADER_ANCHOR -> ContractKind.HEADER_ANCHOR;
      case LEGACY_LICENSE -> ContractKind.LEGACY_LICENSE;
      case LEGACY_PAYMENTS -> ContractKind.LEGACY_PAYMENTS;
      case LEGACY_LOG -> ContractKind.LEGACY_LOG;
    };
  }

  @Override
  public String toString() {
    return name + " (" + id + ")";
  }
}
