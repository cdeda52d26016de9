package network.tachi.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.TestDatabase;
import org.junit.jupiter.api.Test;

class LoadTest {
  private static final int REQUESTS = 200;

  @Test
  void manyRequestsAtATime_shouldAllBeSentOnce_withoutAGapOfNonces() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        Anvil anvil = Anvil.start(AnvilOptions.BASE);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Rig rig = new Rig(anvil, database);
      List<String> keys = IntStream.range(0, REQUESTS).mapToObj(i -> "k" + i).toList();
      List<Future<TxStatus>> statuses = new ArrayList<>();
      try (TxSender sender =
          rig.sender(
              rig.database,
              anvil.rpc().rpc(),
              SendPolicy.BASE,
              AlreadyDone.NEVER,
              InstantSource.system())) {
        sender.start();
        for (String key : keys) {
          statuses.add(
              executor.submit(() -> {
                rig.outbox.enqueue(rig.count(key));
                return rig.outbox.awaitIncluded(
                    anvil.chain(), "count", key, Duration.ofSeconds(30));
              }));
        }
        for (Future<TxStatus> status : statuses) {
          assertThat(status.get().succeeded()).isTrue();
        }
      }
      assertThat(rig.counted()).isEqualTo(REQUESTS);
      assertThat(keys).allSatisfy(key -> assertThat(rig.attempts(key)).hasSize(1));
      assertThat(keys.stream().map(rig::nonce).sorted().toList())
          .isEqualTo(LongStream.range(0, REQUESTS).boxed().toList());
    }
  }
}
