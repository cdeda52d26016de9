package network.tachi.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one client: one buffer at a time, and in such a way that {@link Connections} can see
 * how long a write has been waiting for the client.
 */
final class ClientWriter implements DataWriter {
  private static final int MAX_CONCURRENT_STREAMS = 3;
  private static final int SETTING_BYTES = 6;

  private final DataWriter out;
  private final @Nullable StreamLedger ledger;
  private final int maxStreams;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean settingsSent;

  /** When the current write began, by {@link System#nanoTime()}; 0 if none is under way. */
  private volatile long writingSince;

  /**
   * A writer on {@code out}.
   *
   * @param ledger of an HTTP/2 connection, else null
   * @param maxStreams what an HTTP/2 client is told as SETTINGS_MAX_CONCURRENT_STREAMS
   */
  ClientWriter(DataWriter out, @Nullable StreamLedger ledger, int maxStreams) {
    this.out = out;
    this.ledger = ledger;
    this.maxStreams = maxStreams;
  }

  long writingSince() {
    return writingSince;
  }

  @Override
  public void write(BufferData... buffers) {
    locked(() -> out.write(buffers));
  }

  @Override
  public void write(BufferData buffer) {
    locked(() -> out.write(buffer));
  }

  @Override
  public void writeNow(BufferData... buffers) {
    locked(() -> out.writeNow(buffers));
  }

  /** Helidon writes each HTTP/2 frame by one call of this. */
  @Override
  public void writeNow(BufferData buffer) {
    locked(() -> out.writeNow(ledger == null ? buffer : noted(buffer, ledger)));
  }

  @Override
  public void flush() {
    locked(out::flush);
  }

  @Override
  public void close() {
    out.close();
  }

  private void locked(Runnable write) {
    lock.lock();
    writingSince = Math.max(1, System.nanoTime());
    try {
      write.run();
    } finally {
      writingSince = 0;
      lock.unlock();
    }
  }

  private BufferData noted(BufferData frame, StreamLedger streams) {
    if (frame.available() < FrameSieve.FRAME_HEADER_BYTES) {
      return frame;
    }
    int type = frame.get(3);
    int flags = frame.get(4);
    int streamId =
        ((frame.get(5) & 0x7f) << 24)
            | ((frame.get(6) & 0xff) << 16)
            | ((frame.get(7) & 0xff) << 8)
            | (frame.get(8) & 0xff);
    streams.sent(type, flags, streamId);
    if (type == StreamLedger.SETTINGS && (flags & StreamLedger.ACK) == 0 && !settingsSent) {
      settingsSent = true;
      return withMaxStreams(frame.readBytes());
    }
    return frame;
  }

  /**
   * Helidon counts a stream until its thread has ended, a moment after the client has seen its last
   * frame, and closes the connection of a client that uses its place again at once. So Helidon
   * allows twice what the client is told.
   */
  private BufferData withMaxStreams(byte[] frame) {
    for (int at = FrameSieve.FRAME_HEADER_BYTES; at + SETTING_BYTES <= frame.length; ) {
      if (frame[at] == 0 && frame[at + 1] == MAX_CONCURRENT_STREAMS) {
        frame[at + 2] = (byte) (maxStreams >>> 24);
        frame[at + 3] = (byte) (maxStreams >>> 16);
        frame[at + 4] = (byte) (maxStreams >>> 8);
        frame[at + 5] = (byte) maxStreams;
      }
      at += SETTING_BYTES;
    }
    return BufferData.create(frame);
  }
}
