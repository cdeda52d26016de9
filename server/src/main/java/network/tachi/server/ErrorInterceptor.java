package network.tachi.server;

import static java.util.Objects.requireNonNullElse;

import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes a call, exactly once, for every Throwable that a service lets escape, and gives each
 * failed call its code and details. Nothing that a service throws reaches the transport.
 */
final class ErrorInterceptor implements ServerInterceptor {
  private static final System.Logger LOG = System.getLogger(ErrorInterceptor.class.getName());

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    GuardedCall<Q, A> guarded = new GuardedCall<>(call, CallInfo.currentRequestId());
    try {
      return new GuardedListener<>(next.startCall(guarded, headers), guarded);
    } catch (Throwable t) {
      guarded.fail(t);
      return new ServerCall.Listener<>() {};
    }
  }

  /** Closes once; what comes later is dropped. */
  private static final class GuardedCall<Q, A>
      extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
    private final String requestId;
    private final AtomicBoolean closed = new AtomicBoolean();

    GuardedCall(ServerCall<Q, A> call, String requestId) {
      super(call);
      this.requestId = requestId;
    }

    @Override
    public void sendHeaders(Metadata headers) {
      if (!closed.get()) {
        headers.put(GrpcErrors.REQUEST_ID, requestId);
        super.sendHeaders(headers);
      }
    }

    @Override
    public void sendMessage(A message) {
      if (!closed.get()) {
        super.sendMessage(message);
      }
    }

    @Override
    public boolean isCancelled() {
      return closed.get() || super.isCancelled();
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (status.isOk()) {
        if (closed.compareAndSet(false, true)) {
          super.close(status, trailers);
        }
        return;
      }
      Throwable cause = status.getCause();
      boolean unexplained =
          cause != null
              && (status.getCode() == Status.Code.UNKNOWN
                  || status.getCode() == Status.Code.INTERNAL);
      fail(
          cause instanceof ApiException || unexplained
              ? requireNonNullElse(cause, status.asRuntimeException())
              : new StatusRuntimeException(status, trailers));
    }

    void fail(Throwable thrown) {
      if (!closed.compareAndSet(false, true)) {
        LOG.log(System.Logger.Level.DEBUG, "Request {0} failed after its end", requestId, thrown);
        return;
      }
      ApiError error = ErrorMapper.map(thrown, requestId);
      Metadata trailers = new Metadata();
      GrpcErrors.describe(trailers, error, requestId);
      trailers.put(GrpcErrors.REQUEST_ID, requestId);
      super.close(GrpcErrors.status(error), trailers);
    }
  }

  /**
   * Stops at the first failure; only the last event, by which inner listeners clean up, still
   * passes.
   */
  private static final class GuardedListener<Q>
      extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
    private final GuardedCall<?, ?> call;
    private boolean failed;

    GuardedListener(ServerCall.Listener<Q> listener, GuardedCall<?, ?> call) {
      super(listener);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      guard(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      guard(super::onHalfClose);
    }

    @Override
    public void onCancel() {
      last(super::onCancel);
    }

    @Override
    public void onComplete() {
      last(super::onComplete);
    }

    @Override
    public void onReady() {
      guard(super::onReady);
    }

    private void guard(Runnable event) {
      if (!failed) {
        last(event);
      }
    }

    private void last(Runnable event) {
      try {
        event.run();
      } catch (Throwable t) {
        failed = true;
        call.fail(t);
      }
    }
  }
}
