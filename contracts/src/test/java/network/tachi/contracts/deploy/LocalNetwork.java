package network.tachi.contracts.deploy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.tachi.chainconfig.ContractAt;
import network.tachi.chainconfig.ContractName;
import network.tachi.chainconfig.Deployment;
import network.tachi.contracts.call.UsdcCalls;
import network.tachi.contracts.event.ContractKind;
import network.tachi.contracts.event.EventDecoder;
import network.tachi.contracts.event.TachiEvent;
import network.tachi.contracts.web3j.Usdc;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.contracts.wire.QuorumSignature;
import network.tachi.contracts.wire.SignerConfig;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.Signature;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.Receipt;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.AnvilOptions;

/** Two anvil chains with USDC and all contracts, and the people who use them. */
final class LocalNetwork implements AutoCloseable {
  static final Address BASE_USDC = Address.parse("0x036CbD53842c5426634e7929541eC2318f3dCF7e");
  static final Address ETHEREUM_USDC = Address.parse("0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238");

  final Anvil base = Anvil.start(AnvilOptions.BASE);
  final Anvil ethereum = Anvil.start(AnvilOptions.ETHEREUM);
  final Signer attestationKey = Signer.of(key("attestation"));
  final List<Signer> roots =
      List.of(Signer.of(key("root 0")), Signer.of(key("root 1")), Signer.of(key("root 2")));
  final SignerConfig signers =
      new SignerConfig(
          1, 2, roots.stream().map(Signer::address).sorted().toList(), attestationKey.address());
  final List<String> steps = new ArrayList<>();

  /** A key made from a name. */
  static PrivateKey key(String name) {
    return PrivateKey.of(Keccak.hash("test account " + name).toBytes());
  }

  DirectTxSender on(Anvil chain, String who) {
    return new DirectTxSender(
        chain.rpc(), chain.chain(), chain.account(who), Duration.ofSeconds(20));
  }

  DirectTxSender onBase(String who) {
    return on(base, who);
  }

  DeploymentParameters parameters() {
    return parameters("local", "admin");
  }

  DeploymentParameters parameters(String name, String admin) {
    Address owner = Signer.of(key(admin)).address();
    return new DeploymentParameters(
        name,
        owner,
        owner,
        Signer.of(key("arbiter")).address(),
        Signer.of(key("treasury")).address(),
        100,
        DeploymentParameters.DEMAND_FEE,
        signers,
        Windows.local());
  }

  Deployment deploy() {
    steps.clear();
    DeployListener listener =
        (chain, step, sent) -> steps.add((sent ? "sent " : "kept ") + chain + " " + step);
    DirectTxSender baseAdmin = on(base, "admin");
    DirectTxSender ethereumAdmin = on(ethereum, "admin");
    new LocalUsdcInstaller(base.rpc(), base.chain(), baseAdmin, listener)
        .install(BASE_USDC, "USDC");
    new LocalUsdcInstaller(ethereum.rpc(), ethereum.chain(), ethereumAdmin, listener)
        .install(ETHEREUM_USDC, "USDC");
    return new Deployer(parameters(), listener)
        .deploy(
            new ChainTarget(base.chain(), BASE_USDC, base.rpc(), baseAdmin),
            new ChainTarget(ethereum.chain(), ETHEREUM_USDC, ethereum.rpc(), ethereumAdmin));
  }

  /** Gives an account USDC on Base and lets a contract spend it. */
  DirectTxSender funded(String who, UsdcAmount amount, Address spender) {
    DirectTxSender sender = onBase(who);
    on(base, "admin").send(BASE_USDC, Usdc.mint(sender.address(), amount));
    sender.send(BASE_USDC, UsdcCalls.approve(spender, amount));
    return sender;
  }

  UsdcAmount balance(Address account) {
    return new Usdc(base.rpc(), BASE_USDC).balanceOf(account);
  }

  /** The head's timestamp on Base. */
  long now() {
    return base.rpc().block(BlockTag.LATEST).orElseThrow().timestamp();
  }

  QuorumSignature sign(EpochHeader header, Hash deploymentId) {
    Hash digest = header.digest(WireDomain.header(deploymentId));
    Map<Address, Signature> all = new HashMap<>();
    roots.forEach(root -> all.put(root.address(), root.sign(digest)));
    return QuorumSignature.of(signers, all);
  }

  /** The events of our contracts in a receipt. */
  static List<TachiEvent> events(Receipt receipt, List<ContractAt> contracts) {
    List<TachiEvent> events = new ArrayList<>();
    receipt.logs().stream()
        .sorted(Comparator.comparingInt(log -> log.logIndex()))
        .forEach(log ->
            contracts.stream()
                .filter(contract -> contract.address().equals(log.address()))
                .flatMap(
                    contract -> EventDecoder.decode(ContractKind.of(contract.name()), log).stream())
                .forEach(events::add));
    return events;
  }

  static List<ContractAt> contracts(Deployment deployment, Anvil chain) {
    return deployment.contracts().getOrDefault(chain.chain(), List.of());
  }

  static Address address(List<ContractAt> contracts, ContractName name) {
    return contracts.stream()
        .filter(each -> each.name() == name)
        .findFirst()
        .orElseThrow()
        .address();
  }

  static Bytes signature(Signer signer, Hash digest) {
    return Bytes.wrap(signer.sign(digest).toBytes());
  }

  static BigInteger number(long value) {
    return BigInteger.valueOf(value);
  }

  @Override
  public void close() {
    base.close();
    ethereum.close();
  }
}
