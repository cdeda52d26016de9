package network.tachi.indexer;

import static network.tachi.store.jooq.projection.Tables.DISPUTE_ANSWERED;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_ESCALATED;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_OPENED;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_RESOLVED;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_STATE;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_CLAIMED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_CLAIM_STATE;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_RELEASED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_REPLACEMENT_CANCELLED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_REPLACEMENT_STARTED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_STATE;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_UNVERIFIED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_VERIFIED;
import static network.tachi.store.jooq.projection.Tables.EPOCH_STATE;
import static network.tachi.store.jooq.projection.Tables.HEADER_FINALISED;
import static network.tachi.store.jooq.projection.Tables.HEADER_POSTED;
import static network.tachi.store.jooq.projection.Tables.HEADER_VOIDED;

import java.util.List;
import network.tachi.store.jooq.projection.tables.records.DisputeStateRecord;
import network.tachi.store.jooq.projection.tables.records.DomainClaimStateRecord;
import network.tachi.store.jooq.projection.tables.records.DomainStateRecord;
import network.tachi.store.jooq.projection.tables.records.EpochStateRecord;

/** The states that are kept in versions, and what the events do to them. */
final class StateKinds {
  /** Claims of licences to domains. */
  private static final StateKind<DomainClaimStateRecord> CLAIMS =
      new StateKind<>(
              DOMAIN_CLAIM_STATE,
              List.of(DOMAIN_CLAIM_STATE.DOMAIN_HASH, DOMAIN_CLAIM_STATE.LICENSE_ID))
          .initially(state -> state.setClaimed(false))
          .on(
              DOMAIN_CLAIMED,
              (state, row) -> {
                state.setDomain(row.getDomain());
                state.setClaimed(true);
                state.setClaimedBlock(row.getBlockNumber());
              })
          .on(DOMAIN_RELEASED, (state, _) -> state.setClaimed(false))
          .on(
              DOMAIN_REPLACEMENT_STARTED,
              (state, row) -> {
                state.setReplacesLicenseId(row.getHolderLicenseId());
                state.setReplacementAt(row.getEffectiveAt());
                state.setReplacementBlock(row.getBlockNumber());
                state.setReplacementIndex(row.getLogIndex());
              });

  /** What concerns all claims to a domain, so that one event never changes many rows. */
  private static final StateKind<DomainStateRecord> DOMAINS =
      new StateKind<>(DOMAIN_STATE, List.of(DOMAIN_STATE.DOMAIN_HASH))
          .on(
              DOMAIN_VERIFIED,
              (state, row) -> {
                verified(state, true, row.getLicenseId(), row.getBlockNumber());
                settled(state, row.getBlockNumber(), row.getLogIndex());
              })
          .on(
              DOMAIN_UNVERIFIED,
              (state, row) -> verified(state, false, row.getLicenseId(), row.getBlockNumber()))
          .on(
              DOMAIN_REPLACEMENT_CANCELLED,
              (state, row) -> settled(state, row.getBlockNumber(), row.getLogIndex()));

  private static final StateKind<DisputeStateRecord> DISPUTES =
      new StateKind<>(DISPUTE_STATE, List.of(DISPUTE_STATE.DISPUTE_ID))
          .on(
              DISPUTE_OPENED,
              (state, row) -> {
                state.setLicenseId(row.getLicenseId());
                state.setCrawler(row.getCrawler());
                state.setPaymentIds(row.getPaymentIds());
                state.setAmount(row.getAmount());
                state.setEvidenceHash(row.getEvidenceHash());
                state.setEvidenceUri(row.getEvidenceUri());
                state.setAnswerBy(row.getAnswerBy());
                state.setOpenedAt(row.getBlockTimestamp());
                state.setOpenedBlock(row.getBlockNumber());
                state.setOpenedTx(row.getTxHash());
                state.setChangedBlock(row.getBlockNumber());
              })
          .on(
              DISPUTE_ANSWERED,
              (state, row) -> {
                state.setAnswerHash(row.getEvidenceHash());
                state.setAnswerUri(row.getEvidenceUri());
                state.setEscalateBy(row.getEscalateBy());
                state.setChangedBlock(row.getBlockNumber());
              })
          .on(
              DISPUTE_ESCALATED,
              (state, row) -> {
                state.setRuleBy(row.getRuleBy());
                state.setChangedBlock(row.getBlockNumber());
              })
          .on(
              DISPUTE_RESOLVED,
              (state, row) -> {
                state.setOutcome(row.getOutcome());
                state.setCause(row.getCause());
                state.setChangedBlock(row.getBlockNumber());
              });

  private static final StateKind<EpochStateRecord> EPOCHS =
      new StateKind<>(EPOCH_STATE, List.of(EPOCH_STATE.HEADER_HASH))
          .on(
              HEADER_POSTED,
              (state, row) -> {
                state.setEpoch(row.getEpoch());
                state.setGeneration(row.getGeneration());
                state.setPrevHeaderHash(row.getPrevHeaderHash());
                state.setConfigDigest(row.getConfigDigest());
                state.setLogSize(row.getLogSize());
                state.setLogRoot(row.getLogRoot());
                state.setLicenseCount(row.getLicenseCount());
                state.setCreditRoot(row.getCreditRoot());
                state.setCrawlerCount(row.getCrawlerCount());
                state.setDebitRoot(row.getDebitRoot());
                state.setTotalCredit(row.getTotalCredit());
                state.setTotalDebit(row.getTotalDebit());
                state.setRulesHash(row.getRulesHash());
                state.setDataCommitment(row.getDataCommitment());
                state.setClosedAt(row.getClosedAt());
                state.setFinalisableAt(row.getFinalisableAt());
                state.setPostedBlock(row.getBlockNumber());
                state.setPostedIndex(row.getLogIndex());
                state.setPostedAt(row.getBlockTimestamp());
                state.setPostedTx(row.getTxHash());
                state.setChangedBlock(row.getBlockNumber());
              })
          .on(
              HEADER_FINALISED,
              (state, row) -> {
                state.setFinalisedBlock(row.getBlockNumber());
                state.setChangedBlock(row.getBlockNumber());
              })
          .on(
              HEADER_VOIDED,
              (state, row) -> {
                state.setVoidedBlock(row.getBlockNumber());
                state.setChangedBlock(row.getBlockNumber());
              });

  /** All of them; an event changes one kind at most. */
  static final List<StateKind<?>> ALL =
      List.of(LicenseVersions.KIND, CLAIMS, DOMAINS, DISPUTES, EPOCHS);

  private StateKinds() {}

  private static void verified(
      DomainStateRecord state, boolean verified, long license, long block) {
    state.setVerified(verified);
    state.setLicenseId(license);
    state.setVerifiedBlock(block);
  }

  private static void settled(DomainStateRecord state, long block, int logIndex) {
    state.setSettledBlock(block);
    state.setSettledIndex(logIndex);
  }
}
