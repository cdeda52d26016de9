package network.tachi.app;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import network.tachi.app.local.ContractDeployment;
import network.tachi.chainconfig.ChainCheck;
import network.tachi.chainconfig.ChainRole;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.Network;
import network.tachi.contracts.deploy.DeployListener;
import network.tachi.contracts.deploy.Deployer;
import network.tachi.contracts.deploy.DeploymentCheck;
import network.tachi.contracts.deploy.DeploymentParameters;
import network.tachi.contracts.deploy.DeploymentPlan;
import network.tachi.contracts.deploy.DryRun;
import network.tachi.contracts.deploy.Handover;
import network.tachi.contracts.deploy.SafetyRules;
import network.tachi.evm.Address;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;
import network.tachi.store.Migrations;

/** A deployment to a public network: refused if unsafe, priced, done, handed over, read back. */
final class PublicDeployment {
  private final PublicNetwork target;
  private final Network network;
  private final Path file;
  private final Console console;

  PublicDeployment(
      PublicNetwork target, Map<String, String> environment, Path deployments, Console console) {
    this.target = target;
    this.network = Network.bare(target.name(), environment);
    this.file = Network.deploymentFile(deployments, target.name());
    this.console = console;
  }

  /** The network's name, part of the addresses. */
  String name() {
    return network.name();
  }

  /**
   * Refuses parameters under which money could be lost.
   *
   * @throws UserError with everything that is wrong
   */
  void requireSafe(
      DeploymentParameters parameters, Duration epochLength, Optional<Address> newOwner) {
    List<String> broken = SafetyRules.broken(parameters, epochLength, target.isMain());
    if (!broken.isEmpty()) {
      throw new UserError("unsafe parameters: " + String.join("; ", broken));
    }
    if (newOwner.isEmpty() && target.isMain()) {
      throw new UserError(
          "--owner is needed where real money is: the multisig that the contracts are handed to");
    }
    newOwner.ifPresent(owner -> requireOwner(owner, parameters.admin()));
  }

  private void requireOwner(Address owner, Address admin) {
    if (owner.isZero() || owner.equals(admin)) {
      throw new UserError("--owner: expected a multisig, found " + owner);
    }
    if (target.isMain()) {
      for (ChainRole role : target.chains()) {
        boolean contract =
            asking(role, (chain, rpc) -> !rpc.code(owner, BlockTag.LATEST).isEmpty());
        if (!contract) {
          throw new UserError(
              "--owner: there is no contract at "
                  + owner
                  + " on "
                  + network.chain(role).key()
                  + "; a multisig must exist before it is named");
        }
      }
    }
  }

  /** Says what is missing and what it would cost. */
  void estimate(DeploymentParameters parameters, Optional<Address> newOwner) {
    DeploymentPlan plan = plan(parameters);
    for (ChainRole role : target.chains()) {
      DryRun.Cost cost =
          asking(
              role,
              (chain, rpc) -> {
                ChainCheck.run(chain, rpc);
                return new DryRun(rpc, parameters.admin())
                    .estimate(plan, role, newOwner.map(Handover::new));
              });
      String key = network.chain(role).key();
      for (DryRun.Step step : cost.steps()) {
        console.line(
            key + ": " + step.title() + (step.stands() ? " (stands)" : ", " + gas(step.gas())));
      }
      console.line(
          key
              + ": in all "
              + gas(cost.gas())
              + ", "
              + ether(cost.wei())
              + " at "
              + new BigDecimal(cost.weiPerGas(), 9).round(new MathContext(4)).toPlainString()
              + " gwei"
              + (cost.dataFee().signum() == 0
                  ? ""
                  : ", with at most " + ether(cost.dataFee()) + " for its data")
              + "; "
              + parameters.admin()
              + " has "
              + ether(cost.balance())
              + (cost.balance().compareTo(cost.wei()) < 0 ? ", too little" : ""));
    }
    console.line("Nothing was sent.");
  }

  /** Deploys what is missing, hands it over, and says what the new owner must do. */
  void deploy(
      DeploymentParameters parameters,
      Optional<Address> newOwner,
      Signer admin,
      DatabaseSettings settings) {
    for (ChainRole role : target.chains()) {
      asking(
          role,
          (chain, rpc) -> {
            ChainCheck.run(chain, rpc);
            return chain;
          });
    }
    Migrations.migrate(settings);
    try (Database db = Database.open(settings, DatabaseRole.DEPLOY, 6);
        JsonRpcClient settlement = client(network.settlement());
        JsonRpcClient anchor = client(network.anchor())) {
      DeployListener listener =
          (chain, step, sent) ->
              console.step("chain " + chain + ": " + step + (sent ? "" : " (stands)"));
      List<Handover.Missing> missing =
          new ContractDeployment(network, new EthRpc(settlement), new EthRpc(anchor), db, admin)
              .run(parameters, target.chains(), newOwner.map(Handover::new), file, listener);
      console.line("Addresses: " + file);
      for (Handover.Missing each : missing) {
        console.line(
            "The new owner must still accept: on chain "
                + each.chain()
                + " call "
                + each.name()
                + " "
                + each.contract()
                + " with data "
                + Handover.ACCEPT
                + " (acceptOwnership)");
      }
    }
  }

  /** Reads everything back and says it; false if something is not as it should be. */
  boolean check(DeploymentParameters parameters, Optional<Address> newOwner) {
    DeploymentPlan plan = plan(parameters);
    boolean ok = true;
    for (ChainRole role : target.chains()) {
      List<DeploymentCheck.Finding> findings =
          asking(
              role,
              (chain, rpc) -> {
                ChainCheck.run(chain, rpc);
                return new DeploymentCheck(plan, role, chain.usdc().address(), rpc).run(newOwner);
              });
      String key = network.chain(role).key();
      long wrong = findings.stream().filter(each -> !each.ok()).count();
      findings.stream()
          .filter(each -> !each.ok())
          .forEach(each -> console.line(key + ": wrong: " + each));
      console.line(key + ": read back " + findings.size() + " values, " + wrong + " wrong");
      ok &= wrong == 0;
    }
    return ok;
  }

  private DeploymentPlan plan(DeploymentParameters parameters) {
    return new Deployer(parameters, DeployListener.SILENT)
        .plan(network.settlement(), network.anchor());
  }

  private <T> T asking(ChainRole role, BiFunction<ChainSettings, EthRpc, T> question) {
    ChainSettings chain = network.chain(role);
    try (JsonRpcClient client = client(chain)) {
      return question.apply(chain, new EthRpc(client));
    }
  }

  private static JsonRpcClient client(ChainSettings chain) {
    return new JsonRpcClient(chain.rpc().getFirst(), JsonRpcOptions.DEFAULTS);
  }

  private static String gas(long gas) {
    return String.format(Locale.ROOT, "%,d gas", gas);
  }

  private static String ether(BigInteger wei) {
    return new BigDecimal(wei, 18).round(new MathContext(4)).toPlainString() + " ether";
  }
}
