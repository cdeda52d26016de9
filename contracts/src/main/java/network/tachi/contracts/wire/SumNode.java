package network.tachi.contracts.wire;

import network.tachi.evm.AmountOverflowException;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.UsdcAmount;

/**
 * A node of a settlement tree (wire.md section 5).
 *
 * @param hash of the node
 * @param sum of all leaves below
 */
public record SumNode(Hash hash, UsdcAmount sum) {
  /** The root of a tree without leaves. */
  public static final SumNode EMPTY = new SumNode(Hash.ZERO, UsdcAmount.ZERO);

  private static final byte NODE = 0x05;
  private static final int CHILD_SIZE = Hash.SIZE + UsdcAmount.SIZE;

  /**
   * The parent of two nodes.
   *
   * @throws AmountOverflowException if the sums do not fit 128 bits
   */
  public static SumNode join(SumNode left, SumNode right) {
    UsdcAmount sum = left.sum.plus(right.sum);
    byte[] preimage = new byte[1 + 2 * CHILD_SIZE];
    preimage[0] = NODE;
    left.writeTo(preimage, 1);
    right.writeTo(preimage, 1 + CHILD_SIZE);
    return new SumNode(Keccak.hash(preimage, 0, preimage.length), sum);
  }

  private void writeTo(byte[] target, int offset) {
    hash.writeTo(target, offset);
    sum.writeTo(target, offset + Hash.SIZE);
  }
}
