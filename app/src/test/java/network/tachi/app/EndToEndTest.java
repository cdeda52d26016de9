package network.tachi.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import network.tachi.app.demo.DemoException;
import network.tachi.contracts.call.DemandCalls;
import network.tachi.contracts.wire.Committed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * One system, in the order a user would meet it: the demo, forks under the demo, and at last a fork
 * that nothing may survive.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndTest {
  private static RunningSystem system;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    system = RunningSystem.start(folder.resolve("state"));
  }

  @AfterAll
  static void stop() {
    system.close();
  }

  @Test
  @Order(1)
  void demo_shouldEndWithBalancedBooks() {
    assertThat(system.demo()).as(system.said()).isTrue();
    system.assertStoreEqualsChain();
  }

  @Test
  @Order(2)
  void demandsDuringTheDemo_shouldBeAnsweredInTime() throws Exception {
    Demands demands = new Demands(system);
    Thread demo = Thread.ofPlatform().start(EndToEndTest::demoThatMayFail);
    Committed target = demands.awaitPendingHeader();
    demands.ask(DemandCalls.demandNode(target, true, 0));
    demands.ask(DemandCalls.demandNode(target, false, 0, 0));
    demands.awaitAnswered(2);
    demands.awaitFinalised(target);
    assertThat(demo.join(Duration.ofMinutes(5))).isTrue();
    system.assertBooksBalance();
  }

  @Test
  @Order(3)
  void forksUnderTheDemo_shouldLoseNothing() throws Exception {
    // A thread of its own: a blocked worker of the common pool would keep the JDK's HTTP client
    // from completing.
    Thread demo = Thread.ofPlatform().start(EndToEndTest::demoThatMayFail);
    List<Integer> dropped = new ArrayList<>();
    for (int depth : new int[] {1, 5, 30}) {
      awaitBlocks(20);
      dropped.add(system.reorgBase(depth));
    }
    assertThat(demo.join(Duration.ofMinutes(5))).isTrue();
    try {
      system.assertBooksBalance();
    } catch (DemoException e) {
      throw new AssertionError(ready().body(), e);
    }
    system.assertStoreEqualsChain();
    assertThat(dropped.stream().mapToInt(Integer::intValue).sum())
        .as("transactions of roles that forks dropped")
        .isPositive();
  }

  @Test
  @Order(4)
  void demoAfterForks_shouldBalanceAgain() {
    assertThat(system.demo()).as(system.said()).isTrue();
    system.assertStoreEqualsChain();
  }

  @Test
  @Order(5)
  void forkBelowFinalized_shouldHaltWithAnAlarm() throws Exception {
    long finalizedLag = 2L * 2;
    system.network().ethereum().rpc().request("anvil_mine", "[\"0x20\"]");
    long head = system.network().ethereum().head();
    while (system.finalizedInStore(system.network().ethereum().spec().chain())
        < head - finalizedLag) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    assertThat(ready().statusCode()).isEqualTo(200);
    system.network().ethereum().rpc().request("anvil_reorg", "[" + (finalizedLag + 6) + ",[]]");
    HttpResponse<String> answer = ready();
    for (int i = 0; i < 200 && answer.statusCode() == 200; i++) {
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      answer = ready();
    }
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("local-ethereum").containsIgnoringCase("finalized");
  }

  /** People whose transactions a fork reorders may fail; the system's books may not. */
  private static void demoThatMayFail() {
    try {
      system.demo();
    } catch (RuntimeException e) {
      System.getLogger(EndToEndTest.class.getName())
          .log(System.Logger.Level.INFO, "the demo under forks ended early", e);
    }
  }

  private static void awaitBlocks(long more) {
    long target = system.network().base().head() + more;
    while (system.network().base().head() < target) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private static HttpResponse<String> ready() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + system.ports().admin() + "/ready"))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
