package network.tachi.queryapi;

import static network.tachi.queryapi.Filled.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import network.tachi.server.Health;
import network.tachi.server.Metrics;
import network.tachi.server.PortInUseException;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import org.junit.jupiter.api.Test;

/** Start, readiness, metrics, an unreachable database, stop. */
class RoleTest {
  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Test
  void readiness_shouldComeWithTheFirstBlockOfEveryChain() {
    try (World world = new World()) {
      assertThat(world.role.readiness().failures())
          .extracting(failure -> failure.state().reason())
          .containsExactly("chain_not_indexed");
      assertThat(world.health.isReady()).isFalse();
      world.base.block(block -> World.mint(block, 1, ALICE));
      world.ethereum.block(block -> {});
      until(world.health::isReady);
    }
  }

  @Test
  void calls_shouldBeCountedByMethodAndCode() {
    try (World world = new World()) {
      world.base.block(block -> World.mint(block, 1, ALICE));
      world.get("/v1/licenses/1");
      world.get("/v1/licenses/zz");
      String scraped = world.metrics.scrape();
      assertThat(scraped)
          .contains("tachi_server_requests_seconds_count")
          .contains("server=\"query-api\"");
    }
  }

  @Test
  void databaseAway_shouldBe503AndNotReady() {
    try (World world = new World()) {
      world.base.block(block -> World.mint(block, 1, ALICE));
      world.ethereum.block(block -> {});
      Database doomed = world.database.another(DatabaseRole.QUERY_API);
      Health health = Health.create();
      try (QueryApiRole role =
          QueryApiRole.start(
              new QueryApiConfig(
                  "127.0.0.1",
                  0,
                  world.network,
                  World.INIT_CODE_HASH,
                  QueryApiConfig.Limits.DEFAULTS),
              doomed,
              Metrics.create(),
              health,
              InstantSource.system())) {
        assertThat(health.isReady()).isTrue();
        doomed.close();
        until(() -> !health.isReady());
        assertThat(role.readiness().failures())
            .extracting(failure -> failure.state().reason())
            .containsExactly("database_unreachable");
        var response = world.getAt(role.url() + "/v1/licenses/1");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
        assertThat(World.json(response).path("code").asString()).isEqualTo("unavailable");
      }
    }
  }

  @Test
  void busyPort_shouldBeSaid() {
    try (World world = new World()) {
      assertThatThrownBy(() ->
              QueryApiRole.start(
                  new QueryApiConfig(
                      "127.0.0.1",
                      world.role.port(),
                      world.network,
                      World.INIT_CODE_HASH,
                      QueryApiConfig.Limits.DEFAULTS),
                  world.database.as(DatabaseRole.QUERY_API),
                  Metrics.create(),
                  Health.create(),
                  InstantSource.system()))
          .isInstanceOf(PortInUseException.class);
    }
  }
}
