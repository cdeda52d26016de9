package network.tachi.testkit.chain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Puts a {@link ReplayNode} on a port of loopback: JSON-RPC by HTTP/1.1 and, on the same port, by
 * websocket with subscriptions to new heads. It works on the bytes of the connections itself, since
 * it must be able to break them in every way.
 */
public final class ReplayServer implements AutoCloseable {
  private static final int BACKLOG = 256;

  private final ReplayNode node;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean deaf;
  private volatile boolean compresses;

  private final Thread acceptor;

  private ReplayServer(ReplayNode node, ServerSocket listener) {
    this.node = node;
    this.listener = listener;
    this.acceptor =
        Thread.ofPlatform()
            .daemon()
            .name("replay-" + listener.getLocalPort())
            .unstarted(this::accept);
  }

  /** Serves a node on a free port. */
  public static ReplayServer start(ReplayNode node) {
    return start(node, 0);
  }

  /**
   * Serves a node on a port.
   *
   * @param port 0 takes a free one
   * @throws UncheckedIOException if the port is in use
   */
  public static ReplayServer start(ReplayNode node, int port) {
    try {
      ServerSocket listener = new ServerSocket();
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
      ReplayServer server = new ReplayServer(node, listener);
      server.acceptor.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot serve a chain on port " + port, e);
    }
  }

  /** What it serves. */
  public ReplayNode node() {
    return node;
  }

  /** The port. */
  public int port() {
    return listener.getLocalPort();
  }

  /** The endpoint for HTTP. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /** The endpoint for websockets. */
  public URI webSocketUri() {
    return URI.create("ws://127.0.0.1:" + port());
  }

  /** How many connections are open. */
  public int connections() {
    return open.size();
  }

  /** Closes all connections; new ones are accepted. */
  public void dropConnections() {
    open.forEach(Sockets::close);
  }

  /**
   * Whether open connections stay without any answer, and websockets without any message: as if the
   * other side had gone without a word. New connections are accepted and get no answer either.
   */
  public void deaf(boolean value) {
    deaf = value;
  }

  boolean isDeaf() {
    return deaf;
  }

  /** Whether large answers are compressed for clients that accept it; off at first. */
  public void compresses(boolean value) {
    compresses = value;
  }

  boolean compresses() {
    return compresses;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        open.add(socket);
        Thread.ofVirtual().name("replay-connection").start(() -> serve(socket));
      } catch (IOException _) {
        Thread.onSpinWait(); // closed, or the client went away before it was accepted
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      new HttpConnection(this, socket).serve();
    } catch (IOException e) {
      System.getLogger(ReplayServer.class.getName())
          .log(System.Logger.Level.DEBUG, "a connection broke", e);
    } finally {
      open.remove(socket);
    }
  }

  /** Stops listening and closes all connections. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      // The port is free only when nobody waits for a connection any more.
      boolean interrupted = Thread.interrupted();
      try {
        acceptor.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
      dropConnections();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
