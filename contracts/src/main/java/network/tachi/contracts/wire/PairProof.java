package network.tachi.contracts.wire;

/**
 * A pair proven down both levels of a settlement tree.
 *
 * @param pair the pair, with its place among the party's pairs
 * @param parent the party, with its place in the tree
 * @param <P> kind of party
 */
public record PairProof<P extends PartyLeaf<?>>(Proven<PairLeaf> pair, Proven<P> parent) {
  /** Whether the pair is in the tree with the given root and number of parties. */
  public boolean in(SumNode root, long partyCount) {
    P party = parent.leaf();
    return parent.in(root, partyCount)
        && pair.in(new SumNode(party.pairRoot(), party.cumulative()), party.pairCount());
  }
}
