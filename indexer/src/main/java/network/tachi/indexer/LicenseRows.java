package network.tachi.indexer;

import static network.tachi.indexer.ColumnValues.saturated;
import static network.tachi.store.jooq.chain.Tables.DOMAIN_CLAIMED;
import static network.tachi.store.jooq.chain.Tables.DOMAIN_RELEASED;
import static network.tachi.store.jooq.chain.Tables.DOMAIN_REPLACEMENT_CANCELLED;
import static network.tachi.store.jooq.chain.Tables.DOMAIN_REPLACEMENT_STARTED;
import static network.tachi.store.jooq.chain.Tables.DOMAIN_UNVERIFIED;
import static network.tachi.store.jooq.chain.Tables.DOMAIN_VERIFIED;
import static network.tachi.store.jooq.chain.Tables.LICENSE_DEACTIVATED;
import static network.tachi.store.jooq.chain.Tables.LICENSE_LINKED;
import static network.tachi.store.jooq.chain.Tables.LICENSE_LOCKED;
import static network.tachi.store.jooq.chain.Tables.LICENSE_MINTED;
import static network.tachi.store.jooq.chain.Tables.LICENSE_REACTIVATED;
import static network.tachi.store.jooq.chain.Tables.LICENSE_SUSPENDED;
import static network.tachi.store.jooq.chain.Tables.LICENSE_TRANSFER;
import static network.tachi.store.jooq.chain.Tables.LICENSE_UNSUSPENDED;
import static network.tachi.store.jooq.chain.Tables.METADATA_UPDATE;
import static network.tachi.store.jooq.chain.Tables.PAYOUT_SCHEDULED;
import static network.tachi.store.jooq.chain.Tables.RECOVERY_CANCELLED;
import static network.tachi.store.jooq.chain.Tables.RECOVERY_SET;
import static network.tachi.store.jooq.chain.Tables.RECOVERY_STARTED;
import static network.tachi.store.jooq.chain.Tables.TERMS_URI_UPDATED;

import network.tachi.contracts.event.LicenseEvent;
import org.jooq.TableRecord;

/** The rows of the events of CrawlLicense. */
final class LicenseRows {
  private LicenseRows() {}

