package network.tachi.server;

import io.grpc.Metadata;
import io.grpc.Status;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.http2.FlowControl;
import io.helidon.http.http2.Http2ErrorCode;
import io.helidon.http.http2.Http2Flag;
import io.helidon.http.http2.Http2FrameData;
import io.helidon.http.http2.Http2FrameHeader;
import io.helidon.http.http2.Http2FrameTypes;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2RstStream;
import io.helidon.http.http2.Http2Settings;
import io.helidon.http.http2.Http2StreamWriter;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Writes the frames of one gRPC answer: HEADERS, DATA within the flow-control window, trailers. */
final class GrpcWriter {
  /** What became of a message. */
  enum Outcome {
    WRITTEN,
    /** The call ended meanwhile. */
    OVER,
    /** The connection failed. */
    LOST,
    /** The client did not make room in time. */
    STALLED
  }

  private static final System.Logger LOG = System.getLogger(GrpcWriter.class.getName());
  private static final int PREFIX_BYTES = 5;
  private static final long FIRST_WAIT_NANOS = 100_000;
  private static final long LONGEST_WAIT_NANOS = 20_000_000;

  private final Http2StreamWriter out;
  private final int streamId;
  private final FlowControl.Outbound window;
  private final ReentrantLock windowLock;
  private final long writeTimeoutNanos;
  private final Http2Settings clientSettings;

  /** Keeps the frames of this stream in order. */
  private final ReentrantLock order = new ReentrantLock();

  private boolean headersSent;
  private boolean midMessage;

  GrpcWriter(
      Http2StreamWriter out,
      int streamId,
      FlowControl.Outbound window,
      ReentrantLock windowLock,
      Duration writeTimeout,
      Http2Settings clientSettings) {
    this.out = out;
    this.streamId = streamId;
    this.window = window;
    this.windowLock = windowLock;
    this.writeTimeoutNanos = writeTimeout.toNanos();
    this.clientSettings = clientSettings;
  }

  void headers(Metadata headers) {
    order.lock();
    try {
      if (!headersSent) {
        headersSent = true;
        out.writeHeaders(
            GrpcHeaders.response(headers),
            streamId,
            Http2Flag.HeaderFlags.create(Http2Flag.END_OF_HEADERS),
            window);
      }
    } catch (RuntimeException e) {
      lost(e);
    } finally {
      order.unlock();
    }
  }

  /** Writes one message, uncompressed; blocks while the client has no room. */
  Outcome message(byte[] bytes, BooleanSupplier over) {
    byte[] framed = new byte[PREFIX_BYTES + bytes.length];
    framed[1] = (byte) (bytes.length >>> 24);
    framed[2] = (byte) (bytes.length >>> 16);
    framed[3] = (byte) (bytes.length >>> 8);
    framed[4] = (byte) bytes.length;
    System.arraycopy(bytes, 0, framed, PREFIX_BYTES, bytes.length);
    order.lock();
    try {
      return writeFramed(framed, over);
    } catch (RuntimeException e) {
      lost(e);
      return Outcome.LOST;
    } finally {
      order.unlock();
    }
  }

  private Outcome writeFramed(byte[] framed, BooleanSupplier over) {
    int sent = 0;
    long stalledSince = System.nanoTime();
    long wait = FIRST_WAIT_NANOS;
    while (sent < framed.length) {
      if (over.getAsBoolean()) {
        return Outcome.OVER;
      }
      int written = writeWithinWindow(framed, sent);
      if (written > 0) {
        sent += written;
        midMessage = sent < framed.length;
        stalledSince = System.nanoTime();
        wait = FIRST_WAIT_NANOS;
      } else if (System.nanoTime() - stalledSince > writeTimeoutNanos) {
        reset(Http2ErrorCode.CANCEL);
        return Outcome.STALLED;
      } else {
        LockSupport.parkNanos(wait);
        wait = Math.min(2 * wait, LONGEST_WAIT_NANOS);
      }
    }
    return Outcome.WRITTEN;
  }

  private int writeWithinWindow(byte[] framed, int from) {
    windowLock.lock();
    try {
      int size =
          Math.min(
              Math.min(window.getRemainingWindowSize(), window.maxFrameSize()),
              framed.length - from);
      if (size <= 0) {
        return 0;
      }
      Http2FrameHeader header =
          Http2FrameHeader.create(
              size, Http2FrameTypes.DATA, Http2Flag.DataFlags.create(0), streamId);
      window.decrementWindowSize(size);
      out.write(new Http2FrameData(header, BufferData.create(framed, from, size)));
      return size;
    } finally {
      windowLock.unlock();
    }
  }

  /** Ends the answer: trailers, or a reset where a message was cut short. */
  void close(Status status, Metadata trailers) {
    order.lock();
    try {
      if (midMessage) {
        reset(Http2ErrorCode.CANCEL);
        return;
      }
      Http2Headers last = GrpcHeaders.trailers(status, trailers, !headersSent);
      headersSent = true;
      out.writeHeaders(
          last,
          streamId,
          Http2Flag.HeaderFlags.create(Http2Flag.END_OF_HEADERS | Http2Flag.END_OF_STREAM),
          window);
    } catch (RuntimeException e) {
      lost(e);
    } finally {
      order.unlock();
    }
  }

  private void reset(Http2ErrorCode code) {
    out.write(
        new Http2RstStream(code).toFrameData(clientSettings, streamId, Http2Flag.NoFlags.create()));
  }

  /** The reader of the connection will notice too, and cancel every call on it. */
  private static void lost(RuntimeException e) {
    LOG.log(System.Logger.Level.DEBUG, "Can't write to the client", e);
  }
}
