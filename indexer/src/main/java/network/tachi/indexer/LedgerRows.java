package network.tachi.indexer;

import static network.tachi.indexer.ColumnValues.saturated;
import static network.tachi.store.jooq.projection.Tables.ATTESTATION_KEY_DROPPED;
import static network.tachi.store.jooq.projection.Tables.BOND_DEPOSITED;
import static network.tachi.store.jooq.projection.Tables.BOND_NOTICE;
import static network.tachi.store.jooq.projection.Tables.BOND_SLASHED;
import static network.tachi.store.jooq.projection.Tables.BOND_WITHDRAWN;
import static network.tachi.store.jooq.projection.Tables.CHALLENGE_WON;
import static network.tachi.store.jooq.projection.Tables.CLAIMED;
import static network.tachi.store.jooq.projection.Tables.DEMAND_ANSWERED;
import static network.tachi.store.jooq.projection.Tables.DEMAND_EXPIRED;
import static network.tachi.store.jooq.projection.Tables.DEMAND_OPENED;
import static network.tachi.store.jooq.projection.Tables.GENERATION_RAISED;
import static network.tachi.store.jooq.projection.Tables.HARM_PAID;
import static network.tachi.store.jooq.projection.Tables.HEADER_FINALISED;
import static network.tachi.store.jooq.projection.Tables.HEADER_POSTED;
import static network.tachi.store.jooq.projection.Tables.HEADER_VOIDED;
import static network.tachi.store.jooq.projection.Tables.OVERDRAW_COVERED;
import static network.tachi.store.jooq.projection.Tables.POT_CLOSED;
import static network.tachi.store.jooq.projection.Tables.POT_OPENED;
import static network.tachi.store.jooq.projection.Tables.SIGNER_CONFIG_ACTIVATED;
import static network.tachi.store.jooq.projection.Tables.SIGNER_CONFIG_PROPOSED;
import static network.tachi.store.jooq.projection.Tables.WINDOW_SCHEDULED;

import network.tachi.contracts.event.LedgerEvent;

/** The rows of the events of MeteringLedger. */
final class LedgerRows {
  private LedgerRows() {}

