package network.tachi.evm;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Reads ABI values from bytes by the number of their slot (word) in the head. Every access is
 * checked against the bounds, and padding must be zero as Solidity's own decoder demands; bytes
 * after the last value are let through. A static struct lies in the slots of its place; {@link #at}
 * and {@link #array} follow the offset of a dynamic one.
 */
public final class AbiReader {
  private final byte[] bytes;
  private final int base;
  private final int length;

  private AbiReader(byte[] bytes, int base, int length) {
    this.bytes = bytes;
    this.base = base;
    this.length = length;
  }

  /** Reads arguments, results or the data of a log. */
  public static AbiReader of(Bytes data) {
    return new AbiReader(data.unsafeArray(), 0, -1);
  }

  /**
   * Reads the arguments of call data or of a custom error, behind the selector.
   *
   * @throws AbiException if there is no selector
   */
  public static AbiReader afterSelector(Bytes data) {
    Selector.read(data);
    return new AbiReader(data.unsafeArray(), Selector.SIZE, -1);
  }

  /** Reads words, such as the topics of a log. */
  public static AbiReader ofWords(List<Hash> words) {
    byte[] bytes = new byte[words.size() * Hash.SIZE];
    for (int i = 0; i < words.size(); i++) {
      words.get(i).writeTo(bytes, i * Hash.SIZE);
    }
    return new AbiReader(bytes, 0, -1);
  }

  /** A {@code bytes32}, or any word as it is. */
  public Hash word(int slot) {
    return Hash.read(bytes, offset(slot));
  }

  /** An {@code address}. */
  public Address address(int slot) {
    int at = offset(slot);
    checkZero(slot, at, 12, "address");
    return Address.read(bytes, at + 12);
  }

  /** A {@code uint256}. */
  public BigInteger uint(int slot) {
    int at = offset(slot);
    return new BigInteger(1, bytes, at, Hash.SIZE);
  }

  /** An unsigned number of so many bits, a multiple of 8. */
  public BigInteger uint(int slot, int bits) {
    checkZero(slot, offset(slot), Hash.SIZE - bits / 8, "uint" + bits);
    return uint(slot);
  }

  /** An unsigned number below 2^63, whatever its type. */
  public long uintAsLong(int slot) {
    int at = offset(slot);
    checkZero(slot, at, 24, "number below 2^63");
    long value = BigEndian.getLong(bytes, at + 24);
    if (value < 0) {
      throw new AbiException("slot " + slot + " is no number below 2^63: " + word(slot));
    }
    return value;
  }

  /** The 64 bits of a {@code uint64}; 2^64-1 reads as -1. */
  public long uint64(int slot) {
    int at = offset(slot);
    checkZero(slot, at, 24, "uint64");
    return BigEndian.getLong(bytes, at + 24);
  }

  /** An unsigned number below 2^31, whatever its type. */
  public int uintAsInt(int slot) {
    long value = uintAsLong(slot);
    if (value > Integer.MAX_VALUE) {
      throw new AbiException("slot " + slot + " is no number below 2^31: " + word(slot));
    }
    return (int) value;
  }

  /** An unsigned number below 2^128 of atomic units. */
  public UsdcAmount amount(int slot) {
    checkZero(slot, offset(slot), 16, "amount below 2^128");
    return UsdcAmount.of(uint(slot));
  }

  /** A licence id. */
  public LicenseId license(int slot) {
    long value = uintAsLong(slot);
    if (value == 0) {
      throw new AbiException("slot " + slot + " is no licence id: 0");
    }
    return LicenseId.of(value);
  }

  /** A {@code bool}. */
  public boolean bool(int slot) {
    int at = offset(slot);
    checkZero(slot, at, 31, "bool");
    byte value = bytes[at + 31];
    if ((value & ~1) != 0) {
      throw new AbiException("slot " + slot + " is no bool: " + word(slot));
    }
    return value == 1;
  }

  /** A {@code bytesN} of so many bytes, left-aligned in its word. */
  public Bytes fixedBytes(int slot, int size) {
    int at = offset(slot);
    for (int i = size; i < Hash.SIZE; i++) {
      if (bytes[at + i] != 0) {
        throw new AbiException("slot " + slot + " is no bytes" + size + ": " + word(slot));
      }
    }
    return Bytes.wrap(Arrays.copyOfRange(bytes, at, at + size));
  }

  /** A {@code bytes} of any length. */
  public Bytes bytes(int slot) {
    int at = follow(slot);
    int size = readLength(at);
    int start = at + Hash.SIZE;
    if (size > bytes.length - start) {
      throw new AbiException(
          "slot "
              + slot
              + " holds "
              + size
              + " bytes, only "
              + (bytes.length - start)
              + " are there");
    }
    return Bytes.wrap(Arrays.copyOfRange(bytes, start, start + size));
  }

  /** A {@code string}; malformed UTF-8 is replaced by U+FFFD, as a contract may emit any bytes. */
  public String string(int slot) {
    return new String(bytes(slot).unsafeArray(), StandardCharsets.UTF_8);
  }

  /** A reader of the dynamic struct whose offset is in this slot. */
  public AbiReader at(int slot) {
    return new AbiReader(bytes, follow(slot), -1);
  }

  /**
   * A reader of the array whose offset is in this slot. Its slots are those of the items: with
   * items of n words, item i has the slots from i * n on; items of dynamic type have one slot each,
   * and {@link #at} or {@link #bytes} follows it.
   *
   * @param wordsPerItem words of an item in the array's head; 1 for dynamic items
   */
  public AbiReader array(int slot, int wordsPerItem) {
    int at = follow(slot);
    int items = readLength(at);
    int start = at + Hash.SIZE;
    if ((long) items * wordsPerItem * Hash.SIZE > bytes.length - start) {
      throw new AbiException(
          "slot " + slot + " holds an array of " + items + " items, which do not fit");
    }
    return new AbiReader(bytes, start, items);
  }

  /** The number of items, if this reads an array. */
  public int length() {
    if (length < 0) {
      throw new AbiException("not an array");
    }
    return length;
  }

  /** A {@code bytes32[]}. */
  public List<Hash> words(int slot) {
    AbiReader array = array(slot, 1);
    Hash[] words = new Hash[array.length()];
    Arrays.setAll(words, array::word);
    return List.of(words);
  }

  private int offset(int slot) {
    long at = base + (long) slot * Hash.SIZE;
    if (slot < 0 || at + Hash.SIZE > bytes.length) {
      throw new AbiException("slot " + slot + " is beyond the " + bytes.length + " bytes");
    }
    return (int) at;
  }

  private int follow(int slot) {
    long target = base + (long) readLength(offset(slot));
    if (target + Hash.SIZE > bytes.length) {
      throw new AbiException("slot " + slot + " points beyond the " + bytes.length + " bytes");
    }
    return (int) target;
  }

  /** An offset or length: a number that fits a non-negative int. */
  private int readLength(int at) {
    int value = BigEndian.getInt(bytes, at + 28);
    boolean high =
        (BigEndian.getLong(bytes, at)
                | BigEndian.getLong(bytes, at + 8)
                | BigEndian.getLong(bytes, at + 16)
                | BigEndian.getInt(bytes, at + 24))
            != 0;
    if (high || value < 0) {
      throw new AbiException("an offset or length is out of bounds: " + Hash.read(bytes, at));
    }
    return value;
  }

  private void checkZero(int slot, int at, int count, String type) {
    for (int i = 0; i < count; i++) {
      if (bytes[at + i] != 0) {
        throw new AbiException("slot " + slot + " is no " + type + ": " + Hash.read(bytes, at));
      }
    }
  }
}
