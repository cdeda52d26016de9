package network.tachi.contracts.wire;

import network.tachi.evm.Hash;

/**
 * The sum of all pairs of one party: a licence in the credit tree, a crawler in the debit tree.
 *
 * @param <K> what names the party; its order is the order of the tree
 */
public sealed interface PartyLeaf<K extends Comparable<K>> extends SettlementLeaf
    permits LicenseLeaf, CrawlerLeaf {
  /** The party. */
  K key();

  /** The number of the party's pairs. */
  long pairCount();

  /** The root hash of the tree of the party's pairs. */
  Hash pairRoot();
}
