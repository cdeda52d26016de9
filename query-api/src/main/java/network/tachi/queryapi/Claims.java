package network.tachi.queryapi;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.chain.Tables.CLAIM_TOTAL;

import network.tachi.contracts.wire.LicenseLeaf;
import network.tachi.contracts.wire.Proven;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.ClaimProof;
import network.tachi.proto.v1.SumNode;
import network.tachi.server.ApiException;
import org.jooq.DSLContext;

/** What licences have earned and claimed on the credit rail, with the proof that a claim needs. */
final class Claims {
  private final Heads heads;
  private final Publishers publishers;
  private final Epochs epochs;
  private final Settlements settlements;

  Claims(Heads heads, Publishers publishers, Epochs epochs, Settlements settlements) {
    this.heads = requireNonNull(heads, "heads is null");
    this.publishers = requireNonNull(publishers, "publishers is null");
    this.epochs = requireNonNull(epochs, "epochs is null");
    this.settlements = requireNonNull(settlements, "settlements is null");
  }

  /** What a licence has claimed so far. */
  UsdcAmount claimed(DSLContext tx, LicenseId license) {
    UsdcAmount claimed =
        tx.select(CLAIM_TOTAL.CLAIMED)
            .from(CLAIM_TOTAL)
            .where(CLAIM_TOTAL.CHAIN_ID.eq(heads.settlement().value()))
            .and(CLAIM_TOTAL.LICENSE_ID.eq(license.value()))
            .fetchOne(CLAIM_TOTAL.CLAIMED);
    return claimed == null ? UsdcAmount.ZERO : claimed;
  }

  /**
   * The licence's leaf in the newest finalised header, proven.
   *
   * @throws ApiException if there is no such licence, or no such leaf yet
   */
  ClaimProof proof(DSLContext tx, LicenseId license) {
    publishers.requireHolder(tx, license);
    Epochs.Row epoch =
        epochs.newestFinalised(tx).orElseThrow(() -> nothing(license, "no epoch is finalised"));
    Proven<LicenseLeaf> proven =
        settlements
            .of(tx, epoch)
            .credit()
            .party(license)
            .orElseThrow(() -> nothing(license, "epoch " + epoch.epoch() + " is the newest"));
    LicenseLeaf leaf = proven.leaf();
    UsdcAmount claimed = claimed(tx, license);
    var asOf = heads.asOf(tx);
    ClaimProof.Builder claim =
        ClaimProof.newBuilder()
            .setLicenseId(license.toString())
            .setCumulative(leaf.cumulative().toString())
            .setClaimed(claimed.toString())
            .setClaimable(leaf.cumulative().minus(claimed.min(leaf.cumulative())).toString())
            .setPairCount(leaf.pairCount())
            .setPairRoot(leaf.pairRoot().toString())
            .setIndex(proven.proof().index())
            .setEpoch(epoch.message().setAsOf(asOf))
            .setAsOf(asOf);
    proven
        .proof()
        .path()
        .forEach(node ->
            claim.addPath(
                SumNode.newBuilder()
                    .setHash(node.hash().toString())
                    .setSum(node.sum().toString())));
    return claim.build();
  }

  private static ApiException nothing(LicenseId license, String why) {
    return ApiException.of(
        QueryErrors.NOTHING_EARNED,
        "licence " + license + " has earned nothing in a finalised epoch; " + why);
  }
}
