package network.tachi.contracts.event;

import java.util.Set;
import network.tachi.chainconfig.ContractName;
import network.tachi.evm.Hash;

/**
 * What a configured contract is. The meaning of a log comes from this, not from its topic alone.
 */
public enum ContractKind {
  /** Licences, domains and payouts. */
  CRAWL_LICENSE,
  /** Payments for single requests, vaults and fees. */
  PAYMENT_PROCESSOR,
  /** Disputes about such payments. */
  DISPUTE_RESOLVER,
  /** Deposits of crawlers. */
  CREDIT_ESCROW,
  /** Epoch headers, claims and the bond. */
  METERING_LEDGER,
  /** Headers on the anchor chain. */
  HEADER_ANCHOR,
  /** Licences of the first Tachi. */
  LEGACY_LICENSE,
  /** Payments of the first Tachi. */
  LEGACY_PAYMENTS,
  /** Crawl and payment log of the first Tachi. */
  LEGACY_LOG;

  /** What a contract of a network's configuration is. */
  public static ContractKind of(ContractName name) {
    return switch (name) {
      case CRAWL_LICENSE -> CRAWL_LICENSE;
      case PAYMENT_PROCESSOR -> PAYMENT_PROCESSOR;
      case DISPUTE_RESOLVER -> DISPUTE_RESOLVER;
      case CREDIT_ESCROW -> CREDIT_ESCROW;
      case METERING_LEDGER -> METERING_LEDGER;
      case HEADER_ANCHOR -> HEADER_ANCHOR;
      case LEGACY_LICENSE -> LEGACY_LICENSE;
      case LEGACY_PAYMENTS -> LEGACY_PAYMENTS;
      case LEGACY_LOG -> LEGACY_LOG;
    };
  }

  /** The first topics of this contract's events: for log filters and bloom tests. */
  public Set<Hash> topics() {
    return EventDecoder.table(this).topics();
  }
}
