package network.tachi.app.demo;

import java.util.List;
import network.tachi.app.Console;
import network.tachi.chainconfig.ContractName;
import network.tachi.contracts.deploy.TxSender;
import network.tachi.contracts.event.ContractKind;
import network.tachi.contracts.event.EventDecoder;
import network.tachi.contracts.event.LicenseEvent;
import network.tachi.contracts.policy.Category;
import network.tachi.contracts.policy.Policy;
import network.tachi.contracts.policy.PolicyRule;
import network.tachi.contracts.policy.Purpose;
import network.tachi.contracts.web3j.Licenses;
import network.tachi.contracts.wire.PolicyPublication;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.Receipt;
import tools.jackson.databind.node.ObjectNode;

/** What publishers do before they earn anything. */
final class Publishing {
  private final DemoWorld world;
  private final Http http;
  private final Console console;

  Publishing(DemoWorld world, Http http, Console console) {
    this.world = world;
    this.http = http;
    this.console = console;
  }

  /** Mints a licence, claims and verifies a domain, and publishes a policy. */
  Site open(String name, UsdcAmount price) {
    Actor publisher = world.person("publisher " + name);
    Address payout = world.person("payout " + name).address();
    String domain = name + "-" + world.run() + ".localhost";
    Address contract = world.base().address(ContractName.CRAWL_LICENSE);
    TxSender sender = publisher.on(world.base());
    LicenseId license = mint(sender, contract, domain, payout);
    sender.send(contract, Licenses.claimDomain(license, domain));
    Hash domainHash = WireIds.domainHash(domain);
    new Actor("registrar", world.registrar())
        .on(world.base())
        .send(contract, Licenses.setVerified(license, domainHash, true));
    console.line("  " + publisher.name() + " holds licence " + license + " for " + domain);
    Policy policy = publish(publisher, license, price);
    console.line("    curl " + world.api() + "/v1/licenses/" + license);
    return new Site(publisher, payout, license, domain, policy, price);
  }

  private static LicenseId mint(TxSender sender, Address contract, String domain, Address payout) {
    Receipt receipt =
        sender.send(
            contract, Licenses.mint("https://" + domain + "/terms", payout, sender.address()));
    return receipt.logs().stream()
        .flatMap(log -> EventDecoder.decode(ContractKind.CRAWL_LICENSE, log).stream())
        .filter(LicenseEvent.LicenseMinted.class::isInstance)
        .map(event -> ((LicenseEvent.LicenseMinted) event).tokenId())
        .findFirst()
        .orElseThrow(() -> new DemoException("the mint emitted no LicenseMinted"));
  }

  private Policy publish(Actor publisher, LicenseId license, UsdcAmount price) {
    Policy policy =
        new Policy(
            license,
            1,
            List.of(
                new PolicyRule("/articles/*", Purpose.ANY, Category.PREMIUM, price),
                new PolicyRule("/internal/*", Purpose.ANY, Category.RESTRICTED, UsdcAmount.ZERO)));
    WireDomain.License domain =
        WireDomain.license(
            world.base().settings().chain(), world.base().address(ContractName.CRAWL_LICENSE));
    Signature signature =
        publisher.signer().sign(new PolicyPublication(license, 1, policy.hash()).digest(domain));
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("version", "1");
    body.put("document", policy.document());
    body.put("signature", signature.toString());
    new Waiting(world).forIndexer(world.base());
    http.post(world.api().resolve("/v1/licenses/" + license + "/policy"), body);
    console.line("  it asks " + price.toUsdcString() + " an article; terms " + policy.hash());
    return policy;
  }

  /** Mints a second licence on Ethereum and links the two both ways, so that Base confirms it. */
  void linkToEthereum(Site site) {
    Address there = world.ethereum().address(ContractName.CRAWL_LICENSE);
    TxSender sender = site.publisher().on(world.ethereum());
    LicenseId other = mint(sender, there, site.domain(), site.payout());
    sender.send(there, Licenses.link(other, world.base().settings().chain(), site.license()));
    site.publisher()
        .on(world.base())
        .send(
            world.base().address(ContractName.CRAWL_LICENSE),
            Licenses.link(site.license(), world.ethereum().settings().chain(), other));
    console.line(
        "  licence " + site.license() + " and licence " + other + " on Ethereum name each other");
  }
}
