package network.tachi.contracts.wire;

import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.UsdcAmount;

/** A leaf of a settlement tree (wire.md section 5): a pair, or the sum of a party's pairs. */
public sealed interface SettlementLeaf permits PairLeaf, PartyLeaf {
  /** All that was charged since the first epoch. */
  UsdcAmount cumulative();

  /** The words of {@code abi.encode}. */
  byte[] encode();

  /** The leaf as a node: its hash and cumulative amount. */
  SumNode node();

  /** The node of a leaf whose hash has this tag. */
  static SumNode node(byte tag, SettlementLeaf leaf) {
    Hash hash = Keccak.hash(new byte[] {tag}, leaf.encode());
    return new SumNode(hash, leaf.cumulative());
  }
}