  /** Writes the row of an event. */
  static void write(LedgerEvent event, RowSink out) {
    switch (event) {
      case LedgerEvent.HeaderPosted e ->
          out.row(HEADER_POSTED)
              .with(HEADER_POSTED.EPOCH, saturated(e.epoch()))
              .with(HEADER_POSTED.GENERATION, saturated(e.generation()))
              .with(HEADER_POSTED.HEADER_HASH, e.headerHash())
              .with(HEADER_POSTED.PREV_HEADER_HASH, e.prevHeaderHash())
              .with(HEADER_POSTED.CONFIG_DIGEST, e.configDigest())
              .with(HEADER_POSTED.LOG_SIZE, saturated(e.body().logSize()))
              .with(HEADER_POSTED.LOG_ROOT, e.body().logRoot())
              .with(HEADER_POSTED.LICENSE_COUNT, saturated(e.body().licenseCount()))
              .with(HEADER_POSTED.CREDIT_ROOT, e.body().creditRoot())
              .with(HEADER_POSTED.CRAWLER_COUNT, saturated(e.body().crawlerCount()))
              .with(HEADER_POSTED.DEBIT_ROOT, e.body().debitRoot())
              .with(HEADER_POSTED.TOTAL_CREDIT, e.body().totalCredit())
              .with(HEADER_POSTED.TOTAL_DEBIT, e.body().totalDebit())
              .with(HEADER_POSTED.RULES_HASH, e.body().rulesHash())
              .with(HEADER_POSTED.DATA_COMMITMENT, e.body().dataCommitment())
              .with(HEADER_POSTED.CLOSED_AT, saturated(e.body().closedAt()))
              .with(HEADER_POSTED.FINALISABLE_AT, saturated(e.finalisableAt()));
      case LedgerEvent.HeaderFinalised e ->
          out.row(HEADER_FINALISED)
              .with(HEADER_FINALISED.EPOCH, saturated(e.epoch()))
              .with(HEADER_FINALISED.HEADER_HASH, e.headerHash());
      case LedgerEvent.HeaderVoided e ->
          out.row(HEADER_VOIDED)
              .with(HEADER_VOIDED.EPOCH, saturated(e.epoch()))
              .with(HEADER_VOIDED.GENERATION, saturated(e.generation()))
              .with(HEADER_VOIDED.HEADER_HASH, e.headerHash());
      case LedgerEvent.ChallengeWon e ->
          out.row(CHALLENGE_WON)
              .with(CHALLENGE_WON.CHALLENGE, (short) e.challenge())
              .with(CHALLENGE_WON.EPOCH, saturated(e.epoch()))
              .with(CHALLENGE_WON.CHALLENGER, e.challenger())
              .with(CHALLENGE_WON.REWARD, e.reward());
      case LedgerEvent.GenerationRaised e ->
          out.row(GENERATION_RAISED)
              .with(GENERATION_RAISED.GENERATION, saturated(e.generation()))
              .with(GENERATION_RAISED.LAST_GOOD_EPOCH, saturated(e.lastGoodEpoch()));
      case LedgerEvent.Claimed e ->
          out.row(CLAIMED)
              .with(CLAIMED.LICENSE_ID, e.licenseId().value())
              .with(CLAIMED.PAYOUT, e.payout())
              .with(CLAIMED.EPOCH, saturated(e.epoch()))
              .with(CLAIMED.AMOUNT, e.amount())
              .with(CLAIMED.CUMULATIVE, e.cumulative());
      case LedgerEvent.BondDeposited e ->
          out.row(BOND_DEPOSITED)
              .with(BOND_DEPOSITED.FROM_ADDRESS, e.from())
              .with(BOND_DEPOSITED.AMOUNT, e.amount())
              .with(BOND_DEPOSITED.BOND, e.bond());
      case LedgerEvent.BondNotice e ->
          out.row(BOND_NOTICE)
              .with(BOND_NOTICE.AMOUNT, e.amount())
              .with(BOND_NOTICE.WITHDRAWABLE_AT, saturated(e.withdrawableAt()));
      case LedgerEvent.WindowScheduled e ->
          out.row(WINDOW_SCHEDULED)
              .with(WINDOW_SCHEDULED.WINDOW_SECONDS, saturated(e.windowSeconds()))
              .with(WINDOW_SCHEDULED.EFFECTIVE_AT, saturated(e.effectiveAt()));
      case LedgerEvent.BondWithdrawn e ->
          out.row(BOND_WITHDRAWN)
              .with(BOND_WITHDRAWN.TO_ADDRESS, e.to())
              .with(BOND_WITHDRAWN.AMOUNT, e.amount())
              .with(BOND_WITHDRAWN.BOND, e.bond());
      case LedgerEvent.BondSlashed e ->
          out.row(BOND_SLASHED)
              .with(BOND_SLASHED.AMOUNT, e.amount())
              .with(BOND_SLASHED.BOND, e.bond());
      case LedgerEvent.SignerConfigProposed e ->
          out.row(SIGNER_CONFIG_PROPOSED)
              .with(SIGNER_CONFIG_PROPOSED.VERSION, saturated(e.version()))
              .with(SIGNER_CONFIG_PROPOSED.CONFIG_DIGEST, e.configDigest())
              .with(SIGNER_CONFIG_PROPOSED.THRESHOLD, (short) e.threshold())
              .addresses(SIGNER_CONFIG_PROPOSED.SIGNERS, e.signers())
              .with(SIGNER_CONFIG_PROPOSED.ATTESTATION_KEY, e.attestationKey())
              .with(SIGNER_CONFIG_PROPOSED.EFFECTIVE_AT, saturated(e.effectiveAt()));
      case LedgerEvent.SignerConfigActivated e ->
          out.row(SIGNER_CONFIG_ACTIVATED)
              .with(SIGNER_CONFIG_ACTIVATED.VERSION, saturated(e.version()))
              .with(SIGNER_CONFIG_ACTIVATED.CONFIG_DIGEST, e.configDigest());
      case LedgerEvent.AttestationKeyDropped e ->
          out.row(ATTESTATION_KEY_DROPPED)
              .with(ATTESTATION_KEY_DROPPED.VERSION, saturated(e.version()))
              .with(ATTESTATION_KEY_DROPPED.ATTESTATION_KEY, e.attestationKey());
      case LedgerEvent.DemandOpened e ->
          out.row(DEMAND_OPENED)
              .with(DEMAND_OPENED.DEMAND_ID, e.demandId())
              .with(DEMAND_OPENED.HEADER_HASH, e.headerHash())
              .with(DEMAND_OPENED.KIND, (short) e.kind())
              .with(DEMAND_OPENED.ASKER, e.asker())
              .with(DEMAND_OPENED.SUBJECT, e.subject())
              .with(DEMAND_OPENED.FEE, e.fee())
              .with(DEMAND_OPENED.ANSWER_BY, saturated(e.answerBy()));
      case LedgerEvent.DemandAnswered e ->
          out.row(DEMAND_ANSWERED)
              .with(DEMAND_ANSWERED.DEMAND_ID, e.demandId())
              .with(DEMAND_ANSWERED.ANSWERER, e.answerer());
      case LedgerEvent.DemandExpired e ->
          out.row(DEMAND_EXPIRED).with(DEMAND_EXPIRED.DEMAND_ID, e.demandId());
      case LedgerEvent.PotOpened e ->
          out.row(POT_OPENED)
              .with(POT_OPENED.HEADER_HASH, e.headerHash())
              .with(POT_OPENED.AMOUNT, e.amount());
      case LedgerEvent.HarmPaid e ->
          out.row(HARM_PAID)
              .with(HARM_PAID.HEADER_HASH, e.headerHash())
              .with(HARM_PAID.CRAWLER, e.crawler())
              .with(HARM_PAID.LICENSE_ID, e.licenseId().value())
              .with(HARM_PAID.CRAWLER_AMOUNT, e.crawlerAmount())
              .with(HARM_PAID.LICENSE_AMOUNT, e.licenseAmount());
      case LedgerEvent.PotClosed e ->
          out.row(POT_CLOSED)
              .with(POT_CLOSED.HEADER_HASH, e.headerHash())
              .with(POT_CLOSED.REMAINDER, e.remainder());
      case LedgerEvent.OverdrawCovered e ->
          out.row(OVERDRAW_COVERED)
              .with(OVERDRAW_COVERED.CRAWLER, e.crawler())
              .with(OVERDRAW_COVERED.AMOUNT, e.amount())
              .with(OVERDRAW_COVERED.INSURANCE, e.insurance());
    }
  }
}
