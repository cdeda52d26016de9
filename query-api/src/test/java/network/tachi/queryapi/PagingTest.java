package network.tachi.queryapi;

import static network.tachi.queryapi.Filled.ALICE;
import static network.tachi.queryapi.Filled.CRAWLER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import network.tachi.evm.Keccak;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Pages hold each item once, in order, whatever is added meanwhile. */
class PagingTest {
  private static final int COUNT = 23;
  private static final World WORLD = new World();

  @BeforeAll
  static void fill() {
    for (int i = 1; i <= COUNT; i++) {
      long id = i;
      WORLD.base.block(block -> {
        World.mint(block, id, ALICE);
        World.claimDomain(block, id, "site" + id + ".example");
        World.verifyDomain(block, id, "site" + id + ".example");
        World.pay(block, id, CRAWLER, id, "payment " + id);
        World.pay(block, id, CRAWLER, 1000 + id, "other payment " + id);
        World.dispute(block, id, id, CRAWLER, "payment " + id, id);
      });
      WORLD.log.close(TestChain.time(i));
    }
  }

  @AfterAll
  static void stop() {
    WORLD.close();
  }

  private static List<String> all(
      String path, int size, String list, Function<JsonNode, String> item, Runnable between) {
    List<String> items = new ArrayList<>();
    String token = "";
    do {
      JsonNode page = World.json(WORLD.get(path + "?page.size=" + size + "&page.token=" + token));
      assertThat(page.path(list).size()).isLessThanOrEqualTo(size);
      page.path(list).values().forEach(node -> items.add(item.apply(node)));
      token = page.path("nextPageToken").asString();
      between.run();
    } while (!token.isEmpty());
    return items;
  }

  private static List<String> descending(int from) {
    return IntStream.rangeClosed(1, from).map(i -> from + 1 - i).mapToObj(String::valueOf).toList();
  }

  @Test
  void publishers_shouldAscend() {
    List<String> expected = IntStream.rangeClosed(1, COUNT).mapToObj(String::valueOf).toList();
    for (int size : new int[] {1, 5, COUNT, 1000}) {
      assertThat(
              all(
                  "/v1/publishers",
                  size,
                  "publishers",
                  node -> node.path("licenseId").asString(),
                  () -> {}))
          .isEqualTo(expected);
    }
  }

  @Test
  void epochs_shouldDescend() {
    assertThat(all("/v1/epochs", 4, "epochs", node -> node.path("epoch").asString(), () -> {}))
        .isEqualTo(descending(COUNT));
  }

  @Test
  void disputes_shouldDescend() {
    assertThat(
            all("/v1/disputes", 7, "disputes", node -> node.path("disputeId").asString(), () -> {}))
        .isEqualTo(descending(COUNT));
  }

  @Test
  void payments_whileOthersArePaid_shouldNeitherRepeatNorSkip() {
    List<String> expected = new ArrayList<>();
    for (int i = COUNT; i >= 1; i--) {
      expected.add(Keccak.hash("other payment " + i).toString());
      expected.add(Keccak.hash("payment " + i).toString());
    }
    int[] late = {0};
    List<String> found =
        all(
            "/v1/payments",
            3,
            "payments",
            node -> node.path("paymentId").asString(),
            () -> WORLD.base.block(block -> World.pay(block, 1, CRAWLER, 1, "late " + late[0]++)));
    assertThat(found).isEqualTo(expected);
    assertThat(late[0]).isGreaterThan(10);
  }
}
