package network.tachi.indexer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** How far the indexer's way to the head is, for people who wait for it. Safe for all threads. */
final class CatchUpProgress {
  /** A way shorter than this is over before anybody could read about it. */
  private static final long BLOCKS = 1_000;

  private final String chain;
  private final InstantSource clock;
  private Optional<Progress> way = Optional.empty();
  private Instant begun = Instant.EPOCH;

  CatchUpProgress(String chain, InstantSource clock) {
    this.chain = chain;
    this.clock = clock;
  }

  /** The way to a head was seen from a block. */
  synchronized void looked(long tip, long head) {
    if (tip >= head) {
      way = Optional.empty();
    } else if (way.isPresent()) {
      Progress so = way.get();
      way = Optional.of(new Progress(chain, so.first(), tip, head, so.events(), so.elapsed()));
    } else if (head - tip >= BLOCKS) {
      begun = clock.instant();
      way = Optional.of(new Progress(chain, tip + 1, tip, head, 0, Duration.ZERO));
    }
  }

  /** Blocks up to a height were committed. */
  synchronized void committed(long tip, long events) {
    way =
        way.filter(so -> tip < so.last())
            .map(so ->
                new Progress(
                    chain,
                    Math.min(so.first(), tip + 1),
                    tip,
                    so.last(),
                    so.events() + events,
                    Duration.between(begun, clock.instant())));
  }

  /** How far it is; empty if it is at the head or near it. */
  synchronized Optional<Progress> progress() {
    return way;
  }
}
