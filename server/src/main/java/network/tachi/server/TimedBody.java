package network.tachi.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A request body that must be there in time. A reader that waits too long is interrupted and fails
 * with {@code request_timeout}.
 */
final class TimedBody extends FilterInputStream {
  private final Duration limit;
  private final Future<?> timeout;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread reader;
  private boolean late;

  TimedBody(InputStream in, Duration limit, ScheduledExecutorService timer) {
    super(in);
    this.limit = limit;
    this.timeout = timer.schedule(this::expire, limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) == -1 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    enter();
    int count;
    try {
      count = in.read(buffer, offset, length);
    } finally {
      leave();
    }
    if (count == -1) {
      timeout.cancel(false);
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    timeout.cancel(false);
    super.close();
  }

  private void enter() {
    lock.lock();
    try {
      failIfLate();
      reader = Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      reader = null;
      if (late) {
        boolean _ = Thread.interrupted();
        failIfLate();
      }
    } finally {
      lock.unlock();
    }
  }

  private void expire() {
    lock.lock();
    try {
      late = true;
      if (reader != null) {
        reader.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  private void failIfLate() {
    if (late) {
      throw ApiException.of(
          ErrorCode.REQUEST_TIMEOUT, "the body did not arrive within " + limit.toMillis() + " ms");
    }
  }
}
