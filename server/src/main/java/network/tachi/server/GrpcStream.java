package network.tachi.server;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.http2.Http2FrameHeader;
import io.helidon.http.http2.Http2FrameTypes;
import io.helidon.http.http2.Http2RstStream;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2WindowUpdate;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector;
import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One gRPC call on one HTTP/2 stream: the reading half, and the life of the call. */
final class GrpcStream implements Http2SubProtocolSelector.SubProtocolHandler {
  /*
   * Threads:
   * 1. The connection's thread calls rstStream and puts frames into Helidon's queue of 32 frames for
   *    this stream. If that queue is full the whole connection stands still.
   * 2. So the stream's thread (init, data) only cuts frames into messages and never runs a service.
   * 3. Service code runs as serial events, each batch on its own virtual thread.
   *
   * End of the stream: Helidon forgets a stream when its thread leaves with state CLOSED, and answers
   * a frame for a forgotten stream by closing the connection. So after an early answer this stream
   * stays half closed and drops what still comes, until the client ends or resets it. And since
   * nothing wakes a thread that waits for the next frame of a stream whose client has sent everything,
   * the thread waits here, on `finished`, from the client's last frame on.
   */
  private final @Nullable ServerMethodDefinition<?, ?> method;
  private final @Nullable ApiError refusal;
  private final GrpcConnection connection;
  private final GrpcProtocol protocol;
  private final Metadata headers;
  private final Context.CancellableContext context;
  private final GrpcWriter writer;
  private final MessageDeframer deframer;
  private final SerialEvents events = new SerialEvents(Thread::startVirtualThread);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final long startedAt = System.nanoTime();

  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<byte[]> inbound = new ArrayDeque<>();
  private long inboundBytes;
  private long requested;
  private boolean halfCloseSent;
  private boolean ended;

  /** The stream's thread while it waits inside Helidon for a frame, else null. */
  private @Nullable Thread waitingThread;

  private volatile boolean remoteClosed;
  private volatile boolean localClosed;
  private volatile boolean cancelled;
  private volatile @Nullable Receiver receiver;

  private GrpcStream(
      @Nullable ServerMethodDefinition<?, ?> method,
      @Nullable ApiError refusal,
      GrpcConnection connection,
      GrpcProtocol protocol,
      Metadata headers,
      Context.CancellableContext context,
      GrpcWriter writer,
      MessageDeframer deframer) {
    this.method = method;
    this.refusal = refusal;
    this.connection = connection;
    this.protocol = protocol;
    this.headers = headers;
    this.context = context;
    this.writer = writer;
    this.deframer = deframer;
  }

  /** A call of {@code method}. */
  static GrpcStream of(
      ServerMethodDefinition<?, ?> method,
      GrpcConnection connection,
      GrpcProtocol protocol,
      Metadata headers,
      Context.CancellableContext context,
      GrpcWriter writer,
      MessageDeframer deframer) {
    return new GrpcStream(method, null, connection, protocol, headers, context, writer, deframer);
  }

  /** A call that is answered at once with an error. */
  static GrpcStream refused(
      ApiError refusal,
      GrpcConnection connection,
      GrpcProtocol protocol,
      Context.CancellableContext context,
      GrpcWriter writer) {
    return new GrpcStream(
        null,
        refusal,
        connection,
        protocol,
        new Metadata(),
        context,
        writer,
        new MessageDeframer(protocol.limits().maxMessageBytes(), null));
  }

  @Override
  public void init() {
    connection.add(this);
    if (refusal != null) {
      fail(refusal);
    } else if (method != null) {
      submit(() -> start(method));
    }
    nowWaiting();
  }

  @Override
  public void data(Http2FrameHeader header, BufferData data) {
    notWaiting();
    try {
      if (localClosed || cancelled) {
        data.skip(data.available());
      } else {
        deframer.feed(data, this::enqueue);
      }
      if (header.flags(Http2FrameTypes.DATA).endOfStream()) {
        remoteEnded();
      }
    } catch (ApiException e) {
      fail(e.error());
      if (header.flags(Http2FrameTypes.DATA).endOfStream()) {
        remoteEnded();
      }
    } finally {
      nowWaiting();
    }
  }

  @Override
  public Http2StreamState streamState() {
    if (cancelled || (localClosed && remoteClosed)) {
      return Http2StreamState.CLOSED;
    }
    if (localClosed) {
      return Http2StreamState.HALF_CLOSED_LOCAL;
    }
    return remoteClosed ? Http2StreamState.HALF_CLOSED_REMOTE : Http2StreamState.OPEN;
  }

  @Override
  public void rstStream(Http2RstStream rstStream) {
    cancel();
  }

  @Override
  public void windowUpdate(Http2WindowUpdate update) {}

