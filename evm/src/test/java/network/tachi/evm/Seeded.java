package network.tachi.evm;

import java.util.Random;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;

/** Random tests that say their seed when they fail; {@code -Dseed=} repeats one. */
final class Seeded {
  private Seeded() {}

  /** Runs a test so many times with one source of randomness. */
  static void repeat(int times, Consumer<Random> test) {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < times; i++) {
      try {
        test.accept(random);
      } catch (Throwable failure) {
        Assertions.fail("failed with -Dseed=" + seed + " in round " + i, failure);
      }
    }
  }

  /** Random bytes. */
  static byte[] bytes(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A random word. */
  static Hash hash(Random random) {
    return Hash.of(bytes(random, Hash.SIZE));
  }

  /** A random private key. */
  static PrivateKey key(Random random) {
    byte[] bytes = bytes(random, PrivateKey.SIZE);
    bytes[0] = (byte) (bytes[0] & 0x7f);
    bytes[31] = (byte) (bytes[31] | 1);
    return PrivateKey.of(bytes);
  }
}
