package network.tachi.server;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives each call a {@link Deadline} in its {@link Context}: the client's {@code grpc-timeout},
 * capped; the default for a unary call without one; the longest stream time for a streaming call.
 * When it passes, the call is closed with {@code DEADLINE_EXCEEDED} whether the service notices or
 * not.
 */
final class DeadlineInterceptor implements ServerInterceptor {
  static final Metadata.Key<String> TIMEOUT =
      Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);

  private final ServerLimits limits;
  private final ScheduledExecutorService timer;

  DeadlineInterceptor(ServerLimits limits, ScheduledExecutorService timer) {
    this.limits = limits;
    this.timer = timer;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    boolean unary =
        call.getMethodDescriptor().getType().clientSendsOneMessage()
            && call.getMethodDescriptor().getType().serverSendsOneMessage();
    Deadline deadline = deadline(headers.get(TIMEOUT), unary);
    Deadline outer = Context.current().getDeadline();
    Context.CancellableContext context =
        Context.current().withDeadline(outer == null ? deadline : outer.minimum(deadline), timer);
    context.addListener(
        done -> {
          if (deadline.isExpired() && !call.isCancelled()) {
            ApiError error =
                ApiError.of(ErrorCode.DEADLINE_EXCEEDED, "the call's deadline has passed");
            call.close(GrpcErrors.status(error).withCause(ApiException.of(error)), new Metadata());
          }
        },
        Thread::startVirtualThread);
    try {
      return new ContextListener<>(Contexts.interceptCall(context, call, headers, next), context);
    } catch (Throwable t) {
      context.cancel(null);
      throw t;
    }
  }

  private Deadline deadline(@Nullable String grpcTimeout, boolean unary) {
    Duration longest = unary ? limits.maxDeadline() : limits.maxStreamDuration();
    Duration time = unary ? limits.defaultDeadline() : longest;
    if (grpcTimeout != null) {
      long nanos = Math.min(parseNanos(grpcTimeout), longest.toNanos());
      return Deadline.after(nanos, TimeUnit.NANOSECONDS);
    }
    return Deadline.after(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** 1 to 8 digits and a unit (gRPC over HTTP/2, "Timeout"); saturates. */
  static long parseNanos(String timeout) {
    int length = timeout.length();
    if (length >= 2 && length <= 9) {
      String digits = timeout.substring(0, length - 1);
      if (digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
        TimeUnit unit =
            switch (timeout.charAt(length - 1)) {
              case 'H' -> TimeUnit.HOURS;
              case 'M' -> TimeUnit.MINUTES;
              case 'S' -> TimeUnit.SECONDS;
              case 'm' -> TimeUnit.MILLISECONDS;
              case 'u' -> TimeUnit.MICROSECONDS;
              case 'n' -> TimeUnit.NANOSECONDS;
              default -> null;
            };
        if (unit != null) {
          return unit.toNanos(Long.parseLong(digits));
        }
      }
    }
    throw ApiException.invalid(
        "grpc-timeout", "1 to 8 digits and one of H, M, S, m, u, n", timeout);
  }

  /** Frees the deadline's timer when the call has ended. */
  private static final class ContextListener<Q>
      extends io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
    private final Context.CancellableContext context;

    ContextListener(ServerCall.Listener<Q> listener, Context.CancellableContext context) {
      super(listener);
      this.context = context;
    }

    @Override
    public void onCancel() {
      try {
        super.onCancel();
      } finally {
        context.cancel(null);
      }
    }

    @Override
    public void onComplete() {
      try {
        super.onComplete();
      } finally {
        context.cancel(null);
      }
    }
  }
}
