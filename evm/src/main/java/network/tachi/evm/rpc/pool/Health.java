package network.tachi.evm.rpc.pool;

import java.time.Duration;
import network.tachi.evm.rpc.Attempt.Blame;
import network.tachi.evm.rpc.RpcErrorKind;
import org.jspecify.annotations.Nullable;

/**
 * Whether an endpoint is fit, by what it did. Blame and errors fade with time. Times are in
 * nanoseconds of one monotonic clock. Safe for use by many threads.
 */
final class Health {
  private static final int FAULTS_UNTIL_FAILING = 3;
  private static final double LIES_UNTIL_CORDONED = 3;
  private static final double STALE = 1 / 3.0;
  private static final double PAROLE = 1.5;
  private static final double ERROR_WEIGHT = 0.1;
  private static final double HALF_LIFE = Duration.ofSeconds(60).toNanos();
  private static final int MOST_DOUBLINGS = 4;
  private static final int MOST_RELAPSES = 5;
  private static final long RELAPSE = Duration.ofMinutes(10).toNanos();

  private final long probeInterval;
  private EndpointState state = EndpointState.READY;
  private int faults;
  private double errorRate;
  private double blame;
  private long blameAt;
  private long probeAt;
  private int probes;
  private int relapses;
  private long admittedAt;
  private long headWhenUnfit = -1;
  private @Nullable RuntimeException reason;

  Health(Duration probeInterval, long now) {
    this.probeInterval = probeInterval.toNanos();
    this.blameAt = now;
    this.admittedAt = now - RELAPSE;
  }

  synchronized EndpointState state() {
    return state;
  }

  /** Why it is not ready, if an exception says so. */
  synchronized @Nullable RuntimeException reason() {
    return reason;
  }

  /** The share of requests that failed by the endpoint's fault, decayed. */
  synchronized double errorRate() {
    return errorRate;
  }

  /** It answered. That ends a failure, but not a cordon. */
  synchronized void answered(long now) {
    faults = 0;
    errorRate *= 1 - ERROR_WEIGHT;
    if (state == EndpointState.FAILING) {
      become(EndpointState.READY, null, now);
    }
  }

  /** It answered work that checks all it says, and has not been blamed for a while. */
  synchronized void proven(long now) {
    if (state == EndpointState.CORDONED && now - blameAt > probeInterval << relapses) {
      admit(now);
    }
  }

  synchronized void failed(RpcErrorKind kind, RuntimeException error, long now) {
    if (!kind.isFault()) {
      return;
    }
    errorRate += ERROR_WEIGHT * (1 - errorRate);
    faults++;
    switch (kind) {
      case BILLING -> become(EndpointState.UNPAID, error, now);
      case WRONG_CHAIN -> become(EndpointState.WRONG_CHAIN, error, now);
      default -> {
        if (state == EndpointState.READY && faults >= FAULTS_UNTIL_FAILING) {
          become(EndpointState.FAILING, error, now);
        }
      }
    }
  }

  /** Work that checks what it says did not accept it. */
  synchronized void blamed(Blame found, RuntimeException error, long now) {
    blame = blameNow(now) + (found == Blame.LIE ? 1 : STALE);
    blameAt = now;
    boolean free = state == EndpointState.READY || state == EndpointState.FAILING;
    if (free && blame > LIES_UNTIL_CORDONED - STALE / 2) {
      become(EndpointState.CORDONED, error, now);
    }
  }

  /** Whether it is time to look whether it is fit again; sets the next time. */
  synchronized boolean takeProbe(long now) {
    if (state == EndpointState.READY || now - probeAt < 0) {
      return false;
    }
    probes = Math.min(probes + 1, MOST_DOUBLINGS);
    probeAt = now + (probeInterval << (probes + relapses));
    return true;
  }

  /**
   * A probe was answered well with this head. It is fit again once the head has moved, or is no
   * lower than the best head known.
   */
  synchronized void probed(long head, long bestHead, long now) {
    if (state == EndpointState.READY) {
      return;
    }
    if (headWhenUnfit < 0) {
      headWhenUnfit = head;
    }
    boolean mayBeBelieved = state != EndpointState.CORDONED || probes > 1;
    if (head > headWhenUnfit || (head >= bestHead && mayBeBelieved)) {
      admit(now);
    }
  }

  private void admit(long now) {
    if (state == EndpointState.CORDONED) {
      blame = PAROLE;
      blameAt = now;
      admittedAt = now;
    }
    become(EndpointState.READY, null, now);
  }

  private double blameNow(long now) {
    return blame * Math.pow(0.5, (now - blameAt) / HALF_LIFE);
  }

  private void become(EndpointState next, @Nullable RuntimeException error, long now) {
    reason = error;
    if (state == next) {
      return;
    }
    state = next;
    if (next == EndpointState.READY) {
      faults = 0;
      return;
    }
    if (next == EndpointState.CORDONED) {
      // Whoever lies again soon after it was forgiven waits longer for the next time.
      relapses = now - admittedAt < RELAPSE ? Math.min(relapses + 1, MOST_RELAPSES) : 0;
    }
    headWhenUnfit = -1;
    probes = 0;
    probeAt = now + (probeInterval << relapses);
  }
}
