package network.tachi.evm;

import java.math.BigInteger;
import java.util.List;

/** A decoded RLP item: a string of bytes or a list of items. */
public sealed interface RlpItem {
  /**
   * A string of bytes.
   *
   * @param value the bytes
   */
  record Text(Bytes value) implements RlpItem {}

  /**
   * A list.
   *
   * @param items its items
   */
  record Items(List<RlpItem> items) implements RlpItem {
    /** Copies the list. */
    public Items {
      items = List.copyOf(items);
    }
  }

  /**
   * The bytes of this string.
   *
   * @throws RlpException if it is a list
   */
  default Bytes asBytes() {
    return switch (this) {
      case Text text -> text.value();
      case Items _ -> throw new RlpException("expected a string, found a list");
    };
  }

  /**
   * The items of this list.
   *
   * @throws RlpException if it is a string
   */
  default List<RlpItem> asList() {
    return switch (this) {
      case Text _ -> throw new RlpException("expected a list, found a string");
      case Items list -> list.items();
    };
  }

  /**
   * This string as an unsigned number without leading zero bytes.
   *
   * @throws RlpException if it is a list, has a leading zero byte or is wider than 256 bits
   */
  default BigInteger asUint() {
    Bytes bytes = asBytes();
    if (bytes.size() > Hash.SIZE) {
      throw new RlpException("expected a number of at most 32 bytes, found " + bytes.size());
    }
    if (!bytes.isEmpty() && bytes.get(0) == 0) {
      throw new RlpException("expected a number without leading zeros, found " + bytes);
    }
    return new BigInteger(1, bytes.unsafeArray());
  }

  /**
   * This string as a non-negative long.
   *
   * @throws RlpException if it is no canonical number below 2^63
   */
  default long asLong() {
    BigInteger value = asUint();
    if (value.bitLength() > 63) {
      throw new RlpException("expected a number below 2^63, found " + value);
    }
    return value.longValueExact();
  }
}
