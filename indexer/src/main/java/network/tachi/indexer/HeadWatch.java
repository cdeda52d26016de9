package network.tachi.indexer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.RpcException;

/**
 * Notices that the head stands still although the clock says it should move, or that it is old.
 * Then it asks every node for its head, so that one that is ahead is found, and whether it is still
 * syncing. Without a usual time between blocks it notices nothing. Written by one thread, read by
 * many.
 */
final class HeadWatch {
  private static final System.Logger LOG = System.getLogger(HeadWatch.class.getName());
  private static final Duration FLOOR_LASTS = Duration.ofSeconds(5);
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);
  private static final Duration LEAST_OLD = Duration.ofSeconds(30);
  private static final int BLOCKS_UNTIL_SUSPICIOUS = 5;
  private static final int BLOCKS_UNTIL_FROZEN = 15;
  private static final int BLOCKS_UNTIL_OLD = 50;

  private final IndexedChain chain;
  private final JsonRpc rpc;
  private final InstantSource clock;
  private long head = -1;
  private long headTime;
  private Instant movedAt;
  private Instant askedAt = Instant.MIN;
  private long floor = -1;
  private Instant floorUntil = Instant.MIN;
  private volatile Optional<NotReady> reason = Optional.empty();

  HeadWatch(IndexedChain chain, JsonRpc rpc, InstantSource clock) {
    this.chain = chain;
    this.rpc = rpc;
    this.clock = clock;
    this.movedAt = clock.instant();
  }

  /** How long no new head may be announced before somebody looks. */
  Duration silence() {
    return times(BLOCKS_UNTIL_SUSPICIOUS, Duration.ofSeconds(1), Duration.ofSeconds(15));
  }

  /** Why the head is not to be taken for the chain's, if that is so. */
  Optional<NotReady> reason() {
    return reason;
  }

  /** A lower head than this is refused; -1 if any will do. */
  long atLeast() {
    return clock.instant().isBefore(floorUntil) ? floor : -1;
  }

  /** The head as a node said it. */
  void seen(CheckedHeader header) {
    if (chain.blockTime().isZero()) {
      return;
    }
    Instant now = clock.instant();
    if (header.number() != head) {
      head = header.number();
      movedAt = now;
    }
    headTime = header.header().timestamp();
    Duration still = Duration.between(movedAt, now);
    boolean old = isOld(now);
    if (!old && still.compareTo(silence()) < 0) {
      reason = Optional.empty();
    } else if (Duration.between(askedAt, now).compareTo(BETWEEN_QUESTIONS) >= 0) {
      askedAt = now;
      ask(now, still, old);
    }
  }

  private boolean isOld(Instant now) {
    Duration age = Duration.between(Instant.ofEpochSecond(headTime), now);
    return age.compareTo(times(BLOCKS_UNTIL_OLD, LEAST_OLD, Duration.ofMinutes(15))) > 0;
  }

  private void ask(Instant now, Duration still, boolean old) {
    long best = head;
    boolean syncing = false;
    for (JsonRpc node : rpc.nodes()) {
      try {
        best = Math.max(best, node.call(EthCalls.blockNumber()));
        syncing |= old && node.call(EthCalls.syncing());
      } catch (RpcException e) {
        LOG.log(System.Logger.Level.DEBUG, "{0} has no say: {1}", node.endpoint(), e.getMessage());
      }
    }
    if (best > head) {
      floor = best;
      floorUntil = now.plus(FLOOR_LASTS);
      reason = Optional.of(new NotReady("head_behind", text("a node is at " + best)));
    } else if (syncing) {
      reason = Optional.of(new NotReady("node_syncing", text("the node is still syncing")));
    } else if (still.compareTo(frozenAfter()) >= 0) {
      reason =
          Optional.of(
              new NotReady(
                  "head_frozen", text("it has stood still for " + still.toSeconds() + " s")));
    } else {
      reason = Optional.empty();
    }
  }

  private String text(String detail) {
    return chain + ": the head is " + head + "; " + detail;
  }

  private Duration frozenAfter() {
    return times(BLOCKS_UNTIL_FROZEN, Duration.ofSeconds(3), Duration.ofSeconds(90));
  }

  private Duration times(int blocks, Duration least, Duration most) {
    Duration time = chain.blockTime().multipliedBy(blocks);
    return time.compareTo(least) < 0 ? least : time.compareTo(most) > 0 ? most : time;
  }
}
