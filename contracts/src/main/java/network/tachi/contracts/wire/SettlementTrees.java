package network.tachi.contracts.wire;

import java.io.ByteArrayOutputStream;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;

/**
 * Credit tree, debit tree and settlement file over the same pair leaves (wire.md sections 3 and 5).
 */
public final class SettlementTrees {
  private static final Comparator<PairLeaf> FILE_ORDER =
      Comparator.comparing(PairLeaf::licenseId).thenComparing(PairLeaf::crawler);

  private final List<PairLeaf> pairs;
  private final SettlementTree<LicenseId, Address, LicenseLeaf> credit;
  private final SettlementTree<Address, LicenseId, CrawlerLeaf> debit;

  private SettlementTrees(List<PairLeaf> pairs) {
    this.pairs = pairs;
    this.credit =
        SettlementTree.of(
            pairs,
            PairLeaf::licenseId,
            PairLeaf::crawler,
            (key, tree) ->
                new LicenseLeaf(key, tree.root().sum(), tree.count(), tree.root().hash()));
    this.debit =
        SettlementTree.of(
            pairs,
            PairLeaf::crawler,
            PairLeaf::licenseId,
            (key, tree) ->
                new CrawlerLeaf(key, tree.root().sum(), tree.count(), tree.root().hash()));
  }

  /**
   * Builds both trees.
   *
   * @throws InvalidValueException if a pair comes twice or has a cumulative amount of 0
   * @throws network.tachi.evm.AmountOverflowException if the sums do not fit 128 bits
   */
  public static SettlementTrees of(Collection<PairLeaf> leaves) {
    for (PairLeaf leaf : leaves) {
      if (leaf.cumulative().isZero()) {
        throw new InvalidValueException("pair", "a cumulative amount above 0", leaf.toString());
      }
    }
    return new SettlementTrees(leaves.stream().sorted(FILE_ORDER).toList());
  }

  /** What each licence has earned. */
  public SettlementTree<LicenseId, Address, LicenseLeaf> credit() {
    return credit;
  }

  /** What each crawler owes. */
  public SettlementTree<Address, LicenseId, CrawlerLeaf> debit() {
    return debit;
  }

  /** The pairs, ascending by licence id and crawler. */
  public List<PairLeaf> pairs() {
    return pairs;
  }

  /** The epoch's settlement file: the encoded pairs one after the other. */
  public byte[] settlementFile() {
    ByteArrayOutputStream file = new ByteArrayOutputStream(pairs.size() * PairLeaf.WORDS * 32);
    for (PairLeaf pair : pairs) {
      file.writeBytes(pair.encode());
    }
    return file.toByteArray();
  }

  /** The hash of the settlement file. */
  public Hash dataCommitment() {
    return Keccak.hash(settlementFile());
  }
}
