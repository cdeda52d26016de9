package network.tachi.server;

import io.grpc.Metadata;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.http2.Http2FrameHeader;
import io.helidon.http.http2.Http2FrameTypes;
import io.helidon.http.http2.Http2RstStream;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2WindowUpdate;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The HTTP/2 stream of one gRPC call. */
final class GrpcStream implements Http2SubProtocolSelector.SubProtocolHandler {
  /*
   * Threads: the connection's thread calls rstStream and puts frames into Helidon's queue of 32 frames
   * for this stream; while that is full the whole connection stands still. So the stream's thread
   * (init, data) only cuts frames into messages and never runs a service.
   *
   * The end: Helidon forgets a stream when its thread leaves with state CLOSED. After an early answer
   * the stream therefore stays half closed and drops what still comes, until the client ends or resets
   * it. And since nothing wakes a thread that waits for the next frame of a client that has sent
   * everything, the thread waits for the call itself, from the client's last frame on.
   */
  private final GrpcExchange exchange;
  private final MessageDeframer deframer;
  private final GrpcConnection connection;
  private final GrpcProtocol protocol;
  private final Metadata headers;
  private final @Nullable ApiError refusal;
  private final ReentrantLock lock = new ReentrantLock();

  /** The stream's thread while it waits inside Helidon for a frame, else null. */
  private @Nullable Thread waitingThread;

  private volatile boolean clientEnded;

  /**
   * A stream.
   *
   * @param refusal what to answer at once instead of calling a service, or null
   */
  GrpcStream(
      GrpcExchange exchange,
      MessageDeframer deframer,
      GrpcConnection connection,
      GrpcProtocol protocol,
      Metadata headers,
      @Nullable ApiError refusal) {
    this.exchange = exchange;
    this.deframer = deframer;
    this.connection = connection;
    this.protocol = protocol;
    this.headers = headers;
    this.refusal = refusal;
  }

  @Override
  public void init() {
    connection.add(this);
    exchange.whenAnswered(this::answered);
    if (refusal == null) {
      exchange.start(headers);
    } else {
      exchange.fail(refusal);
    }
    nowWaiting();
  }

  @Override
  public void data(Http2FrameHeader header, BufferData data) {
    lock.lock();
    try {
      waitingThread = null;
    } finally {
      lock.unlock();
    }
    try {
      read(data);
      if (header.flags(Http2FrameTypes.DATA).endOfStream()) {
        end();
      }
    } finally {
      nowWaiting();
    }
  }

  private void read(BufferData data) {
    if (exchange.isOver()) {
      data.skip(data.available());
      return;
    }
    try {
      deframer.feed(data, exchange.inbound()::add);
    } catch (ApiException e) {
      exchange.fail(e.error());
    }
  }

  private void end() {
    clientEnded = true;
    if (!exchange.isOver() && deframer.isMidMessage()) {
      exchange.fail(ApiError.of(ErrorCode.MALFORMED_BODY, "the stream ended inside a message"));
    }
    exchange.inbound().end();
    try {
      exchange.awaitFinished();
    } catch (InterruptedException e) {
      exchange.cancel();
    }
  }

  private void answered() {
    if (!clientEnded) {
      protocol.cutUnlessEnded(this, connection);
    }
  }

  private void nowWaiting() {
    boolean closed = streamState() == Http2StreamState.CLOSED;
    if (closed) {
      connection.remove(this);
    }
    lock.lock();
    try {
      waitingThread = closed ? null : Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Http2StreamState streamState() {
    if (exchange.isCancelled() || (exchange.isAnswered() && clientEnded)) {
      return Http2StreamState.CLOSED;
    }
    if (exchange.isAnswered()) {
      return Http2StreamState.HALF_CLOSED_LOCAL;
    }
    return clientEnded ? Http2StreamState.HALF_CLOSED_REMOTE : Http2StreamState.OPEN;
  }

  @Override
  public void rstStream(Http2RstStream rstStream) {
    exchange.cancel();
    connection.remove(this);
  }

  @Override
  public void windowUpdate(Http2WindowUpdate update) {}

  /** The TCP connection is gone. */
  void connectionLost() {
    exchange.cancel();
    lock.lock();
    try {
      if (waitingThread != null) {
        waitingThread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }
}
