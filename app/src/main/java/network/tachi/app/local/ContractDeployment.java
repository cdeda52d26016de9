package network.tachi.app.local;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import network.tachi.chainconfig.ChainRole;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.Deployment;
import network.tachi.chainconfig.Network;
import network.tachi.contracts.deploy.ChainTarget;
import network.tachi.contracts.deploy.DeployListener;
import network.tachi.contracts.deploy.Deployer;
import network.tachi.contracts.deploy.DeploymentParameters;
import network.tachi.contracts.deploy.DeploymentPlan;
import network.tachi.contracts.deploy.Handover;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.store.Database;
import network.tachi.tx.AlreadyDone;
import network.tachi.tx.Outbox;
import network.tachi.tx.SendPolicy;
import network.tachi.tx.TxSender;

/**
 * Deploys a network's contracts through the outbox and writes its deployment file. A run that was
 * killed goes on where it stopped; a run after a complete one sends nothing.
 */
public final class ContractDeployment {
  private final Network network;
  private final EthRpc settlement;
  private final EthRpc anchor;
  private final Database database;
  private final Signer admin;

  /**
   * A deployment.
   *
   * @param database of the role DEPLOY
   * @param admin sends, pays, and owns the contracts
   */
  public ContractDeployment(
      Network network, EthRpc settlement, EthRpc anchor, Database database, Signer admin) {
    this.network = network;
    this.settlement = settlement;
    this.anchor = anchor;
    this.database = database;
    this.admin = admin;
  }

  /**
   * Deploys what is missing and writes the file.
   *
   * @param first done before, with the senders of both chains
   * @return what stands where
   */
  public Deployment run(
      DeploymentParameters parameters,
      Path file,
      DeployListener listener,
      BiConsumer<OutboxTxSender, OutboxTxSender> first) {
    return sending(
        EnumSet.allOf(ChainRole.class),
        (toSettlement, toAnchor) -> {
          first.accept(toSettlement, toAnchor);
          return deploy(
              new Deployer(parameters, listener),
              ChainTarget.of(network.settlement(), settlement, toSettlement),
              ChainTarget.of(network.anchor(), anchor, toAnchor),
              EnumSet.allOf(ChainRole.class),
              file);
        });
  }

  /**
   * Deploys what is missing on some of the chains, writes the file, and proposes the new owner.
   *
   * @return what the new owner must still accept
   */
  public List<Handover.Missing> run(
      DeploymentParameters parameters,
      Set<ChainRole> chains,
      Optional<Handover> handover,
      Path file,
      DeployListener listener) {
    return sending(
        chains,
        (toSettlement, toAnchor) -> {
          Deployer deployer = new Deployer(parameters, listener);
          ChainTarget onSettlement = ChainTarget.of(network.settlement(), settlement, toSettlement);
          ChainTarget onAnchor = ChainTarget.of(network.anchor(), anchor, toAnchor);
          deploy(deployer, onSettlement, onAnchor, chains, file);
          DeploymentPlan plan = deployer.plan(network.settlement(), network.anchor());
          List<Handover.Missing> missing = new ArrayList<>();
          for (ChainRole role : chains) {
            ChainTarget target = role == ChainRole.SETTLEMENT ? onSettlement : onAnchor;
            handover.ifPresent(
                to -> missing.addAll(to.propose(plan.owned(role), target, listener)));
          }
          return missing;
        });
  }

  private static Deployment deploy(
      Deployer deployer,
      ChainTarget onSettlement,
      ChainTarget onAnchor,
      Set<ChainRole> chains,
      Path file) {
    Deployment deployment =
        deployer
            .deploy(onSettlement, onAnchor, chains)
            .keepingStartBlocksOf(file)
            .keepingChainsOf(file);
    deployment.write(file);
    return deployment;
  }

  /** Does work while the outbox's senders of some chains run. */
  private <T> T sending(Set<ChainRole> chains, BiFunction<OutboxTxSender, OutboxTxSender, T> work) {
    Outbox outbox = new Outbox(database.dsl(), database.role().schema());
    try (TxSender onSettlement = sender(outbox, network.settlement(), settlement, SendPolicy.BASE);
        TxSender onAnchor = sender(outbox, network.anchor(), anchor, SendPolicy.ETHEREUM)) {
      if (chains.contains(ChainRole.SETTLEMENT)) {
        onSettlement.start();
      }
      if (chains.contains(ChainRole.ANCHOR)) {
        onAnchor.start();
      }
      return work.apply(
          new OutboxTxSender(outbox, network.settlement().chain(), settlement, admin.address()),
          new OutboxTxSender(outbox, network.anchor().chain(), anchor, admin.address()));
    }
  }

  private TxSender sender(Outbox outbox, ChainSettings chain, EthRpc rpc, SendPolicy policy) {
    return new TxSender(
        outbox,
        database.dataSource(),
        chain.chain(),
        rpc,
        admin,
        policy,
        AlreadyDone.NEVER,
        InstantSource.system());
  }
}
