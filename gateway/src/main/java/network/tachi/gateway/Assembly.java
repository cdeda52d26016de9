package network.tachi.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import network.tachi.evm.Hash;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.store.Database;
import network.tachi.tx.TxSender;

/** Puts a gateway together. */
final class Assembly {
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration LONG_PAUSE = Duration.ofSeconds(30);

  private final GatewayConfig config;
  private final Parts parts;
  private final Sites sites;
  private final Vaults vaults;
  private final DirectRail direct;
  private final CreditRail credit;
  private final UsageReporter usageReporter;

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
    Settlement settlement = config.settlement();
    Responses responses = new Responses(database, config.window(), clock);
    this.parts =
        new Parts(
            database,
            settlement,
            new Identifiers(database, responses),
            responses,
            origin,
            new ContentIds(database, new SecureRandom()),
            new Challenge(settlement),
            new GatewayMetrics(registry),
            new Bell(),
            clock,
            config.settleTimeout());
    this.sites = new Sites(database, settlement.chain(), config.siteFreshness());
    this.vaults = new Vaults(settlement, vaultInitCodeHash, sites);
    this.direct = DirectRail.assemble(config, parts, vaults, rpc, facilitator);
    this.credit = CreditRail.assemble(config, parts, oracle);
    this.usageReporter = new UsageReporter(direct.usage(), oracle, parts.metrics());
  }

  TxSender sender() {
    return direct.sender();
  }

  Gatekeeper gatekeeper() {
    ExactFlow exact =
        new ExactFlow(
            parts, direct.desk(), direct.verifier(), direct.authorizations(), direct.limits());
    return new Gatekeeper(parts, sites, vaults, exact, credit.flow(), config.scheme());
  }

  Facilitator facilitator() {
    return new Facilitator(
        parts,
        direct.verifier(),
        direct.authorizations(),
        direct.limits(),
        direct.desk(),
        vaults,
        direct.sender().address());
  }

  /** Lets go of what an earlier life of this gateway held; the keepers then see to it. */
  void recover() {
    int released = direct.authorizations().releaseLeft(true);
    if (released > 0) {
      System.getLogger(Assembly.class.getName())
          .log(
              System.Logger.Level.INFO, "released {0} authorizations of an earlier life", released);
    }
    credit.reservations().abandonOwn(parts.database().dsl());
  }

  List<Keeper> keepers() {
    return List.of(
        new Keeper("settlements", this::settlements, PAUSE),
        new Keeper("reports", this::reports, PAUSE),
        new Keeper("usage", usageReporter::run, PAUSE),
        new Keeper("housekeeping", this::tidy, LONG_PAUSE));
  }

  private void settlements() {
    parts.metrics().settlementsOpen(direct.desk().resolveAll(config.settlement().chain()));
  }

  private void reports() {
    parts.metrics().reportsOpen(credit.reporter().recover());
  }

  private void tidy() {
    parts.responses().purge();
    direct.authorizations().releaseLeft(false);
  }
}
