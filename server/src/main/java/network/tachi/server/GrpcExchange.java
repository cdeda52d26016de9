package network.tachi.server;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The life of one gRPC call, above its HTTP/2 stream: from the start of its service to the last
 * event. Service code runs as serial events, each batch of them on its own virtual thread.
 */
final class GrpcExchange {
  private final @Nullable ServerMethodDefinition<?, ?> method;
  private final GrpcConnection connection;
  private final GrpcProtocol protocol;
  private final Context.CancellableContext context;
  private final GrpcWriter writer;
  private final InboundMessages inbound;
  private final SerialEvents events = new SerialEvents(Thread::startVirtualThread);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final long startedAt = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();
  private boolean ended;
  private volatile boolean answered;
  private volatile boolean cancelled;
  private volatile @Nullable Receiver receiver;
  private volatile Runnable whenAnswered = () -> {};

  /**
   * A call of {@code method}, or one to be refused if that is null.
   *
   * @param context of the call; cancelled at its end
   */
  GrpcExchange(
      @Nullable ServerMethodDefinition<?, ?> method,
      GrpcConnection connection,
      GrpcProtocol protocol,
      Context.CancellableContext context,
      GrpcWriter writer) {
    this.method = method;
    this.connection = connection;
    this.protocol = protocol;
    this.context = context;
    this.writer = writer;
    this.inbound =
        new InboundMessages(
            protocol.limits().inboundBacklogBytes(),
            message -> deliver(r -> r.message(message)),
            () -> deliver(Receiver::halfClose));
  }

  /** Sets what is called once our last frame is written; before {@link #start(Metadata)}. */
  void whenAnswered(Runnable listener) {
    whenAnswered = listener;
  }

  /** What the client sends. */
  InboundMessages inbound() {
    return inbound;
  }

  /** True after the last frame of ours. */
  boolean isAnswered() {
    return answered;
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** True if nothing more may be written. */
  boolean isOver() {
    return cancelled || answered;
  }

  /** Starts the service. */
  void start(Metadata headers) {
    if (method != null) {
      submit(() -> start(method, headers));
    }
  }

  private <Q, A> void start(ServerMethodDefinition<Q, A> definition, Metadata headers) {
    if (isOver()) {
      return;
    }
    MethodDescriptor<Q, A> descriptor = definition.getMethodDescriptor();
    GrpcCall<Q, A> call = new GrpcCall<>(this, writer, descriptor, connection.attributes());
    try {
      ServerCall.Listener<Q> listener = definition.getServerCallHandler().startCall(call, headers);
      receiver = Receiver.of(descriptor, listener);
      if (!isOver()) {
        listener.onReady();
      }
    } catch (Throwable t) {
      failSafely(t);
    }
  }

  private void deliver(Consumer<Receiver> event) {
    submit(() -> {
      Receiver target = receiver;
      if (target == null || isOver()) {
        return;
      }
      try {
        event.accept(target);
      } catch (Throwable t) {
        failSafely(t);
      }
    });
  }

  private void submit(Runnable event) {
    events.submit(() -> context.run(event));
  }

  /** Waits until the call needs its stream no more. */
  void awaitFinished() throws InterruptedException {
    finished.await();
  }

  /** The service's own end of the call. */
  void close(Status status, Metadata trailers) {
    if (answer(status, trailers)) {
      lastEvent(Receiver::complete, status.getCode());
    }
  }

  /** Ends the call from below the interceptors, which see it as cancelled. */
  void fail(ApiError error) {
    Metadata trailers = new Metadata();
    context.run(() -> {
      String requestId = CallInfo.currentRequestId();
      GrpcErrors.describe(trailers, error, requestId);
      trailers.put(GrpcErrors.REQUEST_ID, requestId);
    });
    if (error.code().equals(ErrorCode.UNSUPPORTED_ENCODING)) {
      trailers.put(GrpcProtocol.ACCEPT_ENCODING, "gzip,identity");
    }
    if (answer(GrpcErrors.status(error), trailers)) {
      lastEvent(Receiver::cancel, error.code().kind().grpcCode());
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

  /** The client, or the connection, has gone. */
  void cancel() {
    boolean first;
    lock.lock();
    try {
      first = !isOver();
      cancelled = true;
    } finally {
      lock.unlock();
    }
    finished.countDown();
    if (first) {
      Thread.startVirtualThread(() -> context.cancel(Status.CANCELLED.asException()));
      lastEvent(Receiver::cancel, Status.Code.CANCELLED);
    }
  }

  private boolean answer(Status status, Metadata trailers) {
    lock.lock();
    try {
      if (isOver()) {
        return false;
      }
      answered = true;
    } finally {
      lock.unlock();
    }
    writer.close(status, trailers);
    whenAnswered.run();
    finished.countDown();
    return true;
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
    context.cancel(null);
    String label = method == null ? "unknown" : method.getMethodDescriptor().getFullMethodName();
    protocol.metrics().record("grpc", label, code.name(), System.nanoTime() - startedAt);
  }
}
