package network.tachi.indexer;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import network.tachi.evm.rpc.HeadSocket;
import network.tachi.evm.rpc.NewHead;
import network.tachi.evm.rpc.RpcException;
import org.jspecify.annotations.Nullable;

/**
 * Rings when a chain has a new head. It keeps one subscription open, at one endpoint after another.
 * Silence alone is no failure; but a head that others know and the socket did not announce is:
 * after the first the next endpoint is tried, after a second within a minute the socket is not
 * relied on for a while, and the caller polls.
 */
final class HeadBell implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(HeadBell.class.getName());
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration GRACE = Duration.ofMillis(250);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
  private static final Duration DISTRUST = Duration.ofSeconds(10);
  private static final Duration RELAPSE = Duration.ofMinutes(1);

  private final String chain;
  private final List<URI> uris;
  private final IndexerMetrics metrics;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rung = lock.newCondition();
  private final CountDownLatch closing = new CountDownLatch(1);

  private @Nullable Ring latest;
  private long announced = -1;
  private int connection;
  private boolean subscribed;
  private @Nullable CountDownLatch broken;
  private Instant lastMiss = Instant.MIN;
  private Instant distrustedUntil = Instant.MIN;

  /**
   * A head that was announced.
   *
   * @param head what was said of it
   * @param at when it was heard
   */
  record Ring(NewHead head, Instant at) {}

  /**
   * A bell; it begins to listen at once.
   *
   * @param uris ws and wss endpoints; never rings if there is none
   */
  HeadBell(String chain, List<URI> uris, IndexerMetrics metrics, InstantSource clock) {
    this.chain = chain;
    this.uris = List.copyOf(uris);
    this.metrics = metrics;
    this.clock = clock;
    if (!uris.isEmpty()) {
      Thread.ofVirtual().name("heads-" + chain).start(this::listen);
    }
  }

  /** Whether new heads are announced, so that nobody needs to poll. */
  boolean isLive() {
    lock.lock();
    try {
      return subscribed && clock.instant().isAfter(distrustedUntil);
    } finally {
      lock.unlock();
    }
  }

  /** The newest head that was not handed out yet; waits for one no longer than this. */
  Optional<Ring> await(Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (latest == null && left > 0 && closing.getCount() > 0) {
        left = rung.awaitNanos(left);
      }
      Optional<Ring> found = Optional.ofNullable(latest);
      latest = null;
      return found;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A head was found that was not announced. If it is not announced in the next moment either, the
   * socket is given up.
   */
  void missed(long number) throws InterruptedException {
    long left = GRACE.toNanos();
    lock.lock();
    try {
      while (announced < number && subscribed && left > 0) {
        left = rung.awaitNanos(left);
      }
      if (announced >= number || !subscribed || broken == null) {
        return;
      }
      Instant now = clock.instant();
      boolean again = Duration.between(lastMiss, now).compareTo(RELAPSE) < 0;
      lastMiss = now;
      distrustedUntil = again ? now.plus(DISTRUST) : distrustedUntil;
      LOG.log(
          WARNING,
          "{0}: head {1} was not announced (heads_silent); {2}",
          chain,
          number,
          again ? "polling for a while" : "subscribing anew");
      metrics.headsStalled();
      broken.countDown();
    } finally {
      lock.unlock();
    }
  }

  private void listen() {
    Backoff backoff = new Backoff(FIRST_BACKOFF, MAX_BACKOFF, RandomGenerator.getDefault());
    Duration pause = Duration.ZERO;
    try {
      for (int next = 0; !closing.await(pause.toNanos(), TimeUnit.NANOSECONDS); next++) {
        pause = subscribe(uris.get(next % uris.size()), backoff) ? Duration.ZERO : backoff.next();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Listens at an endpoint until that breaks; returns whether it ever said anything. */
  private boolean subscribe(URI uri, Backoff backoff) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    int own = begin(ended);
    try (HeadSocket _ = HeadSocket.open(uri, CONNECT_TIMEOUT, new Hearing(own, ended))) {
      ended.await();
    } catch (RpcException e) {
      LOG.log(WARNING, "{0}: no subscription to heads: {1}", chain, e.getMessage());
    }
    lock.lock();
    try {
      boolean wasSubscribed = subscribed;
      subscribed = false;
      broken = null;
      metrics.headsLive(false);
      if (wasSubscribed) {
        backoff.reset();
      }
      // Whoever waits for a ring must learn that there may be none.
      rung.signalAll();
      return wasSubscribed;
    } finally {
      lock.unlock();
    }
  }

  private int begin(CountDownLatch ended) {
    lock.lock();
    try {
      broken = ended;
      if (closing.getCount() == 0) {
        ended.countDown();
      }
      return ++connection;
    } finally {
      lock.unlock();
    }
  }

  /** Hears one connection; what comes after the next one began is not heard. */
  private final class Hearing implements HeadSocket.Listener {
    private final int own;
    private final CountDownLatch ended;

    Hearing(int own, CountDownLatch ended) {
      this.own = own;
      this.ended = ended;
    }

    @Override
    public void subscribed() {
      heard(null);
      metrics.headsLive(true);
      LOG.log(INFO, "{0}: new heads are announced", chain);
    }

    @Override
    public void head(NewHead head) {
      heard(new Ring(head, clock.instant()));
    }

    private void heard(@Nullable Ring ring) {
      lock.lock();
      try {
        if (own == connection) {
          subscribed = true;
          if (ring != null) {
            latest = ring;
            announced = ring.head().number();
            rung.signalAll();
          }
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void closed(String why) {
      LOG.log(INFO, "{0}: the subscription to heads ended: {1}", chain, why);
      ended.countDown();
    }
  }

  /** Stops listening, and wakes whoever waits. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing.countDown();
      if (broken != null) {
        broken.countDown();
      }
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
