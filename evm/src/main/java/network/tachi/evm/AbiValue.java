package network.tachi.evm;

import java.util.List;

/** An argument of a call, with its ABI type. {@link Abi} makes them. */
public sealed interface AbiValue {
  /** The canonical type, such as {@code uint256} or {@code (address,bytes32)[]}. */
  String type();

  /** Whether the encoding is put behind the head, with an offset in its place. */
  boolean isDynamic();

  /**
   * A value of one word.
   *
   * @param type its type
   * @param word its encoding
   */
  record Word(String type, Hash word) implements AbiValue {
    @Override
    public boolean isDynamic() {
      return false;
    }
  }

  /**
   * A {@code bytes} or {@code string}.
   *
   * @param type its type
   * @param content its bytes
   */
  record Blob(String type, Bytes content) implements AbiValue {
    @Override
    public boolean isDynamic() {
      return true;
    }
  }

  /**
   * An array of any length.
   *
   * @param itemType the type of its items
   * @param items its items
   */
  record Array(String itemType, List<AbiValue> items) implements AbiValue {
    /** Copies the items and checks their types. */
    public Array {
      items = List.copyOf(items);
      for (AbiValue item : items) {
        if (!item.type().equals(itemType)) {
          throw new InvalidValueException("array item", itemType, item.type());
        }
      }
    }

    @Override
    public String type() {
      return itemType + "[]";
    }

    @Override
    public boolean isDynamic() {
      return true;
    }
  }

  /**
   * A struct.
   *
   * @param members its members
   */
  record Tuple(List<AbiValue> members) implements AbiValue {
    /** Copies the members. */
    public Tuple {
      members = List.copyOf(members);
    }

    @Override
    public String type() {
      return Abi.typeList(members);
    }

    @Override
    public boolean isDynamic() {
      return members.stream().anyMatch(AbiValue::isDynamic);
    }
  }
}
