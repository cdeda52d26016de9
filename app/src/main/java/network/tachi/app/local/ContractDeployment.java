package network.tachi.app.local;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.Deployment;
import network.tachi.chainconfig.Network;
import network.tachi.contracts.deploy.ChainTarget;
import network.tachi.contracts.deploy.DeployListener;
import network.tachi.contracts.deploy.Deployer;
import network.tachi.contracts.deploy.DeploymentParameters;
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
   * @param first done before, with the senders of both chains; nothing on public networks
   * @return what stands where
   */
  public Deployment run(
      DeploymentParameters parameters,
      Path file,
      DeployListener listener,
      BiConsumer<OutboxTxSender, OutboxTxSender> first) {
    Outbox outbox = new Outbox(database.dsl(), database.role().schema());
    try (TxSender onSettlement = sender(outbox, network.settlement(), settlement, SendPolicy.BASE);
        TxSender onAnchor = sender(outbox, network.anchor(), anchor, SendPolicy.ETHEREUM)) {
      onSettlement.start();
      onAnchor.start();
      OutboxTxSender toSettlement =
          new OutboxTxSender(outbox, network.settlement().chain(), settlement, admin.address());
      OutboxTxSender toAnchor =
          new OutboxTxSender(outbox, network.anchor().chain(), anchor, admin.address());
      first.accept(toSettlement, toAnchor);
      Deployment deployment =
          new Deployer(parameters, listener)
              .deploy(
                  ChainTarget.of(network.settlement(), settlement, toSettlement),
                  ChainTarget.of(network.anchor(), anchor, toAnchor))
              .keepingStartBlocksOf(file);
      deployment.write(file);
      return deployment;
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
