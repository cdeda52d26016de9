package network.tachi.server;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The messages of a client that wait until their handler asks for them; bounded by bytes. */
final class InboundMessages {
  private final int maxBytes;
  private final Consumer<byte[]> deliver;
  private final Runnable deliverEnd;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<byte[]> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private long requested;
  private boolean ended;
  private boolean endDelivered;

  /**
   * An empty queue.
   *
   * @param deliver gets each message, in order; must not block
   * @param deliverEnd is told once that no more will come
   */
  InboundMessages(int maxBytes, Consumer<byte[]> deliver, Runnable deliverEnd) {
    this.maxBytes = maxBytes;
    this.deliver = deliver;
    this.deliverEnd = deliverEnd;
  }

  /**
   * A message has come.
   *
   * @throws ApiException with {@code overloaded} if too much waits
   */
  void add(byte[] message) {
    lock.lock();
    try {
      waiting.add(message);
      waitingBytes += message.length;
      if (waitingBytes > maxBytes) {
        throw ApiException.of(
            ErrorCode.OVERLOADED,
            "more than " + maxBytes + " bytes wait for the handler of this stream");
      }
      pump();
    } finally {
      lock.unlock();
    }
  }

  /** The handler is ready for {@code count} more. */
  void request(int count) {
    lock.lock();
    try {
      requested += count;
      pump();
    } finally {
      lock.unlock();
    }
  }

  /** The client has sent everything. */
  void end() {
    lock.lock();
    try {
      ended = true;
      pump();
    } finally {
      lock.unlock();
    }
  }

  private void pump() {
    while (requested > 0 && !waiting.isEmpty()) {
      byte[] message = waiting.remove();
      requested--;
      waitingBytes -= message.length;
      deliver.accept(message);
    }
    if (ended && waiting.isEmpty() && !endDelivered) {
      endDelivered = true;
      deliverEnd.run();
    }
  }
}
