package network.tachi.contracts.deploy;

import java.util.List;

/** Names of the compiled contracts. */
final class Contracts {
  static final String CRAWL_LICENSE = "CrawlLicense";
  static final String PAYMENT_PROCESSOR = "PaymentProcessor";
  static final String DISPUTE_RESOLVER = "DisputeResolver";
  static final String CREDIT_ESCROW = "CreditEscrow";
  static final String METERING_LEDGER = "MeteringLedger";
  static final String LEDGER_CHALLENGES = "LedgerChallenges";
  static final String SETTLEMENT_CHALLENGES = "SettlementChallenges";
  static final String DEMAND_CHALLENGES = "DemandChallenges";
  static final String LOST_BONDS = "LostBonds";
  static final String HEADER_ANCHOR = "HeaderAnchor";
  static final String VAULT = "Vault";
  static final String LOCAL_USDC = "LocalUsdc";
  static final String LOCAL_USDC_PROXY = "LocalUsdcProxy";

  /** All contracts that the build compiles and the Java side knows. */
  static final List<String> ALL =
      List.of(
          CRAWL_LICENSE,
          PAYMENT_PROCESSOR,
          DISPUTE_RESOLVER,
          CREDIT_ESCROW,
          METERING_LEDGER,
          LEDGER_CHALLENGES,
          SETTLEMENT_CHALLENGES,
          DEMAND_CHALLENGES,
          LOST_BONDS,
          HEADER_ANCHOR,
          VAULT,
          LOCAL_USDC,
          LOCAL_USDC_PROXY);

  private Contracts() {}
}
