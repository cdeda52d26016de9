package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.LEGACY_CRAWL_LOGGED;
import static network.tachi.store.jooq.chain.Tables.LEGACY_LICENSE_DEACTIVATED;
import static network.tachi.store.jooq.chain.Tables.LEGACY_LICENSE_MINTED;
import static network.tachi.store.jooq.chain.Tables.LEGACY_LICENSE_REACTIVATED;
import static network.tachi.store.jooq.chain.Tables.LEGACY_PAYMENT;
import static network.tachi.store.jooq.chain.Tables.LEGACY_PAYMENT_LOGGED;
import static network.tachi.store.jooq.chain.Tables.LEGACY_TERMS_URI_UPDATED;

import network.tachi.contracts.event.LegacyEvent;
import org.jooq.TableRecord;

/** The rows of the events of the first Tachi. */
final class LegacyRows {
  private LegacyRows() {}

  /** The row of an event, without its place. */
  static TableRecord<?> of(LegacyEvent event) {
    return switch (event) {
      case LegacyEvent.LicenseMinted e ->
          LEGACY_LICENSE_MINTED
              .newRecord()
              .with(LEGACY_LICENSE_MINTED.PUBLISHER, e.publisher())
              .with(LEGACY_LICENSE_MINTED.TOKEN_ID, e.tokenId().value())
              .with(LEGACY_LICENSE_MINTED.TERMS_URI, e.termsURI());
      case LegacyEvent.LicenseDeactivated e ->
          LEGACY_LICENSE_DEACTIVATED
              .newRecord()
              .with(LEGACY_LICENSE_DEACTIVATED.TOKEN_ID, e.tokenId().value());
      case LegacyEvent.LicenseReactivated e ->
          LEGACY_LICENSE_REACTIVATED
              .newRecord()
              .with(LEGACY_LICENSE_REACTIVATED.TOKEN_ID, e.tokenId().value());
      case LegacyEvent.TermsURIUpdated e ->
          LEGACY_TERMS_URI_UPDATED
              .newRecord()
              .with(LEGACY_TERMS_URI_UPDATED.TOKEN_ID, e.tokenId().value())
              .with(LEGACY_TERMS_URI_UPDATED.NEW_TERMS_URI, e.newTermsURI());
      case LegacyEvent.Payment e ->
          LEGACY_PAYMENT
              .newRecord()
              .with(LEGACY_PAYMENT.CRAWLER, e.crawler())
              .with(LEGACY_PAYMENT.PUBLISHER, e.publisher())
              .with(LEGACY_PAYMENT.AMOUNT, e.amount().toBigInteger())
              .with(LEGACY_PAYMENT.PAID_AT, e.timestamp());
      case LegacyEvent.CrawlLogged e ->
          LEGACY_CRAWL_LOGGED
              .newRecord()
              .with(LEGACY_CRAWL_LOGGED.CRAWL_ID, e.crawlId())
              .with(LEGACY_CRAWL_LOGGED.TOKEN_ID, e.tokenId())
              .with(LEGACY_CRAWL_LOGGED.CRAWLER, e.crawler())
              .with(LEGACY_CRAWL_LOGGED.URL, e.url())
              .with(LEGACY_CRAWL_LOGGED.LOGGED_AT, e.timestamp());
      case LegacyEvent.PaymentLogged e ->
          LEGACY_PAYMENT_LOGGED
              .newRecord()
              .with(LEGACY_PAYMENT_LOGGED.PAYMENT_ID, e.paymentId())
              .with(LEGACY_PAYMENT_LOGGED.CRAWLER, e.crawler())
              .with(LEGACY_PAYMENT_LOGGED.PUBLISHER, e.publisher())
              .with(LEGACY_PAYMENT_LOGGED.AMOUNT, e.amount().toBigInteger())
              .with(LEGACY_PAYMENT_LOGGED.PAYMENT_TX, e.txHash())
              .with(LEGACY_PAYMENT_LOGGED.LOGGED_AT, e.timestamp());
    };
  }
}
