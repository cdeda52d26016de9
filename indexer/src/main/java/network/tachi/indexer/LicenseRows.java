package network.tachi.indexer;

import static network.tachi.indexer.ColumnValues.saturated;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_CLAIMED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_RELEASED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_REPLACEMENT_CANCELLED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_REPLACEMENT_STARTED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_UNVERIFIED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_VERIFIED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_DEACTIVATED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_LINKED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_LOCKED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_MINTED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_REACTIVATED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_SUSPENDED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_TRANSFER;
import static network.tachi.store.jooq.projection.Tables.LICENSE_UNSUSPENDED;
import static network.tachi.store.jooq.projection.Tables.METADATA_UPDATE;
import static network.tachi.store.jooq.projection.Tables.PAYOUT_SCHEDULED;
import static network.tachi.store.jooq.projection.Tables.RECOVERY_CANCELLED;
import static network.tachi.store.jooq.projection.Tables.RECOVERY_SET;
import static network.tachi.store.jooq.projection.Tables.RECOVERY_STARTED;
import static network.tachi.store.jooq.projection.Tables.TERMS_URI_UPDATED;

import network.tachi.contracts.event.LicenseEvent;

/** The rows of the events of CrawlLicense. */
final class LicenseRows {
  private LicenseRows() {}

  /** Writes the row of an event. */
  static void write(LicenseEvent event, RowSink out) {
    switch (event) {
      case LicenseEvent.LicenseMinted e ->
          out.row(LICENSE_MINTED)
              .with(LICENSE_MINTED.PUBLISHER, e.publisher())
              .with(LICENSE_MINTED.LICENSE_ID, e.tokenId().value())
              .with(LICENSE_MINTED.TERMS_URI, e.termsURI());
      case LicenseEvent.LicenseDeactivated e ->
          out.row(LICENSE_DEACTIVATED).with(LICENSE_DEACTIVATED.LICENSE_ID, e.tokenId().value());
      case LicenseEvent.LicenseReactivated e ->
          out.row(LICENSE_REACTIVATED).with(LICENSE_REACTIVATED.LICENSE_ID, e.tokenId().value());
      case LicenseEvent.LicenseSuspended e ->
          out.row(LICENSE_SUSPENDED).with(LICENSE_SUSPENDED.LICENSE_ID, e.tokenId().value());
      case LicenseEvent.LicenseUnsuspended e ->
          out.row(LICENSE_UNSUSPENDED).with(LICENSE_UNSUSPENDED.LICENSE_ID, e.tokenId().value());
      case LicenseEvent.TermsURIUpdated e ->
          out.row(TERMS_URI_UPDATED)
              .with(TERMS_URI_UPDATED.LICENSE_ID, e.tokenId().value())
              .with(TERMS_URI_UPDATED.NEW_TERMS_URI, e.newTermsURI());
      case LicenseEvent.PayoutScheduled e ->
          out.row(PAYOUT_SCHEDULED)
              .with(PAYOUT_SCHEDULED.LICENSE_ID, e.tokenId().value())
              .with(PAYOUT_SCHEDULED.PAYOUT, e.payout())
              .with(PAYOUT_SCHEDULED.EFFECTIVE_AT, saturated(e.effectiveAt()));
      case LicenseEvent.LicenseLinked e ->
          out.row(LICENSE_LINKED)
              .with(LICENSE_LINKED.LICENSE_ID, e.tokenId().value())
              .with(LICENSE_LINKED.OTHER_CHAIN_ID, e.chainId())
              .with(LICENSE_LINKED.OTHER_LICENSE_ID, e.otherId());
      case LicenseEvent.DomainClaimed e ->
          out.row(DOMAIN_CLAIMED)
              .with(DOMAIN_CLAIMED.LICENSE_ID, e.tokenId().value())
              .with(DOMAIN_CLAIMED.DOMAIN_HASH, e.domainHash())
              .with(DOMAIN_CLAIMED.DOMAIN, e.domain());
      case LicenseEvent.DomainReleased e ->
          out.row(DOMAIN_RELEASED)
              .with(DOMAIN_RELEASED.LICENSE_ID, e.tokenId().value())
              .with(DOMAIN_RELEASED.DOMAIN_HASH, e.domainHash());
      case LicenseEvent.DomainVerified e ->
          out.row(DOMAIN_VERIFIED)
              .with(DOMAIN_VERIFIED.LICENSE_ID, e.tokenId().value())
              .with(DOMAIN_VERIFIED.DOMAIN_HASH, e.domainHash());
      case LicenseEvent.DomainUnverified e ->
          out.row(DOMAIN_UNVERIFIED)
              .with(DOMAIN_UNVERIFIED.LICENSE_ID, e.tokenId().value())
              .with(DOMAIN_UNVERIFIED.DOMAIN_HASH, e.domainHash());
      case LicenseEvent.DomainReplacementStarted e ->
          out.row(DOMAIN_REPLACEMENT_STARTED)
              .with(DOMAIN_REPLACEMENT_STARTED.LICENSE_ID, e.tokenId().value())
              .with(DOMAIN_REPLACEMENT_STARTED.DOMAIN_HASH, e.domainHash())
              .with(DOMAIN_REPLACEMENT_STARTED.HOLDER_LICENSE_ID, e.holderId().value())
              .with(DOMAIN_REPLACEMENT_STARTED.EFFECTIVE_AT, saturated(e.effectiveAt()));
      case LicenseEvent.DomainReplacementCancelled e ->
          out.row(DOMAIN_REPLACEMENT_CANCELLED)
              .with(DOMAIN_REPLACEMENT_CANCELLED.LICENSE_ID, e.tokenId().value())
              .with(DOMAIN_REPLACEMENT_CANCELLED.DOMAIN_HASH, e.domainHash());
      case LicenseEvent.RecoverySet e ->
          out.row(RECOVERY_SET)
              .with(RECOVERY_SET.LICENSE_ID, e.tokenId().value())
              .with(RECOVERY_SET.RECOVERY, e.recovery());
      case LicenseEvent.RecoveryStarted e ->
          out.row(RECOVERY_STARTED)
              .with(RECOVERY_STARTED.LICENSE_ID, e.tokenId().value())
              .with(RECOVERY_STARTED.NEW_HOLDER, e.newHolder())
              .with(RECOVERY_STARTED.EFFECTIVE_AT, saturated(e.effectiveAt()));
      case LicenseEvent.RecoveryCancelled e ->
          out.row(RECOVERY_CANCELLED).with(RECOVERY_CANCELLED.LICENSE_ID, e.tokenId().value());
      case LicenseEvent.Transfer e ->
          out.row(LICENSE_TRANSFER)
              .with(LICENSE_TRANSFER.FROM_ADDRESS, e.from())
              .with(LICENSE_TRANSFER.TO_ADDRESS, e.to())
              .with(LICENSE_TRANSFER.LICENSE_ID, e.tokenId().value());
      case LicenseEvent.Locked e ->
          out.row(LICENSE_LOCKED).with(LICENSE_LOCKED.LICENSE_ID, e.tokenId().value());
      case LicenseEvent.MetadataUpdate e ->
          out.row(METADATA_UPDATE).with(METADATA_UPDATE.LICENSE_ID, e.tokenId().value());
    }
  }
}
