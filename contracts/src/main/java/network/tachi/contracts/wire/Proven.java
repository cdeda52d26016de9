package network.tachi.contracts.wire;

/**
 * A leaf with the proof of its place.
 *
 * @param leaf the leaf
 * @param proof its place in the tree
 * @param <L> kind of leaf
 */
public record Proven<L extends SettlementLeaf>(L leaf, SumProof proof) {
  /** Whether the leaf is in the tree with the given root and number of leaves. */
  public boolean in(SumNode root, long leafCount) {
    return proof.proves(leaf.node(), root, leafCount);
  }
}
