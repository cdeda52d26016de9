package network.tachi.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * The open connections of one listener. Cuts those whose client is too slow (Helidon 4.5.0 has no
 * time limit for reading or writing), and tells gRPC calls when theirs is gone.
 */
final class Connections {
  private static final System.Logger LOG = System.getLogger(Connections.class.getName());

  private final ServerLimits limits;
  private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();

  /** Accepted, but the client has not sent enough to tell its protocol; by its address. */
  private final Map<SocketAddress, Accepted> silent = new ConcurrentHashMap<>();

  Connections(ServerLimits limits) {
    this.limits = limits;
  }

  private record Accepted(SocketChannel channel, long since) {}

  /** A selector that registers the HTTP/1.1 connections which {@code delegate} opens. */
  ServerConnectionSelector http1(ServerConnectionSelector delegate) {
    return new Selector(delegate, ClientConnection::http1);
  }

  /** A selector that registers the HTTP/2 connections which {@code delegate} opens. */
  ServerConnectionSelector http2(ServerConnectionSelector delegate) {
    return new Selector(delegate, ClientConnection::http2);
  }

  /** The same for connections that begin as HTTP/1.1. */
  Http1Upgrader upgrader(Http1Upgrader delegate) {
    return new Http1Upgrader() {
      @Override
      public String supportedProtocol() {
        return delegate.supportedProtocol();
      }

      @Override
      public ServerConnection upgrade(
          ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
        enter(context, ClientConnection.Phase.IDLE);
        ClientConnection client = ClientConnection.http2(context, limits);
        return new Tracked(client, delegate.upgrade(client, prologue, headers));
      }
    };
  }

  /** Notes how far an HTTP/1.1 request has come. */
  Http1ConnectionListener requestListener() {
    return new Http1ConnectionListener() {
      @Override
      public void prologue(ConnectionContext context, HttpPrologue prologue) {
        enter(context, ClientConnection.Phase.HEADERS);
      }

      @Override
      public void headers(ConnectionContext context, Headers headers) {
        closeIfSaid(context, headers);
        boolean hasBody =
            headers.contains(HeaderNames.TRANSFER_ENCODING)
                || headers.contains(HeaderNames.CONTENT_LENGTH);
        enter(context, hasBody ? ClientConnection.Phase.BODY : ClientConnection.Phase.IDLE);
      }
    };
  }

  /** Notes an answer after which the connection is to be closed. */
  Http1ConnectionListener answerListener() {
    return new Http1ConnectionListener() {
      @Override
      public void headers(ConnectionContext context, Headers headers) {
        closeIfSaid(context, headers);
      }
    };
  }

  private static void closeIfSaid(ConnectionContext context, Headers headers) {
    if (context instanceof ClientConnection client
        && headers.containsToken(HeaderValues.CONNECTION_CLOSE)) {
      client.closeAfterAnswer();
    }
  }

  private static void enter(ConnectionContext context, ClientConnection.Phase phase) {
    if (context instanceof ClientConnection client) {
      client.enter(phase);
    }
  }

  /** A TCP connection was accepted. */
  void accepted(SocketChannel channel) throws IOException {
    silent.put(channel.getRemoteAddress(), new Accepted(channel, System.nanoTime()));
  }

  /** Looks for slow clients from now on. */
  void watch(ScheduledExecutorService timer) {
    long shortest =
        Math.min(
            limits.headerTimeout().toMillis(),
            Math.min(limits.bodyTimeout().toMillis(), limits.writeTimeout().toMillis()));
    long period = Math.clamp(shortest / 4, 10, 1_000);
    var _ = timer.scheduleWithFixedDelay(this::cutOverdue, period, period, TimeUnit.MILLISECONDS);
  }

  private void cutOverdue() {
    long now = System.nanoTime();
    for (ClientConnection client : open) {
      if (client.isOverdue(now)) {
        LOG.log(System.Logger.Level.DEBUG, "Cutting a slow client: {0}", client.childSocketId());
        client.cut();
      }
    }
    silent.forEach((address, accepted) -> {
      if (!accepted.channel.isOpen()) {
        silent.remove(address, accepted);
      } else if (now - accepted.since > limits.headerTimeout().toNanos()) {
        silent.remove(address, accepted);
        close(accepted.channel);
      }
    });
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "Can't close a silent connection", e);
    }
  }

  /** The peer's IP address, by which limits are counted. */
  static String client(PeerInfo peer) {
    return peer.address() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : peer.host();
  }

  private final class Selector implements ServerConnectionSelector {
    private final ServerConnectionSelector delegate;
    private final BiFunction<ConnectionContext, ServerLimits, ClientConnection> wrapper;

    Selector(
        ServerConnectionSelector delegate,
        BiFunction<ConnectionContext, ServerLimits, ClientConnection> wrapper) {
      this.delegate = delegate;
      this.wrapper = wrapper;
    }

    @Override
    public int bytesToIdentifyConnection() {
      return delegate.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
      return delegate.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
      return delegate.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
      silent.remove(context.remotePeer().address());
      ClientConnection client = wrapper.apply(context, limits);
      return new Tracked(client, delegate.connection(client));
    }
  }

  /** Adds to Helidon's connection: its end cancels its calls, and calls keep it from idling out. */
  private final class Tracked implements ServerConnection, InterruptableTask<Void> {
    private final ClientConnection client;
    private final ServerConnection delegate;

    Tracked(ClientConnection client, ServerConnection delegate) {
      this.client = client;
      this.delegate = delegate;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      open.add(client);
      try {
        delegate.handle(limit);
        client.linger();
      } finally {
        open.remove(client);
        client.grpc().lost();
      }
    }

    @Override
    public Duration idleTime() {
      return client.grpc().hasCalls() ? Duration.ZERO : delegate.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      delegate.close(interrupt);
    }

    @Override
    public boolean canInterrupt() {
      return delegate instanceof InterruptableTask<?> task && task.canInterrupt();
    }
  }
}
