package network.tachi.evm.rpc;

import network.tachi.evm.Hash;
import network.tachi.evm.Hex;
import network.tachi.evm.InvalidValueException;

/** Names a block: by number, by hash, or, with {@link BlockTag}, by how settled it is. */
public sealed interface BlockRef permits BlockTag, BlockRef.ByNumber, BlockRef.ByHash {
  /**
   * A block by its number.
   *
   * @param number 0 or more
   */
  record ByNumber(long number) implements BlockRef {
    /** Checks the number. */
    public ByNumber {
      if (number < 0) {
        throw new InvalidValueException("block number", "0 or more", Long.toString(number));
      }
    }
  }

  /**
   * A block by its hash.
   *
   * @param hash the hash
   */
  record ByHash(Hash hash) implements BlockRef {}

  /** The block of a number. */
  static BlockRef number(long number) {
    return new ByNumber(number);
  }

  /** The block of a hash; state is read only if the block is canonical (EIP-1898). */
  static BlockRef hash(Hash hash) {
    return new ByHash(hash);
  }

  /** The JSON parameter of state methods. */
  default String toJson() {
    return switch (this) {
      case BlockTag tag -> Json.plain(tag);
      case ByNumber number -> Json.plain(Hex.quantity(number.number()));
      case ByHash block ->
          "{\"blockHash\":" + Json.plain(block.hash()) + ",\"requireCanonical\":true}";
    };
  }
}
