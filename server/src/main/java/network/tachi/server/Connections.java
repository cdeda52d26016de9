package network.tachi.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The open connections of one listener; tells gRPC calls when theirs is gone. */
final class Connections {
  private final Map<ConnectionContext, GrpcConnection> grpc = new ConcurrentHashMap<>();

  /** A selector that registers what {@code delegate} opens. */
  ServerConnectionSelector tracked(ServerConnectionSelector delegate) {
    return new Selector(delegate);
  }

  /** The gRPC side of a connection. */
  GrpcConnection grpc(ConnectionContext context) {
    return grpc.computeIfAbsent(context, GrpcConnection::new);
  }

  /** The peer's IP address, by which limits are counted. */
  static String client(PeerInfo peer) {
    return peer.address() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : peer.host();
  }

  private final class Selector implements ServerConnectionSelector {
    private final ServerConnectionSelector delegate;

    Selector(ServerConnectionSelector delegate) {
      this.delegate = delegate;
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
      return new Tracked(context, delegate.connection(context));
    }
  }

  /** Adds to Helidon's connection: its end cancels its calls, and calls keep it from idling out. */
  private final class Tracked implements ServerConnection, InterruptableTask<Void> {
    private final ConnectionContext context;
    private final ServerConnection delegate;

    Tracked(ConnectionContext context, ServerConnection delegate) {
      this.context = context;
      this.delegate = delegate;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      try {
        delegate.handle(limit);
      } finally {
        GrpcConnection calls = grpc.remove(context);
        if (calls != null) {
          calls.lost();
        }
      }
    }

    @Override
    public Duration idleTime() {
      GrpcConnection calls = grpc.get(context);
      return calls != null && calls.hasCalls() ? Duration.ZERO : delegate.idleTime();
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
