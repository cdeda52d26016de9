package network.tachi.evm;

/**
 * The first four bytes of call data or of a custom error: which function, which error.
 *
 * @param value the four bytes as a big-endian number
 */
public record Selector(int value) {
  /** The number of bytes. */
  public static final int SIZE = 4;

  /** The selector of a signature such as {@code transfer(address,uint256)}. */
  public static Selector of(String signature) {
    return new Selector(BigEndian.getInt(Keccak.hash(signature).toBytes(), 0));
  }

  /**
   * The selector that data begins with.
   *
   * @throws AbiException if the data is shorter than four bytes
   */
  public static Selector read(Bytes data) {
    if (data.size() < SIZE) {
      throw new AbiException("expected a selector of 4 bytes, found " + data.size() + " bytes");
    }
    return new Selector(BigEndian.getInt(data.unsafeArray(), 0));
  }

  /** The four bytes. */
  public byte[] toBytes() {
    byte[] bytes = new byte[SIZE];
    BigEndian.putInt(bytes, 0, value);
    return bytes;
  }

  /** The four bytes in hex. */
  @Override
  public String toString() {
    return Hex.encode(toBytes());
  }
}
