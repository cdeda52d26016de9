package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.tx.Outbox;
import network.tachi.tx.TxRequest;
import network.tachi.tx.TxStatus;

/**
 * Wants effects on a chain that is known not to have them yet. A want is given to the outbox once;
 * only when that has ended and the chain still lacks the effect (refused, reverted, or done on
 * blocks that are gone) it is given again, under the next number. Used by one thread.
 */
final class Attempts {
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Outbox outbox;
  private final InstantSource clock;
  private final Map<String, Instant> notBefore = new HashMap<>();

  Attempts(Outbox outbox, InstantSource clock) {
    this.outbox = requireNonNull(outbox, "outbox is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /** The key of an attempt. */
  static String key(String what, int attempt) {
    return what + "#" + attempt;
  }

  /** What an attempt's key was made of. */
  static String what(String key) {
    return key.substring(0, key.lastIndexOf('#'));
  }

  /** Whether an attempt was given to the outbox and has not ended yet. */
  boolean isUnderWay(ChainId chain, String kind, String what) {
    return outbox.status(chain, kind, key(what, next(chain, kind, what))).isPresent();
  }

  private int next(ChainId chain, String kind, String what) {
    int attempt = 1;
    for (; isOver(outbox.status(chain, kind, key(what, attempt))); attempt++) {}
    return attempt;
  }

  /**
   * Wants a call to be made.
   *
   * @param what which one of its kind
   */
  void want(ChainId chain, String kind, String what, Address to, Bytes data) {
    int attempt = next(chain, kind, what);
    String key = key(what, attempt);
    if (outbox.status(chain, kind, key).isPresent()) {
      return;
    }
    Instant now = clock.instant();
    if (attempt == 1 || now.isAfter(notBefore.getOrDefault(kind + what, Instant.MIN))) {
      notBefore.put(kind + what, now.plus(PAUSE.multipliedBy(attempt)));
      outbox.enqueue(TxRequest.call(chain, kind, key, to, data));
    }
  }

  private static boolean isOver(Optional<TxStatus> status) {
    return status.map(s -> s.failed() || s.state().isEnd()).orElse(false);
  }
}
