package network.tachi.testkit.chain;

import network.tachi.evm.Hash;

/** A block of a generated chain together with all blocks below it. Immutable. */
public final class Tip {
  private final Branch branch;
  private final ChainBlock block;

  Tip(Branch branch, long number) {
    this.branch = branch;
    this.block = branch.block(number);
  }

  Branch branch() {
    return branch;
  }

  /** The block itself. */
  public ChainBlock block() {
    return block;
  }

  /** Its number. */
  public long number() {
    return block.number();
  }

  /** Its hash. */
  public Hash hash() {
    return block.hash();
  }

  /**
   * The block of a number below it, or itself.
   *
   * @throws IllegalArgumentException if the number is negative or above this block's
   */
  public ChainBlock block(long number) {
    if (number < 0 || number > block.number()) {
      throw new IllegalArgumentException("no block " + number + " below " + block);
    }
    return branch.block(number);
  }

  /**
   * An earlier block with all below it.
   *
   * @throws IllegalArgumentException if the number is negative or above this block's
   */
  public Tip at(long number) {
    block(number);
    return new Tip(branch, number);
  }

  /** Whether a block is this one or below it. */
  public boolean contains(ChainBlock other) {
    return other.number() <= block.number() && branch.block(other.number()).equals(other);
  }

  /** The highest block that this one and another have in common. */
  public ChainBlock ancestor(Tip other) {
    long low = 0;
    long high = Math.min(number(), other.number());
    while (low < high) {
      long middle = (low + high + 1) / 2;
      if (contains(other.block(middle))) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return block(low);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tip tip && block.equals(tip.block);
  }

  @Override
  public int hashCode() {
    return block.hashCode();
  }

  @Override
  public String toString() {
    return block.toString();
  }
}
