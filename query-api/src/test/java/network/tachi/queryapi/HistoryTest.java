package network.tachi.queryapi;

import static network.tachi.queryapi.Filled.ALICE;
import static network.tachi.queryapi.Filled.CRAWLER;
import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;
import static network.tachi.store.jooq.metering.Tables.LOG_LEAF;
import static network.tachi.store.jooq.metering.Tables.PAIR_SNAPSHOT;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.LogTree;
import network.tachi.contracts.wire.MemoryLog;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.UsdcAmount;
import network.tachi.store.DatabaseRole;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Epochs that are voided or reorganised away, and data that contradicts what was posted. */
class HistoryTest {
  private final World world = new World();

  @BeforeEach
  void fill() {
    world.base.block(block -> World.mint(block, 1, ALICE));
    world.ethereum.block(block -> {});
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private JsonNode epoch(Object number) {
    return World.json(world.get("/v1/epochs/" + number));
  }

  private Committed closeAndPost() {
    Committed closed = world.log.close(TestChain.time(world.base.head()));
    world.base.block(block -> TestLog.post(block, closed));
    return closed;
  }

  @Test
  void epoch_reorganisedAway_shouldBeClosedAgain() {
    world.log.credit(CRAWLER, World.license(1), 10);
    long ancestor = world.base.head();
    closeAndPost();
    assertThat(epoch(1).path("state").asString()).isEqualTo("posted");
    assertThat(epoch(1).path("settlementTx").asString()).isNotEmpty();
    world.base.fork(ancestor, block -> {});
    assertThat(epoch(1).path("state").asString()).isEqualTo("closed");
    assertThat(epoch(1).path("settlementTx").asString()).isEmpty();
    assertThat(epoch(1).path("asOf").path("blockHash").asString())
        .isEqualTo(world.base.hash(world.base.head()).toString());
  }

  @Test
  void asOf_shouldSayHowFinalTheHeadIs() {
    assertThat(finality()).isEqualTo("FINALIZED");
    world.base.block(block -> {});
    assertThat(finality()).isEqualTo("UNSAFE");
    world
        .database
        .as(DatabaseRole.OWNER)
        .dsl()
        .update(CHECKPOINT)
        .set(CHECKPOINT.SAFE_NUMBER, CHECKPOINT.HEAD_NUMBER)
        .execute();
    assertThat(finality()).isEqualTo("SAFE");
  }

  private String finality() {
    return World.json(world.get("/v1/licenses/1")).path("asOf").path("finality").asString();
  }

  @Test
  void epoch_voided_shouldSayItsStateAndNotCover() {
    world.log.credit(CRAWLER, World.license(1), 10);
    Committed first = closeAndPost();
    world.log.credit(CRAWLER, World.license(1), 10);
    Committed second = closeAndPost();
    world.base.block(block -> {
      TestLog.finalise(block, first);
      TestLog.voidHeader(block, second);
    });
    assertThat(epoch(2).path("state").asString()).isEqualTo("voided");
    assertThat(World.json(world.get("/v1/log/0")).path("epoch").asString()).isEqualTo("1");
    assertThat(World.json(world.get("/v1/log/0/proof")).path("logSize").asString()).isEqualTo("1");
    assertThat(World.json(world.get("/v1/books/" + World.BASE)).path("epochsVoided").asString())
        .isEqualTo("1");
  }

  @Test
  void claim_fromPairsThatDoNotGiveThePostedRoot_shouldNotBeGiven() {
    world.log.credit(CRAWLER, World.license(1), 10);
    Committed first = closeAndPost();
    world.base.block(block -> TestLog.finalise(block, first));
    world
        .database
        .as(DatabaseRole.OWNER)
        .dsl()
        .update(PAIR_SNAPSHOT)
        .set(PAIR_SNAPSHOT.CUMULATIVE, UsdcAmount.of(11))
        .execute();
    HttpResponse<String> response = world.get("/v1/licenses/1/claim");
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(World.json(response).path("code").asString()).isEqualTo("root_mismatch");
  }

  @Test
  void inclusionProof_fromLeavesThatDoNotGiveThePostedRoot_shouldNotBeGiven() {
    world.log.credit(CRAWLER, World.license(1), 10);
    world.log.credit(CRAWLER, World.license(1), 10);
    closeAndPost();
    world
        .database
        .as(DatabaseRole.OWNER)
        .dsl()
        .update(LOG_LEAF)
        .set(LOG_LEAF.LEAF_HASH, Keccak.hash("other"))
        .where(LOG_LEAF.LOG_INDEX.eq(1L))
        .execute();
    HttpResponse<String> response = world.get("/v1/log/0/proof");
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(World.json(response).path("code").asString()).isEqualTo("root_mismatch");
  }

  @Test
  void unsignedEntry_shouldNotBeGiven() {
    world.log.credit(CRAWLER, World.license(1), 10);
    world.log.credit(CRAWLER, World.license(1), 10);
    world
        .database
        .as(DatabaseRole.OWNER)
        .dsl()
        .update(LOG_LEAF)
        .setNull(LOG_LEAF.SIGNATURE)
        .where(LOG_LEAF.LOG_INDEX.eq(1L))
        .execute();
    assertThat(world.get("/v1/log/1").statusCode()).isEqualTo(404);
    assertThat(World.json(world.get("/v1/log/0/proof")).path("logSize").asString()).isEqualTo("1");
  }

  @Test
  void log_ofManyEntries_shouldBeProvenFromKeptSubtrees() {
    int count = 5000;
    world
        .database
        .as(DatabaseRole.OWNER)
        .dsl()
        .execute(
            """
            INSERT INTO metering.log_leaf (log_index, generation, config_version, rail, crawler, license_id, content_id,
              request_id, units, unit_price, pair_seq, pair_prev_index, pair_cumulative, payment_ref, issued_at_ms,
              leaf_hash, signature)
            SELECT i, 1, 1, 1, decode(repeat('11', 20), 'hex'), 1, sha256('c'), sha256(i::text::bytea), 1, 1, 0, NULL, 0,
              sha256(i::text::bytea), 1, sha256(('leaf ' || i)::bytea), decode(repeat('22', 65), 'hex')
            FROM generate_series(0, ?) i
            """,
            count - 1);
    for (int round = 0; round < 2; round++) {
      verify(17, count);
      verify(4097, count);
      verify(0, 4096);
    }
    // A new generation makes every leaf from the cut on anew.
    world
        .database
        .as(DatabaseRole.OWNER)
        .dsl()
        .execute(
            "UPDATE metering.log_leaf SET generation = 2, leaf_hash = sha256(('again ' ||"
                + " log_index)::bytea) WHERE log_index >= 1500");
    String before = root(1500);
    verify(17, count);
    verify(2000, count);
    assertThat(root(1500)).isEqualTo(before);
  }

  private String root(long size) {
    return World.json(world.get("/v1/log/0/proof?logSize=" + size)).path("root").asString();
  }

  private void verify(long index, long size) {
    JsonNode proof = World.json(world.get("/v1/log/" + index + "/proof?logSize=" + size));
    MemoryLog expected = new MemoryLog();
    world
        .database
        .as(DatabaseRole.OWNER)
        .dsl()
        .select(LOG_LEAF.LEAF_HASH)
        .from(LOG_LEAF)
        .orderBy(LOG_LEAF.LOG_INDEX)
        .limit(size)
        .forEach(row -> expected.append(row.value1()));
    assertThat(proof.path("root").asString()).isEqualTo(expected.root().toString());
    assertThat(
            LogTree.verifyInclusion(
                Hash.parse(proof.path("leafHash").asString()),
                index,
                size,
                proof.path("path").values().stream()
                    .map(node -> Hash.parse(node.asString()))
                    .toList(),
                expected.root()))
        .isTrue();
  }
}
