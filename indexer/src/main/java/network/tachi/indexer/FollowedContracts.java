package network.tachi.indexer;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import org.jspecify.annotations.Nullable;

/**
 * The contracts of a chain whose events are indexed, and the test by which a header's bloom proves
 * that none of them logged.
 */
public final class FollowedContracts {
  private final List<FollowedContract> contracts;
  private final Map<Address, ContractKind> kinds;
  private final List<Pattern> patterns;

  /** The bloom bits of a contract, and of each of its events. */
  private record Pattern(BloomBits contract, List<BloomBits> topics) {}

  /**
   * Follows contracts.
   *
   * @param contracts each at an address of its own
   * @throws IllegalArgumentException if there is none, or an address is there twice
   */
  public FollowedContracts(Collection<FollowedContract> contracts) {
    if (contracts.isEmpty()) {
      throw new IllegalArgumentException("no contract to follow");
    }
    this.contracts =
        contracts.stream().sorted(Comparator.comparing(FollowedContract::address)).toList();
    this.kinds =
        this.contracts.stream()
            .collect(
                Collectors.toUnmodifiableMap(FollowedContract::address, FollowedContract::kind));
    this.patterns =
        this.contracts.stream()
            .map(contract -> pattern(contract.address(), contract.kind().topics()))
            .toList();
  }

  private static Pattern pattern(Address address, Set<Hash> topics) {
    return new Pattern(
        BloomBits.of(address.toBytes()),
        topics.stream().map(topic -> BloomBits.of(topic.toBytes())).toList());
  }

  /** The addresses, ascending. */
  public List<Address> addresses() {
    return contracts.stream().map(FollowedContract::address).toList();
  }

  /** The contracts, by address. */
  public List<FollowedContract> all() {
    return contracts;
  }

  /** The first block that can hold an event. */
  public long startBlock() {
    return contracts.stream().mapToLong(FollowedContract::startBlock).min().orElseThrow();
  }

  /** What an address is followed as, or null if it is not. */
  @Nullable ContractKind kind(Address address) {
    return kinds.get(address);
  }

  /**
   * Whether a block with this bloom may hold an event of these contracts; false proves that it does
   * not.
   *
   * @param bloom the 256 bytes of the header
   */
  boolean mayHaveEvents(Bytes bloom) {
    for (Pattern pattern : patterns) {
      if (pattern.contract.areIn(bloom)
          && pattern.topics.stream().anyMatch(topic -> topic.areIn(bloom))) {
        return true;
      }
    }
    return false;
  }
}