  /** The row of an event, without its place. */
  static TableRecord<?> of(LicenseEvent event) {
    return switch (event) {
      case LicenseEvent.LicenseMinted e ->
          LICENSE_MINTED
              .newRecord()
              .with(LICENSE_MINTED.PUBLISHER, e.publisher())
              .with(LICENSE_MINTED.LICENSE_ID, e.tokenId().value())
              .with(LICENSE_MINTED.TERMS_URI, e.termsURI());
      case LicenseEvent.LicenseDeactivated e ->
          LICENSE_DEACTIVATED.newRecord().with(LICENSE_DEACTIVATED.LICENSE_ID, e.tokenId().value());
      case LicenseEvent.LicenseReactivated e ->
          LICENSE_REACTIVATED.newRecord().with(LICENSE_REACTIVATED.LICENSE_ID, e.tokenId().value());
      case LicenseEvent.LicenseSuspended e ->
          LICENSE_SUSPENDED.newRecord().with(LICENSE_SUSPENDED.LICENSE_ID, e.tokenId().value());
      case LicenseEvent.LicenseUnsuspended e ->
          LICENSE_UNSUSPENDED.newRecord().with(LICENSE_UNSUSPENDED.LICENSE_ID, e.tokenId().value());
      case LicenseEvent.TermsURIUpdated e ->
          TERMS_URI_UPDATED
              .newRecord()
              .with(TERMS_URI_UPDATED.LICENSE_ID, e.tokenId().value())
              .with(TERMS_URI_UPDATED.NEW_TERMS_URI, e.newTermsURI());
      case LicenseEvent.PayoutScheduled e ->
          PAYOUT_SCHEDULED
              .newRecord()
              .with(PAYOUT_SCHEDULED.LICENSE_ID, e.tokenId().value())
              .with(PAYOUT_SCHEDULED.PAYOUT, e.payout())
              .with(PAYOUT_SCHEDULED.EFFECTIVE_AT, saturated(e.effectiveAt()));
      case LicenseEvent.LicenseLinked e ->
          LICENSE_LINKED
              .newRecord()
              .with(LICENSE_LINKED.LICENSE_ID, e.tokenId().value())
              .with(LICENSE_LINKED.OTHER_CHAIN_ID, e.chainId())
              .with(LICENSE_LINKED.OTHER_LICENSE_ID, e.otherId());
      case LicenseEvent.DomainClaimed e ->
          DOMAIN_CLAIMED
              .newRecord()
              .with(DOMAIN_CLAIMED.LICENSE_ID, e.tokenId().value())
              .with(DOMAIN_CLAIMED.DOMAIN_HASH, e.domainHash())
              .with(DOMAIN_CLAIMED.DOMAIN, e.domain());
      case LicenseEvent.DomainReleased e ->
          DOMAIN_RELEASED
              .newRecord()
              .with(DOMAIN_RELEASED.LICENSE_ID, e.tokenId().value())
              .with(DOMAIN_RELEASED.DOMAIN_HASH, e.domainHash());
      case LicenseEvent.DomainVerified e ->
          DOMAIN_VERIFIED
              .newRecord()
              .with(DOMAIN_VERIFIED.LICENSE_ID, e.tokenId().value())
              .with(DOMAIN_VERIFIED.DOMAIN_HASH, e.domainHash());
      case LicenseEvent.DomainUnverified e ->
          DOMAIN_UNVERIFIED
              .newRecord()
              .with(DOMAIN_UNVERIFIED.LICENSE_ID, e.tokenId().value())
              .with(DOMAIN_UNVERIFIED.DOMAIN_HASH, e.domainHash());
      case LicenseEvent.DomainReplacementStarted e ->
          DOMAIN_REPLACEMENT_STARTED
              .newRecord()
              .with(DOMAIN_REPLACEMENT_STARTED.LICENSE_ID, e.tokenId().value())
              .with(DOMAIN_REPLACEMENT_STARTED.DOMAIN_HASH, e.domainHash())
              .with(DOMAIN_REPLACEMENT_STARTED.HOLDER_LICENSE_ID, e.holderId().value())
              .with(DOMAIN_REPLACEMENT_STARTED.EFFECTIVE_AT, saturated(e.effectiveAt()));
      case LicenseEvent.DomainReplacementCancelled e ->
          DOMAIN_REPLACEMENT_CANCELLED
              .newRecord()
              .with(DOMAIN_REPLACEMENT_CANCELLED.LICENSE_ID, e.tokenId().value())
              .with(DOMAIN_REPLACEMENT_CANCELLED.DOMAIN_HASH, e.domainHash());
      case LicenseEvent.RecoverySet e ->
          RECOVERY_SET
              .newRecord()
              .with(RECOVERY_SET.LICENSE_ID, e.tokenId().value())
              .with(RECOVERY_SET.RECOVERY, e.recovery());
      case LicenseEvent.RecoveryStarted e ->
          RECOVERY_STARTED
              .newRecord()
              .with(RECOVERY_STARTED.LICENSE_ID, e.tokenId().value())
              .with(RECOVERY_STARTED.NEW_HOLDER, e.newHolder())
              .with(RECOVERY_STARTED.EFFECTIVE_AT, saturated(e.effectiveAt()));
      case LicenseEvent.RecoveryCancelled e ->
          RECOVERY_CANCELLED.newRecord().with(RECOVERY_CANCELLED.LICENSE_ID, e.tokenId().value());
      case LicenseEvent.Transfer e ->
          LICENSE_TRANSFER
              .newRecord()
              .with(LICENSE_TRANSFER.FROM_ADDRESS, e.from())
              .with(LICENSE_TRANSFER.TO_ADDRESS, e.to())
              .with(LICENSE_TRANSFER.LICENSE_ID, e.tokenId().value());
      case LicenseEvent.Locked e ->
          LICENSE_LOCKED.newRecord().with(LICENSE_LOCKED.LICENSE_ID, e.tokenId().value());
      case LicenseEvent.MetadataUpdate e ->
          METADATA_UPDATE.newRecord().with(METADATA_UPDATE.LICENSE_ID, e.tokenId().value());
    };
  }
}
