package network.tachi.indexer;

import java.time.Duration;
import java.util.List;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.ChainId;

/**
 * A chain and what is indexed of it.
 *
 * @param id the chain
 * @param name its name in messages, such as {@code base}
 * @param contracts the contracts to follow
 * @param blockTime the usual time between blocks; zero if there is none
 * @param maxRange blocks asked for in one {@code eth_getLogs} at most
 */
public record IndexedChain(
    ChainId id, String name, FollowedContracts contracts, Duration blockTime, int maxRange) {
  private static final int MAX_RANGE = 1_000;

  /** A chain without a usual time between blocks. */
  public IndexedChain(ChainId id, String name, FollowedContracts contracts) {
    this(id, name, contracts, Duration.ZERO, MAX_RANGE);
  }

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
                    contract.address(), ContractKind.of(contract.name()), contract.startBlock()))
            .toList();
    return new IndexedChain(
        settings.chain(),
        settings.key(),
        new FollowedContracts(contracts),
        settings.blockTime(),
        settings.maxRange());
  }

  /** The first block to index: no contract is older. */
  public long startBlock() {
    return contracts.startBlock();
  }

  @Override
  public String toString() {
    return name + " (" + id + ")";
  }
}
