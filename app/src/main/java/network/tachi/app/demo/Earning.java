package network.tachi.app.demo;

import java.net.URI;
import java.util.List;
import network.tachi.app.Console;
import network.tachi.chainconfig.ContractName;
import network.tachi.contracts.event.PaymentEvent;
import network.tachi.contracts.web3j.Ledger;
import network.tachi.contracts.web3j.Payments;
import network.tachi.contracts.wire.LicenseLeaf;
import network.tachi.contracts.wire.Proven;
import network.tachi.contracts.wire.SumNode;
import network.tachi.contracts.wire.SumProof;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.Receipt;
import tools.jackson.databind.JsonNode;

/** How a publisher gets its money, on both rails. */
final class Earning {
  private final DemoWorld world;
  private final Http http;
  private final Console console;
  private final Waiting waiting;

  Earning(DemoWorld world, Http http, Console console, Waiting waiting) {
    this.world = world;
    this.http = http;
    this.console = console;
    this.waiting = waiting;
  }

  /**
   * Waits until an epoch that covers all that the sites have earned is final on Base and anchored
   * on Ethereum.
   */
  void awaitFinalised(List<Site> sites) {
    for (Site site : sites) {
      Waiting.until(
          "all that licence " + site.license() + " earned is claimable",
          () -> {
            JsonNode revenue = http.json(url("/v1/licenses/" + site.license() + "/revenue"));
            JsonNode claim = answer(url("/v1/licenses/" + site.license() + "/claim"));
            String earned = revenue.path("creditEarned").asString("0");
            return !earned.equals("0") && earned.equals(claim.path("cumulative").asString("0"));
          });
    }
    JsonNode epoch =
        http.json(url("/v1/licenses/" + sites.getFirst().license() + "/claim")).path("epoch");
    long number = Long.parseLong(epoch.path("epoch").asString());
    Waiting.until(
        "epoch " + number + " is anchored",
        () -> !http.json(url("/v1/epochs/" + number)).path("anchorTx").asString("").isEmpty());
    JsonNode anchored = http.json(url("/v1/epochs/" + number));
    console.line(
        "  epoch "
            + number
            + ", header "
            + anchored.path("headerHash").asString()
            + ", "
            + anchored.path("logSize").asString()
            + " lines");
    console.line("  on Base in " + anchored.path("settlementTx").asString());
    console.line("  on Ethereum in " + anchored.path("anchorTx").asString());
    console.line("    curl " + world.api() + "/v1/epochs/" + number);
  }

  private JsonNode answer(URI uri) {
    var response = http.get(uri, java.util.Map.of());
    return response.statusCode() == 200
        ? Json.MAPPER.readTree(response.body())
        : Json.MAPPER.createObjectNode();
  }

  /** Claims with the proof that the query API gives, and checks that the payout got it all. */
  void claim(Site site) {
    UsdcAmount before = world.base().usdc().balanceOf(site.payout());
    Address ledger = world.base().address(ContractName.METERING_LEDGER);
    JsonNode claim = http.json(url("/v1/licenses/" + site.license() + "/claim"));
    UsdcAmount claimable = UsdcAmount.parse(claim.path("claimable").asString());
    Receipt receipt =
        site.publisher().on(world.base()).send(ledger, Ledger.claim(proof(site, claim)));
    UsdcAmount paid = world.base().usdc().balanceOf(site.payout()).minus(before);
    if (!paid.equals(claimable)) {
      throw new DemoException("expected a claim of " + claimable + ", found " + paid);
    }
    console.line("  claimed " + paid.toUsdcString() + " in " + receipt.transactionHash());
    console.line("    curl " + world.api() + "/v1/licenses/" + site.license() + "/claim");
  }

  private static Proven<LicenseLeaf> proof(Site site, JsonNode claim) {
    List<SumNode> path =
        claim.path("path").values().stream()
            .map(node ->
                new SumNode(
                    Hash.parse(node.path("hash").asString()),
                    UsdcAmount.parse(node.path("sum").asString("0"))))
            .toList();
    LicenseLeaf leaf =
        new LicenseLeaf(
            site.license(),
            UsdcAmount.parse(claim.path("cumulative").asString()),
            Long.parseLong(claim.path("pairCount").asString("0")),
            Hash.parse(claim.path("pairRoot").asString()));
    long count = Long.parseLong(claim.path("epoch").path("licenseCount").asString());
    return new Proven<>(
        leaf, new SumProof(Long.parseLong(claim.path("index").asString("0")), count, path));
  }

  /** Withdraws the site's payments once they can no longer be disputed. */
  void withdraw(Site site) {
    Address processor = world.base().address(ContractName.PAYMENT_PROCESSOR);
    Payments payments = new Payments(world.base().rpc(), processor);
    long bucketSeconds = payments.bucket().toSeconds();
    long lastPaidAt =
        ChainBooks.events(
                world.base().settings(), world.base().rpc(), 0, world.base().head().number())
            .stream()
            .filter(PaymentEvent.PaymentMade.class::isInstance)
            .map(PaymentEvent.PaymentMade.class::cast)
            .filter(payment -> payment.licenseId().equals(site.license()))
            .mapToLong(PaymentEvent.PaymentMade::paidAt)
            .max()
            .orElseThrow(
                () -> new DemoException("licence " + site.license() + " was not paid directly"));
    waiting.forTime(world.base(), payments.maturesAt(lastPaidAt / bucketSeconds));
    UsdcAmount before = world.base().usdc().balanceOf(site.payout());
    Receipt receipt =
        site.publisher().on(world.base()).send(processor, Payments.withdraw(site.license()));
    UsdcAmount paid = world.base().usdc().balanceOf(site.payout()).minus(before);
    if (paid.isZero()) {
      throw new DemoException("the withdrawal of licence " + site.license() + " paid nothing");
    }
    console.line(
        "  withdrew "
            + paid.toUsdcString()
            + ", after the protocol fee, in "
            + receipt.transactionHash());
    console.line("    curl " + world.api() + "/v1/licenses/" + site.license() + "/revenue");
  }

  private URI url(String path) {
    return world.api().resolve(path);
  }
}
