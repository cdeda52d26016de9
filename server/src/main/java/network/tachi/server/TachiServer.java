package network.tachi.server;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.Message;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptor;
import io.helidon.http.Method;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRules;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A started server: HTTP/1.1, HTTP/2 (prior knowledge and upgrade) and gRPC on one port, and health
 * and metrics on an admin port. Every role that serves is one of these.
 *
 * <pre>{@code
 * TachiServer server =
 *     TachiServer.builder("query-api")
 *         .bind("127.0.0.1", 8080)
 *         .admin("127.0.0.1", 9090)
 *         .metrics(metrics)
 *         .health(health)
 *         .grpc(new DiscoveryGrpcService(store))
 *         .rest(Method.GET, "/v1/publishers/{id}", DiscoveryGrpc.getGetPublisherMethod())
 *         .http(rules -> rules.get("/v1/report.csv", report))
 *         .start();
 * }</pre>
 */
public final class TachiServer implements AutoCloseable {
  /** The name of the socket that serves clients. */
  static final String MAIN = WebServer.DEFAULT_SOCKET_NAME;

  /** The name of the admin socket. */
  static final String ADMIN = "admin";

  private static final System.Logger LOG = System.getLogger(TachiServer.class.getName());

  private final WebServer webServer;
  private final Admission admission;
  private final GrpcHealth grpcHealth;
  private final Builder config;
  private final Metrics metrics;
  private final ScheduledExecutorService timer;
  private final AtomicBoolean stopped = new AtomicBoolean();

  TachiServer(
      Builder config,
      WebServer webServer,
      Admission admission,
      GrpcHealth grpcHealth,
      Metrics metrics,
      ScheduledExecutorService timer) {
    this.config = config;
    this.webServer = webServer;
    this.admission = admission;
    this.grpcHealth = grpcHealth;
    this.metrics = metrics;
    this.timer = timer;
  }

  /**
   * A builder.
   *
   * @param name of the role, as it appears in logs and metrics
   */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /** The port clients use; the one the system chose if 0 was configured. */
  public int port() {
    return webServer.port(MAIN);
  }

  /** The admin port; the same as {@link #port()} if shared, -1 if there is none. */
  public int adminPort() {
    return webServer.port(config.adminShared ? MAIN : ADMIN);
  }

  /** The base address, such as {@code http://127.0.0.1:8080}. */
  public String url() {
    return "http://" + (config.host.equals("0.0.0.0") ? "127.0.0.1" : config.host) + ":" + port();
  }

  /** Where the role registers its own meters. */
  public MeterRegistry meters() {
    return metrics.registry();
  }

  /** Calls in work now. */
  public int inFlight() {
    return admission.requestsInFlight() + admission.streamsInFlight();
  }

  /** Stops with the configured grace period; see {@link #stop(Duration)}. */
  @Override
  public void close() {
    stop(config.limits.stopGrace());
  }

  /**
   * Refuses new calls (503, {@code UNAVAILABLE}; not ready), lets those in work end for at most
   * {@code grace}, then cuts the rest and closes the ports. Safe to call twice.
   */
  public void stop(Duration grace) {
    if (!stopped.compareAndSet(false, true)) {
      return;
    }
    config.health.stopping();
    grpcHealth.stop();
    admission.stopAdmitting();
    try {
      if (!admission.awaitIdle(grace)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "{0}: {1} calls did not end within {2} and are cut",
            config.name,
            inFlight(),
            grace);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    webServer.stop();
    timer.shutdownNow();
  }

  /** Collects what a server needs. */
  public static final class Builder {
    final String name;
    final List<BindableService> services = new ArrayList<>();
    final List<ServerInterceptor> interceptors = new ArrayList<>();
    final List<Consumer<HttpRules>> http = new ArrayList<>();
    final List<RestRoute> rest = new ArrayList<>();
    String host = "127.0.0.1";
    int port;
    @Nullable String adminHost;
    int adminPort;
    boolean adminShared;
    ServerLimits limits = ServerLimits.defaults();
    Health health = Health.create();
    @Nullable Metrics metrics;
    @Nullable RateLimiter rateLimiter;

    private Builder(String name) {
      this.name = requireNonNull(name, "name is null");
    }

    /** Where clients connect; port 0 takes a free one. Default {@code 127.0.0.1:0}. */
    public Builder bind(String bindHost, int bindPort) {
      host = requireNonNull(bindHost, "bindHost is null");
      port = checkPort(bindPort);
      return this;
    }

    /** Serves {@code /live}, {@code /ready} and {@code /metrics} on a port of their own. */
    public Builder admin(String bindHost, int bindPort) {
      adminHost = requireNonNull(bindHost, "bindHost is null");
      adminPort = checkPort(bindPort);
      adminShared = false;
      return this;
    }

    /** Serves the admin routes on the clients' port; only for a port that is not public. */
    public Builder adminOnMainPort() {
      adminHost = null;
      adminShared = true;
      return this;
    }

    /** The limits; default {@link ServerLimits#defaults()}. */
    public Builder limits(ServerLimits serverLimits) {
      limits = requireNonNull(serverLimits, "serverLimits is null");
      return this;
    }

    /** The process's health, shown on the admin port and by the gRPC health service. */
    public Builder health(Health processHealth) {
      health = requireNonNull(processHealth, "processHealth is null");
      return this;
    }

    /** The process's meters; default a registry of this server's own. */
    public Builder metrics(Metrics processMetrics) {
      metrics = requireNonNull(processMetrics, "processMetrics is null");
      return this;
    }

    /** Limits each client's rate on both protocols; default none. */
    public Builder rateLimiter(RateLimiter limiter) {
      rateLimiter = requireNonNull(limiter, "limiter is null");
      return this;
    }

    /** Adds a gRPC service. */
    public Builder grpc(BindableService service) {
      services.add(requireNonNull(service, "service is null"));
      return this;
    }

    /** Adds an interceptor of all services, on gRPC and behind REST; the first added runs first. */
    public Builder interceptor(ServerInterceptor interceptor) {
      interceptors.add(requireNonNull(interceptor, "interceptor is null"));
      return this;
    }

    /** Adds HTTP routes. Handlers throw {@link ApiException}, the server answers. */
    public Builder http(Consumer<HttpRules> routes) {
      http.add(requireNonNull(routes, "routes is null"));
      return this;
    }

    /**
     * Offers a unary method of an added service as REST too: the request is read from the JSON
     * body, the query and the path ({@code /v1/things/{id}}), by proto3 JSON names.
     */
    public Builder rest(
        Method method,
        String path,
        MethodDescriptor<? extends Message, ? extends Message> descriptor) {
      rest.add(new RestRoute(method, path, descriptor));
      return this;
    }

    /**
     * Starts the server.
     *
     * @throws PortInUseException if a port is taken
     * @throws ServerStartException if it can't start for another reason
     */
    public TachiServer start() {
      return new Startup(this).start();
    }

    private static int checkPort(int port) {
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("port must be 0 to 65535, found " + port);
      }
      return port;
    }
  }

  /** A unary method on a REST path. */
  record RestRoute(
      Method method,
      String path,
      MethodDescriptor<? extends Message, ? extends Message> descriptor) {}
}
