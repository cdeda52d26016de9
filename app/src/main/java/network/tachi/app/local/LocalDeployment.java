package network.tachi.app.local;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import network.tachi.app.Console;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.Deployment;
import network.tachi.chainconfig.Network;
import network.tachi.contracts.deploy.DeploymentParameters;
import network.tachi.contracts.deploy.LocalUsdcInstaller;
import network.tachi.contracts.deploy.Windows;
import network.tachi.contracts.web3j.Usdc;
import network.tachi.evm.Address;
import network.tachi.evm.Hex;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.store.Database;

/**
 * Everything that must stand on the local chains before a role starts: ether, USDC, contracts. Safe
 * to run again at every start.
 */
public final class LocalDeployment {
  private static final BigInteger THOUSAND_ETHER = BigInteger.TEN.pow(21);
  private static final UsdcAmount BOND_MONEY = UsdcAmount.parseUsdc("1000000");
  private static final int FEE_BPS = 250;

  private final Network network;
  private final EthRpc base;
  private final EthRpc ethereum;
  private final Database database;
  private final Console console;

  /** A deployment to two anvils, with the database role DEPLOY. */
  public LocalDeployment(
      Network network, EthRpc base, EthRpc ethereum, Database database, Console console) {
    this.network = network;
    this.base = base;
    this.ethereum = ethereum;
    this.database = database;
    this.console = console;
  }

  /** Deploys what is missing, writes the file, and returns what stands where. */
  public Deployment run(Path file) {
    for (LocalAccount account : LocalAccount.values()) {
      fund(base, account);
      fund(ethereum, account);
    }
    List<String> sent = new ArrayList<>();
    Deployment deployment =
        new ContractDeployment(network, base, ethereum, database, LocalAccount.ADMIN.signer())
            .run(
                parameters(network.name()),
                file,
                (chain, step, isNew) -> {
                  if (isNew) {
                    sent.add(step);
                  }
                },
                (onBase, onEthereum) -> {
                  install(network.settlement(), base, onBase);
                  install(network.anchor(), ethereum, onEthereum);
                  openFaucet(onBase);
                  giveBondMoney(onBase);
                });
    console.step(sent.isEmpty() ? "all contracts stand" : "deployed the contracts");
    return deployment;
  }

  private static void install(ChainSettings chain, EthRpc rpc, OutboxTxSender owner) {
    new LocalUsdcInstaller(rpc, chain.chain(), owner, (_, _, _) -> {})
        .install(chain.usdc().address(), chain.usdc().name());
  }

  private static DeploymentParameters parameters(String network) {
    return new DeploymentParameters(
        network,
        LocalAccount.ADMIN.address(),
        LocalAccount.REGISTRAR.address(),
        LocalAccount.ARBITER.address(),
        LocalAccount.FEES.address(),
        FEE_BPS,
        DeploymentParameters.DEMAND_FEE,
        LocalAccount.signerConfig(),
        Windows.local());
  }

  private static void fund(EthRpc rpc, LocalAccount account) {
    if (rpc.balance(account.address(), BlockTag.LATEST).compareTo(THOUSAND_ETHER.shiftRight(1))
        < 0) {
      rpc.request(
          "anvil_setBalance",
          "[\"" + account.address() + "\",\"" + Hex.quantity(THOUSAND_ETHER) + "\"]");
    }
  }

  /** The faucet may mint, so that the demo never sends with the admin's key. */
  private void openFaucet(OutboxTxSender owner) {
    Address usdc = network.settlement().usdc().address();
    Address faucet = LocalAccount.FAUCET.address();
    if (new Usdc(base, usdc).minterAllowance(faucet).signum() == 0) {
      owner.send(usdc, Usdc.configureMinter(faucet, UsdcAmount.MAX));
    }
  }

  /** The oracle's sender pays the bond. */
  private void giveBondMoney(OutboxTxSender owner) {
    Address usdc = network.settlement().usdc().address();
    Address oracle = LocalAccount.ORACLE_BASE.address();
    if (new Usdc(base, usdc).balanceOf(oracle).isZero()) {
      owner.send(usdc, Usdc.mint(oracle, BOND_MONEY));
    }
  }
}
