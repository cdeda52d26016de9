package network.tachi.indexer;

import static network.tachi.store.jooq.projection.Tables.LEGACY_CRAWL_LOGGED;
import static network.tachi.store.jooq.projection.Tables.LEGACY_LICENSE_DEACTIVATED;
import static network.tachi.store.jooq.projection.Tables.LEGACY_LICENSE_MINTED;
import static network.tachi.store.jooq.projection.Tables.LEGACY_LICENSE_REACTIVATED;
import static network.tachi.store.jooq.projection.Tables.LEGACY_PAYMENT;
import static network.tachi.store.jooq.projection.Tables.LEGACY_PAYMENT_LOGGED;
import static network.tachi.store.jooq.projection.Tables.LEGACY_TERMS_URI_UPDATED;

import network.tachi.contracts.event.LegacyEvent;

/** The rows of the events of the first Tachi. */
final class LegacyRows {
  private LegacyRows() {}

  /** Writes the row of an event. */
  static void write(LegacyEvent event, RowSink out) {
    switch (event) {
      case LegacyEvent.LicenseMinted e ->
          out.row(LEGACY_LICENSE_MINTED)
              .with(LEGACY_LICENSE_MINTED.PUBLISHER, e.publisher())
              .with(LEGACY_LICENSE_MINTED.TOKEN_ID, e.tokenId().value())
              .with(LEGACY_LICENSE_MINTED.TERMS_URI, e.termsURI());
      case LegacyEvent.LicenseDeactivated e ->
          out.row(LEGACY_LICENSE_DEACTIVATED)
              .with(LEGACY_LICENSE_DEACTIVATED.TOKEN_ID, e.tokenId().value());
      case LegacyEvent.LicenseReactivated e ->
          out.row(LEGACY_LICENSE_REACTIVATED)
              .with(LEGACY_LICENSE_REACTIVATED.TOKEN_ID, e.tokenId().value());
      case LegacyEvent.TermsURIUpdated e ->
          out.row(LEGACY_TERMS_URI_UPDATED)
              .with(LEGACY_TERMS_URI_UPDATED.TOKEN_ID, e.tokenId().value())
              .with(LEGACY_TERMS_URI_UPDATED.NEW_TERMS_URI, e.newTermsURI());
      case LegacyEvent.Payment e ->
          out.row(LEGACY_PAYMENT)
              .with(LEGACY_PAYMENT.CRAWLER, e.crawler())
              .with(LEGACY_PAYMENT.PUBLISHER, e.publisher())
              .with(LEGACY_PAYMENT.AMOUNT, e.amount().toBigInteger())
              .with(LEGACY_PAYMENT.PAID_AT, e.timestamp());
      case LegacyEvent.CrawlLogged e ->
          out.row(LEGACY_CRAWL_LOGGED)
              .with(LEGACY_CRAWL_LOGGED.CRAWL_ID, e.crawlId())
              .with(LEGACY_CRAWL_LOGGED.TOKEN_ID, e.tokenId())
              .with(LEGACY_CRAWL_LOGGED.CRAWLER, e.crawler())
              .with(LEGACY_CRAWL_LOGGED.URL, e.url())
              .with(LEGACY_CRAWL_LOGGED.LOGGED_AT, e.timestamp());
      case LegacyEvent.PaymentLogged e ->
          out.row(LEGACY_PAYMENT_LOGGED)
              .with(LEGACY_PAYMENT_LOGGED.PAYMENT_ID, e.paymentId())
              .with(LEGACY_PAYMENT_LOGGED.CRAWLER, e.crawler())
              .with(LEGACY_PAYMENT_LOGGED.PUBLISHER, e.publisher())
              .with(LEGACY_PAYMENT_LOGGED.AMOUNT, e.amount().toBigInteger())
              .with(LEGACY_PAYMENT_LOGGED.PAYMENT_TX, e.txHash())
              .with(LEGACY_PAYMENT_LOGGED.LOGGED_AT, e.timestamp());
    }
  }
}
