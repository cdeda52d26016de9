package network.tachi.server;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.http2.Http2Upgrader;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** Turns a builder into a running server. */
final class Startup {
  private static final Duration HELIDON_GRACE = Duration.ofSeconds(1);
  static final int MAX_FRAME_BYTES = 16 << 10;

  /** What fits Helidon's queue of 32 frames per stream. */
  private static final int STREAM_WINDOW_BYTES = 32 * MAX_FRAME_BYTES;

  private final TachiServer.Builder builder;
  private final ServerLimits limits;
  private final Metrics metrics;
  private final Admission admission;
  private final CallMetrics callMetrics;
  private final GrpcHealth grpcHealth;
  private final ScheduledExecutorService timer;

  Startup(TachiServer.Builder builder) {
    this.builder = builder;
    this.limits = builder.limits;
    this.metrics = builder.metrics == null ? Metrics.create() : builder.metrics;
    this.admission = new Admission(limits, builder.rateLimiter);
    this.callMetrics = new CallMetrics(metrics.registry(), builder.name, admission);
    this.grpcHealth = new GrpcHealth(builder.health);
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(builder.name + "-timer").factory());
  }

  TachiServer start() {
    try {
      ServiceCatalog services = new ServiceCatalog(intercepted());
      WebServer webServer = webServer(services);
      probe(builder.host, builder.port);
      if (builder.adminHost != null) {
        probe(builder.adminHost, builder.adminPort);
      }
      webServer.start();
      if (!webServer.isRunning()) {
        throw new ServerStartException(builder.name + " can't start; the log says why", null);
      }
      grpcHealth.start(
          services.getServices().stream().map(s -> s.getServiceDescriptor().getName()).toList(),
          timer);
      return new TachiServer(builder, webServer, admission, grpcHealth, metrics, timer);
    } catch (RuntimeException e) {
      timer.shutdownNow();
      throw e;
    }
  }

  /** Helidon only logs why it can't bind, so the port is tried first. */
  private void probe(String host, int port) {
    if (port == 0) {
      return;
    }
    try (ServerSocketChannel channel = ServerSocketChannel.open()) {
      channel.bind(new InetSocketAddress(host, port));
    } catch (BindException e) {
      throw String.valueOf(e.getMessage()).contains("in use")
          ? new PortInUseException(builder.name, host, port, e)
          : cannotBind(host, port, e);
    } catch (UnresolvedAddressException | UnknownHostException e) {
      throw cannotBind(host, port, e);
    } catch (IOException e) {
      throw cannotBind(host, port, e);
    }
  }

  private ServerStartException cannotBind(String host, int port, Exception e) {
    String why = e.getMessage() == null ? "the host name does not resolve" : e.getMessage();
    return new ServerStartException(
        builder.name + " can't listen on " + host + ":" + port + ": " + why, e);
  }

  private WebServer webServer(ServiceCatalog services) {
    GrpcProtocol grpc = new GrpcProtocol(services, limits, callMetrics, timer);
    WebServerConfig.Builder config = WebServer.builder().shutdownHook(false);
    config.featuresDiscoverServices(false);
    listen(config, builder.host, builder.port, grpc);
    config.addRouting(mainRouting());
    if (builder.adminHost != null) {
      String host = builder.adminHost;
      config.putSocket(
          TachiServer.ADMIN,
          ListenerConfig.builder()
              .name(TachiServer.ADMIN)
              .update(listener -> listen(listener, host, builder.adminPort, null))
              .addRouting(adminRouting())
              .build());
    }
    return config.build();
  }

  private void listen(
      ListenerConfig.BuilderBase<?, ?> listener,
      String host,
      int port,
      @Nullable GrpcProtocol grpc) {
    Connections connections = new Connections(limits);
    connections.watch(timer);
    Http2Config http2 = http2();
    Http2ConnectionSelector.Builder http2Selector =
        Http2ConnectionSelector.builder().http2Config(http2);
    if (grpc != null) {
      http2Selector.addSubProtocolSelector(grpc);
    }
    Http1ConnectionSelector http1Selector =
        Http1ConnectionSelector.builder()
            .config(http1(connections))
            .addUpgrader(connections.upgrader(Http2Upgrader.create(http2)))
            .build();
    listener
        .host(host)
        .port(port)
        .protocolsDiscoverServices(false)
        .addConnectionSelector(connections.http2(http2Selector.build()))
        .addConnectionSelector(connections.http1(http1Selector))
        .connectionOptions(new AcceptedSockets(connections))
        .maxPayloadSize(limits.maxBodyBytes())
        .maxTcpConnections(limits.maxConnections())
        .idleConnectionTimeout(limits.idleTimeout())
        .idleConnectionPeriod(limits.idleTimeout().dividedBy(4))
        .shutdownGracePeriod(HELIDON_GRACE)
        .directHandlers(HttpErrors.directHandlers());
  }

  private Http1Config http1(Connections connections) {
    return Http1Config.builder()
        .addReceiveListener(connections.requestListener())
        .addSendListener(connections.answerListener())
        .maxHeadersSize(limits.maxHeaderBytes())
        .maxPrologueLength(limits.maxHeaderBytes())
        .build();
  }

  private Http2Config http2() {
    return Http2Config.builder()
        .maxFrameSize(MAX_FRAME_BYTES)
        .initialWindowSize(STREAM_WINDOW_BYTES)
        .maxHeaderListSize(limits.maxHeaderBytes())
        .maxConcurrentStreams(2L * limits.maxStreamsPerConnection())
        .maxRapidResets(limits.maxResetsPerConnection())
        .flowControlTimeout(limits.writeTimeout())
        .build();
  }

  private HttpRouting.Builder mainRouting() {
    HttpRouting.Builder routing = HttpRouting.builder();
    routing.addFilter(HttpFront.naming(callMetrics, limits.bodyTimeout(), timer));
    RouteTable table = new RouteTable(routing);
    routing.error(Throwable.class, HttpErrors.handler(table));
    if (builder.adminShared) {
      table.register(new AdminRoutes(builder.health, metrics));
    }
    routing.addFilter(
        HttpFront.admitting(admission, builder.adminShared ? AdminRoutes.PATHS : Set.of()));
    ServiceCatalog bridged = new ServiceCatalog(bridgedServices());
    for (TachiServer.RestRoute route : builder.rest) {
      table.route(
          route.method(), route.path(), RestBridge.handler(route.descriptor(), bridged::method));
    }
    builder.http.forEach(routes -> routes.accept(table));
    return routing;
  }

  private HttpRouting.Builder adminRouting() {
    HttpRouting.Builder routing = HttpRouting.builder();
    RouteTable table = new RouteTable(routing);
    routing.error(Throwable.class, HttpErrors.handler(table));
    table.register(new AdminRoutes(builder.health, metrics));
    return routing;
  }

  /**
   * The services as gRPC serves them: errors, then admission, then deadline, then the role's own.
   */
  private List<ServerServiceDefinition> intercepted() {
    List<ServerInterceptor> chain = new ArrayList<>();
    chain.add(new ErrorInterceptor());
    chain.add(new AdmissionInterceptor(admission));
    chain.add(new DeadlineInterceptor(limits, timer));
    chain.addAll(builder.interceptors);
    List<BindableService> all = new ArrayList<>(builder.services);
    all.add(grpcHealth.service());
    all.add(ProtoReflectionServiceV1.newInstance());
    return intercept(all, chain);
  }

  /** The services as REST calls them: the HTTP side has counted and admitted the call already. */
  private List<ServerServiceDefinition> bridgedServices() {
    List<ServerInterceptor> chain = new ArrayList<>();
    chain.add(new ErrorInterceptor());
    chain.add(new DeadlineInterceptor(limits, timer));
    chain.addAll(builder.interceptors);
    return intercept(builder.services, chain);
  }

  private static List<ServerServiceDefinition> intercept(
      List<BindableService> services, List<ServerInterceptor> outermostFirst) {
    return services.stream()
        .map(s -> ServerInterceptors.interceptForward(s, outermostFirst))
        .toList();
  }
}
