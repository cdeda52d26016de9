package network.tachi.indexer;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Says when to look at the head: when one is announced; a while after the last announcement, as the
 * socket might be broken; or, without a socket, some times a block. Confined to one thread, except
 * where said.
 */
final class Heads implements AutoCloseable {
  private static final Duration SHORTEST_POLL = Duration.ofMillis(20);
  private static final int POLLS_PER_BLOCK = 8;

  private final HeadBell bell;
  private final HeadWatch watch;
  private final Duration blockTime;
  private final Duration longestPoll;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private long highest = -1;

  Heads(HeadBell bell, HeadWatch watch, Duration blockTime, Duration longestPoll) {
    this.bell = bell;
    this.watch = watch;
    this.blockTime = blockTime;
    this.longestPoll = longestPoll;
  }

  /** Waits for an announcement, but not longer than this. */
  Optional<HeadBell.Ring> await(Duration atMost) throws InterruptedException {
    return bell.await(atMost);
  }

  /** Somebody looked and found this head, on whatever occasion. */
  void found(long head, Optional<HeadBell.Ring> occasion) throws InterruptedException {
    boolean unannounced = occasion.isEmpty() && highest >= 0 && head > highest;
    highest = Math.max(highest, head);
    if (unannounced && bell.isLive()) {
      bell.missed(head);
    }
  }

  /** With a bell that rings nobody needs to look, except that it might be broken. */
  Duration untilNextLook() {
    if (bell.isLive()) {
      // Not all indexers at once, should all their sockets break in one moment.
      return watch.silence().multipliedBy(50L + random.nextInt(50)).dividedBy(100);
    }
    Duration part = blockTime.dividedBy(POLLS_PER_BLOCK);
    if (part.isZero() || part.compareTo(longestPoll) > 0) {
      return longestPoll;
    }
    return part.compareTo(SHORTEST_POLL) < 0 ? SHORTEST_POLL : part;
  }

  /** Why the head is not to be taken for the chain's, if that is so; for any thread. */
  Optional<NotReady> reason() {
    return watch.reason();
  }

  /** Stops listening, and ends all waiting; for any thread. */
  @Override
  public void close() {
    bell.close();
  }
}
