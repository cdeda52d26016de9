package network.tachi.app.demo;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import network.tachi.app.Console;
import network.tachi.chainconfig.ContractName;
import network.tachi.contracts.call.UsdcCalls;
import network.tachi.contracts.event.ContractKind;
import network.tachi.contracts.event.DisputeEvent;
import network.tachi.contracts.event.EventDecoder;
import network.tachi.contracts.event.PaymentEvent;
import network.tachi.contracts.event.TachiEvent;
import network.tachi.contracts.web3j.Disputes;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.Receipt;

/** A direct payment, disputed inside its hold window and refunded. */
final class Disputing {
  private final DemoWorld world;
  private final Console console;

  Disputing(DemoWorld world, Console console) {
    this.world = world;
    this.console = console;
  }

  /** The crawler pays for one more page, disputes the payment, and the publisher accepts. */
  void refund(Crawl crawl, Site site) {
    Crawl.Page page = crawl.payExact(site, "/articles/2");
    Hash transaction = Hash.parse(page.payment().path("transaction").asString());
    PaymentEvent.PaymentMade payment = payment(transaction);
    UsdcAmount before = world.base().usdc().balanceOf(crawl.crawler().address());
    Address resolver = world.base().address(ContractName.DISPUTE_RESOLVER);
    Address usdc = world.base().settings().usdc().address();
    crawl.crawler().on(world.base()).send(usdc, UsdcCalls.approve(resolver, payment.amount()));
    Receipt opened =
        crawl
            .crawler()
            .on(world.base())
            .send(
                resolver,
                Disputes.open(
                    List.of(payment),
                    Keccak.hash("the page was empty"),
                    "ipfs://evidence-" + world.run()));
    BigInteger id =
        events(opened, ContractKind.DISPUTE_RESOLVER)
            .filter(DisputeEvent.DisputeOpened.class::isInstance)
            .map(event -> ((DisputeEvent.DisputeOpened) event).disputeId())
            .findFirst()
            .orElseThrow(() -> new DemoException("the dispute emitted no DisputeOpened"));
    Receipt accepted =
        site.publisher().on(world.base()).send(resolver, Disputes.accept(id, List.of(payment)));
    UsdcAmount refunded = world.base().usdc().balanceOf(crawl.crawler().address()).minus(before);
    if (!refunded.equals(payment.amount())) {
      throw new DemoException("expected a refund of " + payment.amount() + ", found " + refunded);
    }
    console.line("  dispute " + id + " over payment " + payment.paymentId());
    console.line(
        "  "
            + site.publisher().name()
            + " accepted; "
            + refunded.toUsdcString()
            + " went back in "
            + accepted.transactionHash());
    console.line(
        "    curl "
            + world.api()
            + "/v1/payments/"
            + world.base().settings().chain()
            + "/"
            + payment.paymentId());
  }

  private PaymentEvent.PaymentMade payment(Hash transaction) {
    Receipt receipt =
        world
            .base()
            .rpc()
            .transactionReceipt(transaction)
            .orElseThrow(() -> new DemoException("no receipt of " + transaction));
    return events(receipt, ContractKind.PAYMENT_PROCESSOR)
        .filter(PaymentEvent.PaymentMade.class::isInstance)
        .map(PaymentEvent.PaymentMade.class::cast)
        .findFirst()
        .orElseThrow(() -> new DemoException("no PaymentMade in " + transaction));
  }

  private Stream<TachiEvent> events(Receipt receipt, ContractKind kind) {
    Address contract = world.base().address(ContractName.valueOf(kind.name()));
    return receipt.logs().stream()
        .filter(log -> log.address().equals(contract))
        .flatMap(log -> EventDecoder.decode(kind, log).stream());
  }
}
