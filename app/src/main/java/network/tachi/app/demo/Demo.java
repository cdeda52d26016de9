package network.tachi.app.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import network.tachi.app.Console;
import network.tachi.evm.UsdcAmount;

/**
 * Two publishers and three crawlers do business on a running system: licences, domains, prices,
 * credit, crawling on both rails, a dispute, epochs, a claim, a withdrawal. Each step says what
 * happened on chain and which query shows it. At the end the books are checked.
 */
public final class Demo {
  private static final int ARTICLES = 4;

  private final DemoWorld world;
  private final Console console;
  private final Waiting waiting;

  /** A demo on a world. */
  public Demo(DemoWorld world, Console console) {
    this.world = world;
    this.console = console;
    this.waiting = new Waiting(world);
  }

  /** Does it all; true if the books balance. */
  public boolean run() {
    try (Http http = new Http()) {
      Publishing publishing = new Publishing(world, http, console);
      title("1. Two publishers mint licences, bind their domains and publish prices");
      Site news = publishing.open("news", UsdcAmount.of(5_000));
      Site science = publishing.open("science", UsdcAmount.of(9_000));
      publishing.linkToEthereum(news);

      title("2. Three crawlers deposit credit, each in another way");
      List<Actor> crawlers = new Depositing(world, console).all();
      world.base().mine(40);
      waiting.forCredit(crawlers.getLast());

      title("3. They crawl through the gateway: paid per request, and by voucher");
      List<Crawl> crawls =
          crawlers.stream()
              .map(each -> new Crawl(each, http, world.gateway(), world.base()))
              .toList();
      crawl(crawls, List.of(news, science));

      title("4. A payment is disputed, the publisher accepts, the crawler is refunded");
      new Disputing(world, console).refund(crawls.getLast(), science);

      title("5. The oracle closes the epoch and posts its root on both chains");
      Earning earning = new Earning(world, http, console, waiting);
      earning.awaitFinalised(List.of(news, science));

      title("6. A publisher claims what vouchers earned, and withdraws what requests paid");
      earning.claim(news);
      earning.withdraw(news);

      title("7. The books");
      return new Audit(world, http, console).balanced();
    }
  }

  private void crawl(List<Crawl> crawls, List<Site> sites) {
    List<Future<Crawl.Page>> direct = new ArrayList<>();
    List<Future<Crawl.Page>> credit = new ArrayList<>();
    try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Crawl crawl : crawls) {
        for (Site site : sites) {
          for (int article = 1; article <= ARTICLES; article++) {
            String path = "/articles/" + article;
            credit.add(all.submit(() -> crawl.payByVoucher(site, path)));
          }
          direct.add(all.submit(() -> crawl.payExact(site, "/articles/1")));
        }
      }
    }
    List<Crawl.Page> settled = direct.stream().map(Demo::done).toList();
    List<Crawl.Page> attested = credit.stream().map(Demo::done).toList();
    console.line(
        "  "
            + settled.size()
            + " pages paid per request; the last in "
            + settled.getLast().payment().path("transaction").asString());
    console.line(
        "    curl '"
            + world.api()
            + "/v1/payments?chainId="
            + world.base().settings().chain()
            + "'");
    console.line(
        "  "
            + attested.size()
            + " pages paid by voucher, each with an attestation; the last at log index "
            + attested
                .getLast()
                .requireAttestation()
                .path("attestation")
                .path("logIndex")
                .asString());
    console.line(
        "    curl " + world.api() + "/v1/licenses/" + sites.getFirst().license() + "/revenue");
  }

  private static <T> T done(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new DemoException(
          String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoException("interrupted", e);
    }
  }

  private void title(String text) {
    console.line();
    console.line(text);
  }
}
