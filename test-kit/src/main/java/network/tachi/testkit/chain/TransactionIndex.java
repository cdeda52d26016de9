package network.tachi.testkit.chain;

import java.util.Arrays;
import java.util.stream.IntStream;
import network.tachi.evm.Hash;

/**
 * Which blocks hold a transaction, as a table of the first eight bytes of its hash: a map of
 * objects would take more memory than the chain. Not for use by many threads.
 */
final class TransactionIndex {
  private static final int FREE = -1;

  private long[] keys = new long[1024];
  private int[] blocks = filled(1024);
  private int size;

  /** Adds a block, by its place in some list, that holds a transaction. */
  void add(Hash transaction, int block) {
    if (2 * ++size > keys.length) {
      grow();
    }
    put(prefix(transaction), block);
  }

  /** The blocks that may hold a transaction, the first that was added first. */
  IntStream find(Hash transaction) {
    long key = prefix(transaction);
    IntStream.Builder found = IntStream.builder();
    for (int slot = slot(key); blocks[slot] != FREE; slot = next(slot)) {
      if (keys[slot] == key) {
        found.add(blocks[slot]);
      }
    }
    return found.build();
  }

  private void put(long key, int block) {
    int slot = slot(key);
    while (blocks[slot] != FREE) {
      slot = next(slot);
    }
    keys[slot] = key;
    blocks[slot] = block;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldBlocks = blocks;
    keys = new long[2 * oldKeys.length];
    blocks = filled(keys.length);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldBlocks[i] != FREE) {
        put(oldKeys[i], oldBlocks[i]);
      }
    }
  }

  private int slot(long key) {
    return (int) (key ^ (key >>> 32)) & (keys.length - 1);
  }

  private int next(int slot) {
    return (slot + 1) & (keys.length - 1);
  }

  private static long prefix(Hash hash) {
    long value = 0;
    byte[] bytes = hash.toBytes();
    for (int i = 0; i < Long.BYTES; i++) {
      value = (value << 8) | (bytes[i] & 255);
    }
    return value;
  }

  private static int[] filled(int length) {
    int[] blocks = new int[length];
    Arrays.fill(blocks, FREE);
    return blocks;
  }
}
