package network.tachi.indexer;

import static network.tachi.store.jooq.projection.Tables.LICENSE_DEACTIVATED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_MINTED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_REACTIVATED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_STATE;
import static network.tachi.store.jooq.projection.Tables.LICENSE_SUSPENDED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_TRANSFER;
import static network.tachi.store.jooq.projection.Tables.LICENSE_UNSUSPENDED;
import static network.tachi.store.jooq.projection.Tables.PAYOUT_SCHEDULED;
import static network.tachi.store.jooq.projection.Tables.RECOVERY_CANCELLED;
import static network.tachi.store.jooq.projection.Tables.RECOVERY_SET;
import static network.tachi.store.jooq.projection.Tables.RECOVERY_STARTED;
import static network.tachi.store.jooq.projection.Tables.TERMS_URI_UPDATED;

import java.util.List;
import network.tachi.evm.Address;
import network.tachi.store.jooq.projection.tables.records.LicenseMintedRecord;
import network.tachi.store.jooq.projection.tables.records.LicenseStateRecord;
import network.tachi.store.jooq.projection.tables.records.PayoutScheduledRecord;
import org.jspecify.annotations.Nullable;

/** What the events of a licence do to it. */
final class LicenseVersions {
  static final StateKind<LicenseStateRecord> KIND =
      new StateKind<>(LICENSE_STATE, List.of(LICENSE_STATE.LICENSE_ID))
          .initially(state -> {
            state.setActive(true);
            state.setSuspended(false);
          })
          .on(LICENSE_MINTED, LicenseVersions::minted)
          .on(
              LICENSE_TRANSFER,
              (state, row) -> {
                state.setHolder(row.getToAddress());
                endRecovery(state);
                state.setChangedBlock(row.getBlockNumber());
              })
          .on(
              TERMS_URI_UPDATED,
              (state, row) -> {
                state.setTermsUri(row.getNewTermsUri());
                state.setTermsBlock(row.getBlockNumber());
                state.setChangedBlock(row.getBlockNumber());
              })
          .on(LICENSE_DEACTIVATED, (state, row) -> active(state, false, row.getBlockNumber()))
          .on(LICENSE_REACTIVATED, (state, row) -> active(state, true, row.getBlockNumber()))
          .on(LICENSE_SUSPENDED, (state, row) -> suspended(state, true, row.getBlockNumber()))
          .on(LICENSE_UNSUSPENDED, (state, row) -> suspended(state, false, row.getBlockNumber()))
          .on(PAYOUT_SCHEDULED, LicenseVersions::payoutScheduled)
          .on(
              RECOVERY_SET,
              (state, row) -> {
                state.setRecovery(row.getRecovery());
                state.setChangedBlock(row.getBlockNumber());
              })
          .on(
              RECOVERY_STARTED,
              (state, row) -> {
                state.setNewHolder(row.getNewHolder());
                state.setNewHolderAt(row.getEffectiveAt());
                state.setNewHolderBlock(row.getBlockNumber());
              })
          .on(RECOVERY_CANCELLED, (state, _) -> endRecovery(state))
          .at(LICENSE_STATE.NEXT_PAYOUT_AT, LicenseVersions::payoutTakesEffect);

  private LicenseVersions() {}

  /** What was heard of the licence before, such as the transfer within its mint, stays. */
  private static void minted(LicenseStateRecord state, LicenseMintedRecord row) {
    @Nullable Address holder = state.getHolder();
    state.setContract(row.getContract());
    state.setPublisher(row.getPublisher());
    state.setHolder(holder == null ? row.getPublisher() : holder);
    if (state.getTermsBlock() == null) {
      state.setTermsUri(row.getTermsUri());
      state.setTermsBlock(row.getBlockNumber());
    }
    state.setMintedBlock(row.getBlockNumber());
    state.setMintedAt(row.getBlockTimestamp());
    state.setMintedTx(row.getTxHash());
    state.setChangedBlock(row.getBlockNumber());
  }

  /** One that has not taken effect by now is replaced and never does. */
  private static void payoutScheduled(LicenseStateRecord state, PayoutScheduledRecord row) {
    state.setNextPayout(row.getPayout());
    state.setNextPayoutAt(row.getEffectiveAt());
    if (row.getEffectiveAt() <= row.getBlockTimestamp()) {
      payoutTakesEffect(state);
    }
    state.setChangedBlock(row.getBlockNumber());
  }

  private static void payoutTakesEffect(LicenseStateRecord state) {
    state.setPayout(state.getNextPayout());
    state.setNextPayout(null);
    state.setNextPayoutAt(null);
  }

  private static void active(LicenseStateRecord state, boolean active, long block) {
    state.setActive(active);
    state.setChangedBlock(block);
  }

  private static void suspended(LicenseStateRecord state, boolean suspended, long block) {
    state.setSuspended(suspended);
    state.setChangedBlock(block);
  }

  private static void endRecovery(LicenseStateRecord state) {
    state.setNewHolder(null);
    state.setNewHolderAt(null);
    state.setNewHolderBlock(null);
  }
}
