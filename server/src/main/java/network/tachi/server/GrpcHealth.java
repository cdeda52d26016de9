package network.tachi.server;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Shows {@link Health} by the standard gRPC health service, for "" and for each service name. */
final class GrpcHealth {
  private static final long REFRESH_MILLIS = 1_000;

  private final HealthStatusManager manager = new HealthStatusManager();
  private final Health health;

  GrpcHealth(Health health) {
    this.health = health;
  }

  BindableService service() {
    return manager.getHealthService();
  }

  /** Shows the state now and refreshes it every second. */
  void start(List<String> services, ScheduledExecutorService timer) {
    refresh(services);
    var _ =
        timer.scheduleWithFixedDelay(
            () -> refresh(services), REFRESH_MILLIS, REFRESH_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** From now on: not serving. */
  void stop() {
    manager.enterTerminalState();
  }

  private void refresh(List<String> services) {
    ServingStatus status = health.isReady() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    manager.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    services.forEach(service -> manager.setStatus(service, status));
  }
}
