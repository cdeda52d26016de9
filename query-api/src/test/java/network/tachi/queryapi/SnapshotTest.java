package network.tachi.queryapi;

import static network.tachi.queryapi.Filled.CRAWLER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import network.tachi.proto.v1.AnalyticsServiceGrpc;
import network.tachi.proto.v1.Books;
import network.tachi.proto.v1.GetBooksRequest;
import network.tachi.proto.v1.ListPaymentsRequest;
import network.tachi.proto.v1.ListPaymentsResponse;
import org.junit.jupiter.api.Test;

/** While the chain grows and reorganises, each answer is that of exactly the block it names. */
class SnapshotTest {
  private static final int STEPS = 400;
  private static final int READERS = 4;

  /** What stands in the chain up to a block: number and sum of its payments. */
  private record Sums(long payments, long paid) {}

  @Test
  void answers_duringForks_shouldMatchTheBlockTheyName() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    ConcurrentMap<String, Sums> truth = new ConcurrentHashMap<>();
    try (World world = new World();
        ExecutorService executor = Executors.newFixedThreadPool(READERS)) {
      List<Sums> upTo = new ArrayList<>();
      AtomicBoolean done = new AtomicBoolean();
      step(world, truth, upTo, -1, 0);
      List<Future<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        readers.add(executor.submit(reader(world, truth, done)));
      }
      try {
        for (int i = 0; i < STEPS; i++) {
          long head = world.base.head();
          boolean fork = random.nextInt(4) == 0 && head > 3;
          step(world, truth, upTo, fork ? head - 1 - random.nextInt(3) : -1, random.nextInt(4));
        }
      } finally {
        done.set(true);
      }
      int answers = 0;
      for (Future<Integer> reader : readers) {
        answers += reader.get();
      }
      assertThat(answers).as("seed " + seed).isGreaterThan(READERS);
    }
  }

  /**
   * Commits a block with some payments, after undoing the blocks above an ancestor if there is one.
   */
  private static void step(
      World world,
      ConcurrentMap<String, Sums> truth,
      List<Sums> upTo,
      long ancestor,
      int payments) {
    long parent = ancestor < 0 ? world.base.head() : ancestor;
    int number = (int) parent + 1;
    while (upTo.size() > number) {
      upTo.removeLast();
    }
    Sums before = number == 0 ? new Sums(0, 0) : upTo.get(number - 1);
    long amount = 1L + number;
    Sums after = new Sums(before.payments + payments, before.paid + payments * amount);
    upTo.add(after);
    Consumer<TestChain.Block> events =
        block -> {
          // Known before it can be read.
          truth.put(world.base.hash(block.number()).toString(), after);
          for (int i = 0; i < payments; i++) {
            World.pay(block, 1, CRAWLER, amount, world.base.hash(number) + " " + i);
          }
        };
    if (ancestor < 0) {
      world.base.block(events);
    } else {
      world.base.fork(ancestor, events);
    }
  }

  private static Callable<Integer> reader(
      World world, ConcurrentMap<String, Sums> truth, AtomicBoolean done) {
    return () -> {
      int answers = 0;
      do {
        Books books =
            world.call(
                AnalyticsServiceGrpc.getGetBooksMethod(),
                GetBooksRequest.newBuilder().setChainId(World.BASE.value()).build());
        assertThat(new Sums(books.getPayments(), Long.parseLong(books.getPaid())))
            .isEqualTo(truth.get(books.getAsOf().getBlockHash()));
        ListPaymentsResponse page =
            world.call(
                AnalyticsServiceGrpc.getListPaymentsMethod(),
                ListPaymentsRequest.getDefaultInstance());
        Sums expected = truth.getOrDefault(page.getAsOf().getBlockHash(), new Sums(-1, -1));
        assertThat((long) page.getPaymentsCount()).isEqualTo(Math.min(100, expected.payments));
        answers++;
      } while (!done.get());
      return answers;
    };
  }
}
