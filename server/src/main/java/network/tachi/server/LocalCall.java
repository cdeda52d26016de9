package network.tachi.server;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One unary call into a service of this process, through its interceptors, without a network. */
final class LocalCall<Q, A> extends ServerCall<Q, A> {
  private final MethodDescriptor<Q, A> method;
  private final CompletableFuture<A> result = new CompletableFuture<>();
  private volatile @Nullable A answer;

  private LocalCall(MethodDescriptor<Q, A> method) {
    this.method = method;
  }

  /**
   * Calls {@code definition} with {@code request} and waits for its answer.
   *
   * @throws ApiException if the call fails
   */
  static <Q, A> A run(
      ServerMethodDefinition<Q, A> definition, Q request, Metadata headers, CallInfo info) {
    LocalCall<Q, A> call = new LocalCall<>(definition.getMethodDescriptor());
    Context.CancellableContext context =
        Context.current().withValue(CallInfo.KEY, info).withCancellation();
    try {
      context.run(() -> call.start(definition, request, headers));
      return call.result.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ApiException failed
          ? failed
          : ApiException.of(ErrorCode.INTERNAL, "an internal error", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.of(ErrorCode.CANCELLED, "the call was interrupted", e);
    } finally {
      context.cancel(null);
    }
  }

  private void start(ServerMethodDefinition<Q, A> definition, Q request, Metadata headers) {
    Listener<Q> listener = definition.getServerCallHandler().startCall(this, headers);
    var _ =
        result.whenComplete((_, failure) -> {
          if (failure == null) {
            listener.onComplete();
          } else {
            listener.onCancel();
          }
        });
    if (!result.isDone()) {
      listener.onReady();
      listener.onMessage(request);
      listener.onHalfClose();
    }
  }

  @Override
  public void request(int count) {}

  @Override
  public void sendHeaders(Metadata headers) {}

  @Override
  public void sendMessage(A message) {
    answer = message;
  }

  @Override
  public void close(Status status, Metadata trailers) {
    A message = answer;
    if (status.isOk() && message != null) {
      result.complete(message);
    } else if (status.isOk()) {
      result.completeExceptionally(
          ApiException.of(ErrorCode.INTERNAL, "the service ended without an answer"));
    } else {
      result.completeExceptionally(ApiException.of(GrpcErrors.fromStatus(status, trailers)));
    }
  }

  @Override
  public boolean isCancelled() {
    return result.isDone();
  }

  @Override
  public MethodDescriptor<Q, A> getMethodDescriptor() {
    return method;
  }

  @Override
  public Attributes getAttributes() {
    return Attributes.EMPTY;
  }
}
