package network.tachi.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import network.tachi.app.domain.DnsProof;
import network.tachi.app.domain.DomainClaim;
import network.tachi.app.domain.DomainName;
import network.tachi.app.domain.Proof;
import network.tachi.app.domain.WellKnownProof;
import network.tachi.app.local.LocalNetwork;
import network.tachi.chainconfig.ChainCheck;
import network.tachi.chainconfig.ChainRole;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.ContractName;
import network.tachi.chainconfig.Network;
import network.tachi.contracts.deploy.DirectTxSender;
import network.tachi.contracts.web3j.Licenses;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks for the proof of a domain claim, and lets the registrar record what it found. */
@Command(
    name = "verify-domain",
    header = "Checks who controls a domain that a licence claims.",
    description = {
      "The claim is proven by a TXT record at _tachi.<domain>, or by"
          + " https://<domain>/.well-known/tachi.json; run the command without a key to see what"
          + " each must hold. With the registrar's key it sets the licence's verified flag.",
      "Exit code: 0 if the claim is proven (or, with --clear, was cleared), otherwise 1."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tachi verify-domain --network base --license 12 --domain news.example",
      "  ./tachi verify-domain --network base --license 12 --domain news.example"
          + " --key env:REGISTRAR_KEY"
    })
final class VerifyDomainCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Ways to prove a claim. */
  enum Method {
    /** Either. */
    ANY,
    /** TXT record. */
    DNS,
    /** Well-known file. */
    HTTPS
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--network",
      required = true,
      paramLabel = "NAME",
      description = "base, ethereum, base-sepolia, sepolia or local: where the licence is.")
  private String network = "";

  @Option(names = "--license", required = true, paramLabel = "ID", description = "The licence.")
  private long license;

  @Option(
      names = "--domain",
      required = true,
      paramLabel = "NAME",
      description = "The domain it claims.")
  private String domain = "";

  @Option(names = "--method", paramLabel = "WAY", description = "dns, https or any (default).")
  private Method method = Method.ANY;

  @Option(
      names = "--dns",
      paramLabel = "HOST[:PORT]",
      split = ",",
      description =
          "Resolvers to ask instead of the system's, comma separated; all must show the record.")
  private List<String> dns = new ArrayList<>();

  @Option(
      names = "--clear",
      description =
          "Clear the flag if the proof is gone; never when the domain could not be asked.")
  private boolean clear;

  @Option(
      names = "--key",
      paramLabel = "REF",
      description = "The registrar's private key: env:NAME or file:PATH.")
  private @Nullable String key;

  @Option(
      names = "--keystore",
      paramLabel = "FILE",
      description = "The registrar's key as a V3 keystore; goes with --password.")
  private @Nullable Path keystore;

  @Option(
      names = "--password",
      paramLabel = "REF",
      description = "The keystore's password: env:NAME or file:PATH.")
  private @Nullable String password;

  @Override
  public Integer call() {
    Console console = new Console(spec.commandLine().getOut());
    DomainName name = DomainName.parse(domain);
    ChainSettings chain = chain();
    DomainClaim claim =
        new DomainClaim(
            name, chain.chain(), chain.address(ContractName.CRAWL_LICENSE), licenseId());
    try (JsonRpcClient client =
        new JsonRpcClient(chain.rpc().getFirst(), JsonRpcOptions.DEFAULTS)) {
      EthRpc rpc = new EthRpc(client);
      ChainCheck.checkChainId(chain, rpc);
      if (!new Licenses(rpc, claim.contract()).claims(claim.license(), name.hash())) {
        throw new UserError(
            "licence "
                + license
                + " does not claim "
                + name.text()
                + " on "
                + chain.key()
                + "; its holder must call claimDomain first");
      }
      List<Proof> proofs = look(claim);
      proofs.forEach(each -> console.line(each.outcome() + "  " + each.says()));
      return settle(claim, proofs, rpc, console);
    }
  }

  private int settle(DomainClaim claim, List<Proof> proofs, EthRpc rpc, Console console) {
    boolean proven = proofs.stream().anyMatch(Proof::isProven);
    boolean gone = proofs.stream().allMatch(each -> each.outcome() == Proof.Outcome.ABSENT);
    if (!proven) {
      console.line("Not proven. The domain must have one of");
      console.line("  " + DnsProof.record(claim));
      console.line("  " + WellKnownProof.file(claim));
    }
    if (proven ? key == null && keystore == null : !clear) {
      return proven ? 0 : CommandLine.ExitCode.SOFTWARE;
    }
    if (!proven && !gone) {
      throw new UserError("not cleared: the domain could not be asked, so nothing is known");
    }
    if (!proven && method != Method.ANY) {
      throw new UserError("not cleared: --clear looks everywhere, so it goes without --method");
    }
    record(claim, proven, rpc, console);
    return 0;
  }

  private void record(DomainClaim claim, boolean proven, EthRpc rpc, Console console) {
    Signer registrar = AdminKey.of(key, keystore, password);
    Licenses licenses = new Licenses(rpc, claim.contract());
    if (!licenses.registrar().equals(registrar.address())) {
      throw new UserError(
          "the registrar is " + licenses.registrar() + ", the key is of " + registrar.address());
    }
    // Said again even if it stands: a fresh proof by the holder stops another's replacement.
    new DirectTxSender(rpc, claim.chain(), registrar, PATIENCE)
        .send(
            claim.contract(), Licenses.setVerified(claim.license(), claim.domain().hash(), proven));
    boolean holds =
        licenses.licenseOf(claim.domain().hash()).equals(claim.license().toBigInteger());
    console.line(
        !proven
            ? "Cleared."
            : holds
                ? "Verified."
                : "Proven; another licence holds the domain and has its time to answer first.");
  }

  private List<Proof> look(DomainClaim claim) {
    List<Proof> proofs = new ArrayList<>();
    if (method != Method.HTTPS) {
      List<Proof> records =
          (dns.isEmpty() ? List.of("") : dns)
              .stream().map(server -> new DnsProof(server).look(claim)).toList();
      proofs.add(
          records.stream()
              .filter(each -> !each.isProven())
              .max(java.util.Comparator.comparing(Proof::outcome))
              .orElse(records.getFirst()));
    }
    if (method != Method.DNS && proofs.stream().noneMatch(Proof::isProven)) {
      proofs.add(new WellKnownProof().look(claim));
    }
    return proofs;
  }

  private ChainSettings chain() {
    if (network.equals(LocalNetwork.NAME)) {
      return Network.load(network, System.getenv(), Homes.state().deployments()).settlement();
    }
    PublicNetwork named = PublicNetwork.of(network);
    Network loaded = Network.load(named.name(), System.getenv(), Homes.state().deployments());
    return loaded.chain(
        named.chains().contains(ChainRole.SETTLEMENT) ? ChainRole.SETTLEMENT : ChainRole.ANCHOR);
  }

  private LicenseId licenseId() {
    try {
      return LicenseId.of(license);
    } catch (InvalidValueException e) {
      throw new UserError("--license: expected " + e.expected() + ", found " + license, e);
    }
  }
}
