package network.tachi.server;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** One TCP connection of a client, as Helidon sees it, with what Helidon lacks: time limits. */
final class ClientConnection implements ConnectionContext {
  private static final System.Logger LOG = System.getLogger(ClientConnection.class.getName());

  /** What the client owes us. */
  enum Phase {
    /** Nothing: a new request may come or not. */
    IDLE,
    /** The rest of a header section. */
    HEADERS,
    /** The rest of a body. */
    BODY,
    /** An end: it has its answer, and the rest of its body is of no use. */
    END
  }

  private static final Duration LINGER = Duration.ofSeconds(1);

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
      this.reader = DataReader.create(() -> next(in));
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

  private byte @Nullable [] next(DataReader in) {
    return closing && phase == Phase.IDLE ? null : timed(in);
  }

  private byte[] timed(DataReader in) {
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
          case END -> LINGER;
        };
    return allowed != null && reading && now - phaseSince > allowed.toNanos();
  }

  /**
   * Reads on for a moment if the last request's body may not have been read whole, as after a 413.
   * A socket closed on unread bytes is reset, and the reset can overtake the answer (RFC 9112 9.6).
   */
  void linger() {
    if (phase != Phase.BODY) {
      return;
    }
    enter(Phase.END);
    try {
      DataReader in = delegate.dataReader();
      for (long left = limits.maxBodyBytes(); left > 0; ) {
        left -= timed(in).length;
      }
    } catch (DataReader.InsufficientDataAvailableException | UncheckedIOException e) {
      LOG.log(System.Logger.Level.TRACE, "The client has closed", e);
    }
  }

  /**
   * Closes the socket, which wakes every thread that waits on it. Never throws: Helidon may close
   * it at the same time, and whoever cuts has others to cut.
   */
  void cut() {
    try {
      delegate.serverSocket().close();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "Can't close " + childSocketId(), e);
    }
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
