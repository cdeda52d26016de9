package network.tachi.server;

import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC services of one server. It is an {@link Server} only because gRPC's reflection service
 * asks the call's context for one, to list its services.
 */
final class ServiceCatalog extends Server {
  private final List<ServerServiceDefinition> services;
  private final Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();

  ServiceCatalog(List<ServerServiceDefinition> services) {
    this.services = List.copyOf(services);
    for (ServerServiceDefinition service : services) {
      for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
        String name = method.getMethodDescriptor().getFullMethodName();
        if (methods.put(name, method) != null) {
          throw new IllegalArgumentException("gRPC method " + name + " is registered twice");
        }
      }
    }
  }

  /** The method of a full name such as {@code tachi.v1.UsageService/Append}, or null. */
  @Nullable ServerMethodDefinition<?, ?> method(String fullName) {
    return methods.get(fullName);
  }

  @Override
  public List<ServerServiceDefinition> getServices() {
    return services;
  }

  @Override
  public List<ServerServiceDefinition> getImmutableServices() {
    return services;
  }

  @Override
  public List<ServerServiceDefinition> getMutableServices() {
    return List.of();
  }

  @Override
  public Server start() {
    throw new UnsupportedOperationException("started by TachiServer");
  }

  @Override
  public Server shutdown() {
    throw new UnsupportedOperationException("stopped by TachiServer");
  }

  @Override
  public Server shutdownNow() {
    throw new UnsupportedOperationException("stopped by TachiServer");
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    throw new UnsupportedOperationException("stopped by TachiServer");
  }

  @Override
  public void awaitTermination() {
    throw new UnsupportedOperationException("stopped by TachiServer");
  }
}
