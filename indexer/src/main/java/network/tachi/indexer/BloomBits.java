package network.tachi.indexer;

import java.util.List;
import network.tachi.evm.Bytes;
import network.tachi.evm.Keccak;
import network.tachi.evm.rpc.Log;

/**
 * The three bits that a value sets in a bloom of 256 bytes: the low 11 bits of the first three
 * words of its hash (yellow paper, section 4.3.1).
 */
record BloomBits(int first, int second, int third) {
  private static final int SIZE = 256;

  static BloomBits of(byte[] value) {
    byte[] hash = Keccak.hash(value).toBytes();
    return new BloomBits(bit(hash, 0), bit(hash, 2), bit(hash, 4));
  }

  /** The bloom of a block with these logs. */
  static Bytes bloom(List<Log> logs) {
    byte[] bloom = new byte[SIZE];
    for (Log log : logs) {
      of(log.address().toBytes()).setIn(bloom);
      log.topics().forEach(topic -> of(topic.toBytes()).setIn(bloom));
    }
    return Bytes.wrap(bloom);
  }

  /** Whether a bloom does not exclude a log. */
  static boolean mayHold(Bytes bloom, Log log) {
    return of(log.address().toBytes()).areIn(bloom)
        && log.topics().stream().allMatch(topic -> of(topic.toBytes()).areIn(bloom));
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

  private void setIn(byte[] bloom) {
    for (int bit : new int[] {first, second, third}) {
      bloom[bloom.length - 1 - (bit >> 3)] |= (byte) (1 << (bit & 7));
    }
  }
}
