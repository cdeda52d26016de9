package network.tachi.contracts.event;

import java.util.Set;
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

  /** The first topics of this contract's events: for log filters and bloom tests. */
  public Set<Hash> topics() {
    return EventDecoder.table(this).topics();
  }
}