  /** The TCP connection is gone. */
  void connectionLost() {
    cancel();
    lock.lock();
    try {
      if (waitingThread != null) {
        waitingThread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** True if nothing more may be written. */
  boolean isOver() {
    return cancelled || localClosed;
  }

  private void remoteEnded() {
    remoteClosed = true;
    if (!isOver() && deframer.isMidMessage()) {
      fail(ApiError.of(ErrorCode.MALFORMED_BODY, "the stream ended inside a message"));
    }
    pump();
    try {
      finished.await();
    } catch (InterruptedException e) {
      cancel();
    }
  }

  private void enqueue(byte[] message) {
    lock.lock();
    try {
      inbound.add(message);
      inboundBytes += message.length;
      if (inboundBytes > protocol.limits().inboundBacklogBytes()) {
        throw ApiException.of(
            ErrorCode.OVERLOADED,
            "more than "
                + protocol.limits().inboundBacklogBytes()
                + " bytes wait for the handler of this stream");
      }
    } finally {
      lock.unlock();
    }
    pump();
  }

  /** The service is ready for {@code count} more messages. */
  void request(int count) {
    lock.lock();
    try {
      requested += count;
    } finally {
      lock.unlock();
    }
    pump();
  }

  private void pump() {
    lock.lock();
    try {
      while (requested > 0 && !inbound.isEmpty()) {
        byte[] message = inbound.remove();
        requested--;
        inboundBytes -= message.length;
        submit(() -> deliver(message));
      }
      if (remoteClosed && inbound.isEmpty() && !halfCloseSent && !isOver()) {
        halfCloseSent = true;
        submit(() -> deliverTo(Receiver::halfClose));
      }
    } finally {
      lock.unlock();
    }
  }

  private void submit(Runnable event) {
    events.submit(() -> context.run(event));
  }

  private <Q, A> void start(ServerMethodDefinition<Q, A> definition) {
    if (cancelled) {
      end(Status.Code.CANCELLED);
      return;
    }
    MethodDescriptor<Q, A> descriptor = definition.getMethodDescriptor();
    GrpcCall<Q, A> call = new GrpcCall<>(this, writer, descriptor, connection.attributes());
    try {
      ServerCall.Listener<Q> listener = definition.getServerCallHandler().startCall(call, headers);
      receiver = new TypedReceiver<>(descriptor, listener);
      if (!isOver()) {
        listener.onReady();
      }
    } catch (Throwable t) {
      failSafely(t);
    }
  }

  private void deliver(byte[] message) {
    deliverTo(r -> r.message(message));
  }

  private void deliverTo(Consumer<Receiver> event) {
    Receiver target = receiver;
    if (target == null || isOver()) {
      return;
    }
    try {
      event.accept(target);
    } catch (Throwable t) {
      failSafely(t);
    }
  }

  /** Whatever happens on the way, the call ends and its stream's thread is freed. */
  private void failSafely(Throwable thrown) {
    try {
      fail(ErrorMapper.map(thrown, CallInfo.currentRequestId()));
    } finally {
      if (!isOver()) {
        cancel();
      }
    }
  }

  /** Ends the call from below the interceptors, which see it as cancelled. */
  private void fail(ApiError error) {
    Metadata trailers = new Metadata();
    context.run(() -> {
      String requestId = CallInfo.currentRequestId();
      GrpcErrors.describe(trailers, error, requestId);
      trailers.put(GrpcErrors.REQUEST_ID, requestId);
    });
    if (error.code().equals(ErrorCode.UNSUPPORTED_ENCODING)) {
      trailers.put(GrpcProtocol.ACCEPT_ENCODING, "gzip,identity");
    }
    if (closeLocal(GrpcErrors.status(error), trailers)) {
      lastEvent(Receiver::cancel, error.code().kind().grpcCode());
    }
  }

  /** The service's own end of the call. */
  void close(Status status, Metadata trailers) {
    if (closeLocal(status, trailers)) {
      lastEvent(Receiver::complete, status.getCode());
    }
  }

  private boolean closeLocal(Status status, Metadata trailers) {
    lock.lock();
    try {
      if (isOver()) {
        return false;
      }
      localClosed = true;
    } finally {
      lock.unlock();
    }
    writer.close(status, trailers);
    if (!remoteClosed) {
      protocol.cutUnlessEnded(this, connection);
    }
    finished.countDown();
    return true;
  }

  void cancel() {
    lock.lock();
    try {
      boolean first = !isOver();
      cancelled = true;
      if (!first) {
        finished.countDown();
        return;
      }
    } finally {
      lock.unlock();
    }
    finished.countDown();
    Thread.startVirtualThread(() -> context.cancel(Status.CANCELLED.asException()));
    lastEvent(Receiver::cancel, Status.Code.CANCELLED);
  }

  private void lastEvent(Consumer<Receiver> event, Status.Code code) {
    submit(() -> {
      Receiver target = receiver;
      try {
        if (target != null) {
          event.accept(target);
        }
      } finally {
        end(code);
      }
    });
  }

  private void end(Status.Code code) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = true;
    } finally {
      lock.unlock();
    }
    connection.remove(this);
    context.cancel(null);
    protocol
        .metrics()
        .record(
            "grpc",
            method == null ? "unknown" : method.getMethodDescriptor().getFullMethodName(),
            code.name(),
            System.nanoTime() - startedAt);
  }

  private void nowWaiting() {
    lock.lock();
    try {
      waitingThread = streamState() == Http2StreamState.CLOSED ? null : Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  private void notWaiting() {
    lock.lock();
    try {
      waitingThread = null;
    } finally {
      lock.unlock();
    }
  }

  /** A listener with its message type closed over. */
  private interface Receiver {
    void message(byte[] bytes);

    void halfClose();

    void cancel();

    void complete();
  }

  private record TypedReceiver<Q>(
      MethodDescriptor<Q, ?> descriptor, ServerCall.Listener<Q> listener) implements Receiver {
    @Override
    public void message(byte[] bytes) {
      Q message;
      try {
        message = descriptor.parseRequest(new ByteArrayInputStream(bytes));
      } catch (RuntimeException e) {
        throw ApiException.of(
            ErrorCode.MALFORMED_BODY,
            "the bytes are no message of the type that "
                + descriptor.getFullMethodName()
                + " expects",
            e);
      }
      listener.onMessage(message);
    }

    @Override
    public void halfClose() {
      listener.onHalfClose();
    }

    @Override
    public void cancel() {
      listener.onCancel();
    }

    @Override
    public void complete() {
      listener.onComplete();
    }
  }
}
