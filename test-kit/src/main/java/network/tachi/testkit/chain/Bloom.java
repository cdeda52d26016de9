package network.tachi.testkit.chain;

import java.util.Arrays;
import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import org.jspecify.annotations.Nullable;

/** The 2,048 bits that say which addresses and topics may be in a block or receipt. */
final class Bloom {
  private static final int SIZE = 256;

  /** Nothing is in it. */
  static final Bytes EMPTY = Bytes.wrap(new byte[SIZE]);

  /** Most addresses and topics come again and again; a hash of each time would be half the work. */
  private static final int CACHE = 1 << 14;

  private static final @Nullable Bits[] KNOWN = new Bits[CACHE];

  /** The three bits of an address or topic. */
  record Bits(Object item, int first, int second, int third) {
    static Bits of(Address address) {
      return of(address, address.hashCode());
    }

    static Bits of(Hash topic) {
      return of(topic, topic.hashCode());
    }

    private static Bits of(Object item, int hashCode) {
      int slot = (hashCode ^ (hashCode >>> 14)) & (CACHE - 1);
      Bits known = KNOWN[slot];
      if (known == null || !known.item.equals(item)) {
        known = computed(item);
        KNOWN[slot] = known;
      }
      return known;
    }

    private static Bits computed(Object item) {
      byte[] hash =
          Keccak.hash(item instanceof Address address ? address.toBytes() : ((Hash) item).toBytes())
              .toBytes();
      return new Bits(item, bit(hash, 0), bit(hash, 2), bit(hash, 4));
    }

    private static int bit(byte[] hash, int at) {
      return ((hash[at] & 7) << 8) | (hash[at + 1] & 255);
    }

    boolean areIn(Bytes bloom) {
      return isIn(bloom, first) && isIn(bloom, second) && isIn(bloom, third);
    }

    private static boolean isIn(Bytes bloom, int bit) {
      return (bloom.get(SIZE - 1 - (bit >> 3)) & (1 << (bit & 7))) != 0;
    }
  }

  private final byte[] bits = new byte[SIZE];
  private boolean empty = true;

  /** Adds addresses and topics of logs. */
  void add(List<PlannedLog> logs) {
    for (PlannedLog log : logs) {
      set(Bits.of(log.address()));
      log.topics().forEach(topic -> set(Bits.of(topic)));
    }
  }

  private void set(Bits item) {
    empty = false;
    set(item.first);
    set(item.second);
    set(item.third);
  }

  private void set(int bit) {
    bits[SIZE - 1 - (bit >> 3)] |= (byte) (1 << (bit & 7));
  }

  /** The 256 bytes. */
  Bytes toBytes() {
    return empty ? EMPTY : Bytes.wrap(Arrays.copyOf(bits, SIZE));
  }
}
