package network.tachi.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import network.tachi.evm.ChainId;
import org.junit.jupiter.api.Test;

class SignalsTest {
  private static final TxName A = new TxName(ChainId.BASE, "count", "a");
  private static final TxName B = new TxName(ChainId.BASE, "count", "b");

  private final Signals signals = new Signals();

  @Test
  void signalGivenBeforeTheWait_shouldNotBeLost() {
    Semaphore sender = signals.sender();
    Semaphore waiter = signals.waiter(A);
    signals.requested();
    signals.changed(A);
    assertThat(isGiven(sender)).isTrue();
    assertThat(isGiven(waiter)).isTrue();
  }

  @Test
  void severalSignals_shouldEndOneWait() {
    Semaphore sender = signals.sender();
    signals.requested();
    signals.requested();
    assertThat(Signals.await(sender, Duration.ofMinutes(1).toNanos())).isTrue();
    assertThat(isGiven(sender)).isFalse();
  }

  @Test
  void change_shouldWakeAllWhoWaitForIt_andNobodyElse() {
    Semaphore one = signals.waiter(A);
    Semaphore two = signals.waiter(A);
    Semaphore other = signals.waiter(B);
    Semaphore sender = signals.sender();
    signals.changed(A);
    assertThat(isGiven(one)).isTrue();
    assertThat(isGiven(two)).isTrue();
    assertThat(isGiven(other)).isFalse();
    assertThat(isGiven(sender)).isFalse();
  }

  @Test
  void whoHasLeft_shouldGetNoSignal() {
    Semaphore sender = signals.sender();
    Semaphore waiter = signals.waiter(A);
    Semaphore stays = signals.waiter(A);
    signals.senderLeft(sender);
    signals.waiterLeft(A, waiter);
    signals.requested();
    signals.changed(A);
    assertThat(isGiven(sender)).isFalse();
    assertThat(isGiven(waiter)).isFalse();
    assertThat(isGiven(stays)).isTrue();
    signals.waiterLeft(A, stays);
    signals.changed(A);
    assertThat(isGiven(stays)).isFalse();
  }

  @Test
  void interruptedWait_shouldEnd_andKeepTheInterrupt() {
    Thread.currentThread().interrupt();
    assertThat(Signals.await(signals.sender(), Duration.ofMinutes(1).toNanos())).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  private static boolean isGiven(Semaphore signal) {
    return signal.drainPermits() > 0;
  }
}
