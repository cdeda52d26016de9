package network.tachi.app.demo;

import static network.tachi.store.jooq.chain.Tables.HEAD;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what takes time: blocks, the indexer, epochs. */
final class Waiting {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final DemoWorld world;

  Waiting(DemoWorld world) {
    this.world = world;
  }

  /**
   * Waits until something is so.
   *
   * @throws DemoException if that takes too long
   */
  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new DemoException("waited " + LIMIT.toSeconds() + " s in vain until " + what);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Waits until the head of the chain is at or after a time, in seconds. */
  void forTime(DemoChain chain, long time) {
    until("chain " + chain.settings().key() + " is at " + time, () -> chain.time() >= time);
  }

  /** Waits until a deposit of this crawler is indexed in a block that is safe now. */
  void forCredit(Actor crawler) {
    until(
        "the deposit of " + crawler.name() + " is safe",
        () ->
            world
                .store()
                .fetchExists(
                    world
                        .store()
                        .selectFrom(
                            "chain.deposited d join chain.checkpoint c on c.chain_id = d.chain_id"
                                + " and d.block_number <= c.safe_number")
                        .where("d.crawler = ?", (Object) crawler.address().toBytes())));
  }

  /**
   * Waits until the indexer stands on the chain's own fork, at the block that is the head now or
   * later.
   */
  void forIndexer(DemoChain chain) {
    long head = chain.head().number();
    until(
        "block " + head + " of " + chain.settings().key() + " is indexed",
        () -> {
          var indexed =
              world
                  .store()
                  .select(HEAD.HEAD_NUMBER, HEAD.HEAD_HASH)
                  .from(HEAD)
                  .where(HEAD.CHAIN_ID.eq(chain.settings().chain().value()))
                  .fetchOptional();
          return indexed.isPresent()
              && indexed.get().value1() >= head
              && chain.has(indexed.get().value1(), indexed.get().value2());
        });
  }
}
