package network.tachi.server;

import io.grpc.Attributes;
import io.grpc.Grpc;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** What the gRPC calls of one HTTP/2 connection share. */
final class GrpcConnection {
  private final ClientConnection context;
  private final Set<GrpcStream> streams = ConcurrentHashMap.newKeySet();

  /**
   * Held while reading the flow-control window, writing and shrinking it: Helidon does these three
   * in separate steps, so two streams could together overrun the connection's window.
   */
  private final ReentrantLock windowLock = new ReentrantLock();

  private final String client;
  private final Attributes attributes;
  private volatile boolean closed;

  GrpcConnection(ClientConnection context) {
    this.context = context;
    this.client = Connections.client(context.remotePeer());
    this.attributes =
        Attributes.newBuilder()
            .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, context.remotePeer().address())
            .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, context.localPeer().address())
            .build();
  }

  /** The peer's IP address. */
  String client() {
    return client;
  }

  /** What a call may ask about its transport. */
  Attributes attributes() {
    return attributes;
  }

  void add(GrpcStream stream) {
    streams.add(stream);
    if (closed) {
      stream.connectionLost();
    }
  }

  void remove(GrpcStream stream) {
    streams.remove(stream);
  }

  boolean hasCalls() {
    return !streams.isEmpty();
  }

  ReentrantLock windowLock() {
    return windowLock;
  }

  /** The TCP connection is gone: every call on it is cancelled. */
  void lost() {
    closed = true;
    streams.forEach(GrpcStream::connectionLost);
  }

  /** Cuts the TCP connection, which wakes every thread that waits on it. */
  void cut() {
    context.cut();
  }
}
