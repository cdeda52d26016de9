package network.tachi.server;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** One TCP connection of a client, as Helidon sees it, with what Helidon lacks: time limits. */
final class ClientConnection implements ConnectionContext {
  /** What the client owes us. */
  enum Phase {
    /** Nothing: a new request may come or not. */
    IDLE,
    /** The rest of a header section. */
    HEADERS,
    /** The rest of a body. */
    BODY
  }

  private final ConnectionContext delegate;
  private final ServerLimits limits;
  private final ClientWriter writer;
  private final DataReader reader;
  private final GrpcConnection grpc;
  private volatile Phase phase = Phase.IDLE;
  private volatile long phaseSince;
  private volatile boolean reading;
  private volatile boolean closing;

  private ClientConnection(ConnectionContext delegate, ServerLimits limits, boolean http2) {
    this.delegate = delegate;
    this.limits = limits;
    this.grpc = new GrpcConnection(this);
    DataReader in = delegate.dataReader();
    if (http2) {
      StreamLedger ledger = new StreamLedger();
      this.writer =
          new ClientWriter(delegate.dataWriter(), ledger, limits.maxStreamsPerConnection());
      this.reader = DataReader.create(new FrameSieve(in, writer, ledger, Startup.MAX_FRAME_BYTES));
    } else {
      this.writer = new ClientWriter(delegate.dataWriter(), null, 0);
      this.reader = DataReader.create(() -> timed(in));
    }
  }

  /** An HTTP/1.1 connection. */
  static ClientConnection http1(ConnectionContext context, ServerLimits limits) {
    return new ClientConnection(context, limits, false);
  }

  /** An HTTP/2 connection, by prior knowledge or upgrade. */
  static ClientConnection http2(ConnectionContext context, ServerLimits limits) {
    return new ClientConnection(context, limits, true);
  }

  private byte @Nullable [] timed(DataReader in) {
    if (closing && phase == Phase.IDLE) {
      return null;
    }
    reading = true;
    try {
      byte[] bytes = in.readBuffer().readBytes();
      if (phase == Phase.IDLE) {
        enter(Phase.HEADERS);
      }
      return bytes;
    } finally {
      reading = false;
    }
  }

  /** One side has said that this request is the last; Helidon would wait for another. */
  void closeAfterAnswer() {
    closing = true;
  }

  GrpcConnection grpc() {
    return grpc;
  }

  /** An HTTP/1.1 request has got this far. */
  void enter(Phase next) {
    phaseSince = System.nanoTime();
    phase = next;
  }

  /** True if the client has kept us waiting for longer than it may. */
  boolean isOverdue(long now) {
    long writingSince = writer.writingSince();
    if (writingSince != 0 && now - writingSince > limits.writeTimeout().toNanos()) {
      return true;
    }
    Duration allowed =
        switch (phase) {
          case IDLE -> null;
          case HEADERS -> limits.headerTimeout();
          case BODY -> limits.bodyTimeout();
        };
    return allowed != null && reading && now - phaseSince > allowed.toNanos();
  }

  /** Closes the socket, which wakes every thread that waits on it. */
  void cut() {
    delegate.serverSocket().close();
  }

  @Override
  public ListenerContext listenerContext() {
    return delegate.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return delegate.executor();
  }

  @Override
  public DataWriter dataWriter() {
    return writer;
  }

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public Router router() {
    return delegate.router();
  }

  @Override
  public Optional<ProxyProtocolData> proxyProtocolData() {
    return delegate.proxyProtocolData();
  }

  @Override
  public HelidonSocket serverSocket() {
    return delegate.serverSocket();
  }

  @Override
  public PeerInfo remotePeer() {
    return delegate.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return delegate.localPeer();
  }

  @Override
  public boolean isSecure() {
    return delegate.isSecure();
  }

  @Override
  public String socketId() {
    return delegate.socketId();
  }

  @Override
  public String childSocketId() {
    return delegate.childSocketId();
  }
}
