package network.tachi.testkit.chain;

import java.time.Instant;

/** The wall clock in microseconds since 1970, as two processes of one machine can compare it. */
public final class Micros {
  private Micros() {}

  /** Now. */
  public static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }
}
