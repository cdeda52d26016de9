package network.tachi.server;

import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Applies {@link Admission} to gRPC calls; health checks are always let in. */
final class AdmissionInterceptor implements ServerInterceptor {
  private static final String HEALTH = "grpc.health.v1.Health";

  private final Admission admission;

  AdmissionInterceptor(Admission admission) {
    this.admission = admission;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    MethodDescriptor<Q, A> method = call.getMethodDescriptor();
    if (HEALTH.equals(method.getServiceName())) {
      return next.startCall(call, headers);
    }
    boolean streaming =
        !method.getType().clientSendsOneMessage() || !method.getType().serverSendsOneMessage();
    String client = CallInfo.current().map(CallInfo::client).orElse("unknown");
    Admission.Place place = admission.admit(client, streaming);
    try {
      return new ReleasingListener<>(next.startCall(call, headers), place);
    } catch (Throwable t) {
      place.close();
      throw t;
    }
  }

  /**
   * Gives the place back at the call's last event. Events are serial, so a handler that still works
   * on a call which was cancelled or ran into its deadline keeps its place until it returns.
   */
  private static final class ReleasingListener<Q>
      extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
    private final Admission.Place place;

    ReleasingListener(ServerCall.Listener<Q> listener, Admission.Place place) {
      super(listener);
      this.place = place;
    }

    @Override
    public void onCancel() {
      try {
        super.onCancel();
      } finally {
        place.close();
      }
    }

    @Override
    public void onComplete() {
      try {
        super.onComplete();
      } finally {
        place.close();
      }
    }
  }
}
