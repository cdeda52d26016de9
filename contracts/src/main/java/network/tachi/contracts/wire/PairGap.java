package network.tachi.contracts.wire;

import java.util.List;

/**
 * Proof that a pair is in neither tree nor party (wire.md section 6): neighbours around its party,
 * or around the pair among the pairs of its party.
 *
 * @param pairs one or two pairs of one party, or none
 * @param parents one or two parties, or none
 */
public record PairGap(
    List<PairProof<? extends PartyLeaf<?>>> pairs, List<Proven<? extends PartyLeaf<?>>> parents) {
  /** Where none is needed. */
  public static final PairGap NONE = new PairGap(List.of(), List.of());

  /** Copies the lists. */
  public PairGap {
    pairs = List.copyOf(pairs);
    parents = List.copyOf(parents);
  }

  /** The pair's party is not in the tree. */
  public static <P extends PartyLeaf<?>> PairGap ofParty(Absence<P> absence) {
    return new PairGap(List.of(), List.copyOf(shown(absence)));
  }

  /** The party is in the tree and has no such pair. */
  public static <P extends PartyLeaf<?>> PairGap ofPair(
      Absence<PairLeaf> absence, Proven<P> parent) {
    return new PairGap(
        shown(absence).stream()
            .<PairProof<? extends PartyLeaf<?>>>map(pair -> new PairProof<>(pair, parent))
            .toList(),
        List.of());
  }

  private static <L extends SettlementLeaf> List<Proven<L>> shown(Absence<L> absence) {
    return switch (absence) {
      case Absence.EmptyTree<L>() -> List.of();
      case Absence.BeforeFirst<L>(Proven<L> first) -> List.of(first);
      case Absence.AfterLast<L>(Proven<L> last) -> List.of(last);
      case Absence.Between<L>(Proven<L> left, Proven<L> right) -> List.of(left, after(left, right));
    };
  }

  /** Of a second neighbour, the path is cut where it meets the first one's. */
  private static <L extends SettlementLeaf> Proven<L> after(Proven<L> first, Proven<L> second) {
    List<SumNode> path = second.proof().path();
    int meets = Long.numberOfTrailingZeros(~first.proof().index());
    int own = path.size() - first.proof().path().size() + meets;
    return new Proven<>(
        second.leaf(),
        new SumProof(second.proof().index(), second.proof().count(), path.subList(0, own)));
  }
}
