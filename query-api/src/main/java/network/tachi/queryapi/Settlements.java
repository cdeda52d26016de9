package network.tachi.queryapi;

import static network.tachi.store.jooq.metering.Tables.PAIR_SETTLEMENT;

import java.util.List;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.PairLeaf;
import network.tachi.contracts.wire.SettlementTrees;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.server.ApiException;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Settlement trees of finalised headers, rebuilt from the oracle's pairs and believed only if they
 * give the roots of the header. The newest is kept.
 */
final class Settlements {
  private record Built(Hash header, SettlementTrees trees) {}

  private volatile @Nullable Built newest;

  /**
   * The trees of a header.
   *
   * @throws ApiException with {@code root_mismatch} if the stored pairs are not those of the header
   */
  SettlementTrees of(DSLContext tx, Epochs.Row epoch) {
    Built built = newest;
    if (built == null || !built.header().equals(epoch.hash())) {
      built = new Built(epoch.hash(), build(tx, epoch));
      newest = built;
    }
    return built.trees();
  }

  private static SettlementTrees build(DSLContext tx, Epochs.Row epoch) {
    List<PairLeaf> pairs =
        tx.selectFrom(PAIR_SETTLEMENT)
            .where(PAIR_SETTLEMENT.EPOCH.eq(epoch.epoch()))
            .and(PAIR_SETTLEMENT.GENERATION.eq(epoch.committed().header().generation()))
            .fetch(row ->
                new PairLeaf(
                    row.getCrawler(),
                    LicenseId.of(row.getLicenseId()),
                    row.getCumulative(),
                    row.getLastPairSeq(),
                    row.getLastLogIndex(),
                    row.getVoucherHash()));
    SettlementTrees trees = SettlementTrees.of(pairs);
    EpochBody body = epoch.body();
    boolean same =
        trees.credit().root().equals(body.credit())
            && trees.credit().count() == body.licenseCount()
            && trees.debit().root().equals(body.debit())
            && trees.debit().count() == body.crawlerCount();
    if (!same) {
      throw ApiException.of(
          QueryErrors.ROOT_MISMATCH,
          "the stored settlement of epoch " + epoch.epoch() + " does not give its posted roots");
    }
    return trees;
  }
}
