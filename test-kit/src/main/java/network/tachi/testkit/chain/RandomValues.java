package network.tachi.testkit.chain;

import java.util.random.RandomGenerator;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;

/** Values drawn from a source of randomness. */
public final class RandomValues {
  private RandomValues() {}

  /** Any 32 bytes. */
  public static Hash hash(RandomGenerator random) {
    byte[] bytes = new byte[Hash.SIZE];
    random.nextBytes(bytes);
    return Hash.read(bytes, 0);
  }

  /** Any address. */
  public static Address address(RandomGenerator random) {
    byte[] bytes = new byte[Address.SIZE];
    random.nextBytes(bytes);
    return Address.read(bytes, 0);
  }
}
