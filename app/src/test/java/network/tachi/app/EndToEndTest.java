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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
  static void start(@TempDir Path folder) {
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
  void forksUnderTheDemo_shouldLoseNothing() throws Exception {
    CompletableFuture<Boolean> demo = CompletableFuture.supplyAsync(system::demo);
    List<Integer> dropped = new ArrayList<>();
    for (int depth : new int[] {1, 5, 30}) {
      awaitBlocks(20);
      dropped.add(system.reorgBase(depth));
    }
    demo.handle((balanced, failure) -> true).get(5, TimeUnit.MINUTES);
    system.assertBooksBalance();
    system.assertStoreEqualsChain();
    assertThat(dropped.stream().mapToInt(Integer::intValue).sum())
        .as("transactions of roles that forks dropped")
        .isPositive();
  }

  @Test
  @Order(3)
  void demoAfterForks_shouldBalanceAgain() {
    assertThat(system.demo()).as(system.said()).isTrue();
    system.assertStoreEqualsChain();
  }

  @Test
  @Order(4)
  void forkBelowFinalized_shouldHaltWithAnAlarm() throws Exception {
    long finalizedLag = 2L * 2;
    system.network().ethereum().rpc().request("anvil_mine", "[\"0x20\"]");
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
