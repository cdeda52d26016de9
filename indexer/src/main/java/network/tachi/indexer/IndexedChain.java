package network.tachi.indexer;

import java.util.HashMap;
import java.util.Map;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.ContractAt;
import network.tachi.chainconfig.ContractName;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;

/**
 * A chain and what is indexed of it.
 *
 * @param id the chain
 * @param name its name in messages, such as {@code base}
 * @param startBlock the first block to index: none of the contracts is older
 * @param contracts the contracts to follow
 */
public record IndexedChain(ChainId id, String name, long startBlock, FollowedContracts contracts) {
  /**
   * Checks the start.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public IndexedChain {
    if (startBlock < 0) {
      throw new IllegalArgumentException("start block " + startBlock + " is negative");
    }
  }

  /**
   * All contracts that are configured for a chain, from the oldest one's start on.
   *
   * @throws IllegalArgumentException if none is
   */
  public static IndexedChain of(ChainSettings settings) {
    Map<Address, ContractKind> kinds = new HashMap<>();
    for (ContractAt contract : settings.contracts()) {
      kinds.put(contract.address(), kind(contract.name()));
    }
    long startBlock =
        settings.contracts().stream().mapToLong(ContractAt::startBlock).min().orElse(0);
    return new IndexedChain(
        settings.chain(), settings.key(), startBlock, new FollowedContracts(kinds));
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
