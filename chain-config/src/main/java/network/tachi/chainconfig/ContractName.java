package network.tachi.chainconfig;

import java.util.Locale;

/** The contracts a chain can have. */
public enum ContractName {
  /** Licences, domains and payouts. */
  CRAWL_LICENSE,
  /** Payments for single requests, vaults and fees. */
  PAYMENT_PROCESSOR,
  /** Disputes about such payments. */
  DISPUTE_RESOLVER,
  /** Deposits of crawlers; settlement chain only. */
  CREDIT_ESCROW,
  /** Epoch headers, claims and the bond; settlement chain only. */
  METERING_LEDGER,
  /** Headers on the anchor chain; anchor chain only. */
  HEADER_ANCHOR,
  /** Licences of the first Tachi, read only. */
  LEGACY_LICENSE,
  /** Payments of the first Tachi, read only. */
  LEGACY_PAYMENTS,
  /** Crawl and payment log of the first Tachi, read only. */
  LEGACY_LOG;

  /** The name in configuration files: lower case, dashes. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** True for contracts that Tachi does not deploy. */
  public boolean isLegacy() {
    return this == LEGACY_LICENSE || this == LEGACY_PAYMENTS || this == LEGACY_LOG;
  }
}
