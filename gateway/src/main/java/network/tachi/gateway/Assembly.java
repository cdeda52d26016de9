package network.tachi.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import network.tachi.evm.Hash;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.store.Database;
import network.tachi.tx.Outbox;
import network.tachi.tx.TxSender;

/** Puts a gateway together. */
final class Assembly {
  private static final Duration MARGIN = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration LONG_PAUSE = Duration.ofSeconds(30);

  private final GatewayConfig config;
  private final Database database;
  private final Settlement settlement;
  private final Bell bell = new Bell();
  private final Parts parts;
  private final Sites sites;
  private final Vaults vaults;
  private final Authorizations authorizations;
  private final Reservations reservations;
  private final SettlementDesk settlementDesk;
  private final ExactVerifier verifier;
  private final CreditReporter creditReporter;
  private final CreditFlow creditFlow;
  private final UsageReporter usageReporter;
  private final TxSender sender;
  private final GatewayMetrics metrics;

  Assembly(
      GatewayConfig config,
      Database database,
      EthRpc rpc,
      Signer facilitator,
      MeterRegistry registry,
      InstantSource clock,
      Hash vaultInitCodeHash,
      OracleClient oracle,
      OriginClient origin) {
    this.config = config;
    this.database = database;
    this.settlement = config.settlement();
    this.metrics = new GatewayMetrics(registry);
    Responses responses = new Responses(database, config.window(), clock);
    ContentIds contentIds = new ContentIds(database, new SecureRandom());
    this.parts =
        new Parts(
            database,
            settlement,
            new Identifiers(database, responses),
            responses,
            origin,
            contentIds,
            new Challenge(settlement),
            metrics,
            bell,
            clock,
            config.settleTimeout());
    this.sites = new Sites(database, settlement.chain(), config.siteFreshness());
    this.vaults = new Vaults(settlement, vaultInitCodeHash, sites);
    Duration fetchLease = config.originTimeout().plus(MARGIN);
    this.authorizations = new Authorizations(database, clock, config.name(), fetchLease);
    UsageQueue usage = new UsageQueue(database, clock);
    Outbox outbox = new Outbox(database.dsl(), "gateway");
    this.settlementDesk =
        new SettlementDesk(
            database,
            authorizations,
            responses,
            usage,
            outbox,
            new PaymentEvidence(rpc, settlement),
            settlement,
            vaults,
            metrics,
            bell);
    this.sender =
        new TxSender(
            outbox,
            database.dataSource(),
            settlement.chain(),
            rpc,
            facilitator,
            config.sendPolicy(),
            (_, key) -> SettlementDesk.isDone(rpc, settlement, key),
            clock);
    this.verifier = new ExactVerifier(settlement, rpc, facilitator.address(), Secp256k1.best());
    KnownKeys keys = new KnownKeys(Secp256k1.best());
    VoucherVerifier vouchers = new VoucherVerifier(database, settlement, keys);
    this.reservations = new Reservations(clock, config.name());
    Duration reportLease = config.attestTimeout().plus(MARGIN);
    CreditDesk creditDesk =
        new CreditDesk(
            parts, new Pairs(clock), reservations, vouchers, oracle, fetchLease, reportLease);
    this.creditReporter =
        new CreditReporter(
            parts,
            creditDesk,
            reservations,
            oracle,
            new AttestationCheck(database, settlement, keys, vouchers),
            reportLease);
    this.creditFlow =
        new CreditFlow(parts, creditDesk, creditReporter, reservations, vouchers, reportLease);
    this.usageReporter = new UsageReporter(usage, oracle, metrics);
  }

  TxSender sender() {
    return sender;
  }

  Gatekeeper gatekeeper() {
    ExactFlow exact = new ExactFlow(parts, settlementDesk, verifier, authorizations);
    return new Gatekeeper(parts, sites, vaults, exact, creditFlow, config.scheme());
  }

  Facilitator facilitator() {
    return new Facilitator(
        parts, verifier, authorizations, settlementDesk, vaults, sender.address());
  }

  /** Lets go of what an earlier life of this gateway held; the keepers then see to it. */
  void recover() {
    int released = authorizations.releaseLeft(true);
    if (released > 0) {
      System.getLogger(Assembly.class.getName())
          .log(
              System.Logger.Level.INFO, "released {0} authorizations of an earlier life", released);
    }
    reservations.abandonOwn(database.dsl());
  }

  List<Keeper> keepers() {
    return List.of(
        new Keeper(
            "settlements",
            () -> metrics.settlementsOpen(settlementDesk.resolveAll(settlement.chain())),
            PAUSE),
        new Keeper("reports", () -> metrics.reportsOpen(creditReporter.recover()), PAUSE),
        new Keeper("usage", usageReporter::run, PAUSE),
        new Keeper("housekeeping", this::tidy, LONG_PAUSE));
  }

  private void tidy() {
    parts.responses().purge();
    authorizations.releaseLeft(false);
  }
}
