package network.tachi.indexer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import org.jspecify.annotations.Nullable;

/**
 * The contracts of a chain whose events are indexed, and the test by which a header's bloom proves
 * that none of them logged.
 */
public final class FollowedContracts {
  private final Map<Address, ContractKind> kinds;
  private final List<Pattern> patterns;

  /** The bloom bits of a contract, and of each of its events. */
  private record Pattern(BloomBits contract, List<BloomBits> topics) {}

  /**
   * Follows contracts.
   *
   * @param kinds what each address is
   * @throws IllegalArgumentException if there is none
   */
  public FollowedContracts(Map<Address, ContractKind> kinds) {
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("no contract to follow");
    }
    this.kinds = Map.copyOf(new LinkedHashMap<>(kinds));
    this.patterns =
        this.kinds.entrySet().stream()
            .map(entry -> pattern(entry.getKey(), entry.getValue().topics()))
            .toList();
  }

  private static Pattern pattern(Address address, Set<Hash> topics) {
    return new Pattern(
        BloomBits.of(address.toBytes()),
        topics.stream().map(topic -> BloomBits.of(topic.toBytes())).toList());
  }

  /** The addresses. */
  public List<Address> addresses() {
    return kinds.keySet().stream().sorted().toList();
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

  /**
   * The three bits that a value sets: the low 11 bits of the first three words of its hash (yellow
   * paper, section 4.3.1).
   */
  private record BloomBits(int first, int second, int third) {
    static BloomBits of(byte[] value) {
      byte[] hash = Keccak.hash(value).toBytes();
      return new BloomBits(bit(hash, 0), bit(hash, 2), bit(hash, 4));
    }

    private static int bit(byte[] hash, int at) {
      return ((hash[at] & 7) << 8) | (hash[at + 1] & 255);
    }

    boolean areIn(Bytes bloom) {
      return isIn(bloom, first) && isIn(bloom, second) && isIn(bloom, third);
    }

    private static boolean isIn(Bytes bloom, int bit) {
      return (bloom.get(bloom.size() - 1 - (bit >> 3)) & (1 << (bit & 7))) != 0;
    }
  }
}
