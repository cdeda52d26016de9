package network.tachi.evm.rpc;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import network.tachi.evm.InvalidValueException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A subscription to new heads over a websocket ({@code eth_subscribe} with {@code newHeads}). It
 * never connects again by itself. That it is silent says nothing: there may be no new head, or
 * nobody at the other end.
 */
public final class HeadSocket implements AutoCloseable {
  private static final int MAX_MESSAGE = 1 << 20;
  private static final String SUBSCRIBE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";

  private final String endpoint;
  private final HttpClient http;
  private final ExecutorService executor;
  private final WebSocket socket;

  private HeadSocket(String endpoint, HttpClient http, ExecutorService executor, WebSocket socket) {
    this.endpoint = endpoint;
    this.http = http;
    this.executor = executor;
    this.socket = socket;
  }

  /** Hears what the socket says, on a thread of the socket; must return soon. */
  public interface Listener {
    /** The node confirmed the subscription. */
    void subscribed();

    /** There is a new head. */
    void head(NewHead head);

    /** The socket is closed, by either side; called once, and nothing comes after it. */
    void closed(String why);
  }

  /**
   * Connects and subscribes; waits for the connection, not for the node's confirmation.
   *
   * @param uri ws or wss; may hold secrets, and is never logged
   * @param timeout for making the connection
   * @throws InvalidValueException if the URI is not ws or wss
   * @throws RpcException if there is no connection in time
   */
  public static HeadSocket open(URI uri, Duration timeout, Listener listener) {
    String scheme = uri.getScheme();
    if (uri.getHost() == null || !("ws".equals(scheme) || "wss".equals(scheme))) {
      throw new InvalidValueException("heads endpoint", "a ws or wss URL", String.valueOf(scheme));
    }
    String endpoint = uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    HttpClient http = HttpClient.newBuilder().connectTimeout(timeout).executor(executor).build();
    try {
      CompletableFuture<WebSocket> connecting =
          http.newWebSocketBuilder()
              .connectTimeout(timeout)
              .buildAsync(uri, new Receiver(listener));
      WebSocket socket = connecting.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      HeadSocket opened = new HeadSocket(endpoint, http, executor, socket);
      socket
          .sendText(SUBSCRIBE, true)
          .exceptionally(e -> {
            opened.close();
            return socket;
          });
      return opened;
    } catch (InterruptedException _) {
      discard(http, executor);
      Thread.currentThread().interrupt();
      throw new RpcException.Interrupted(endpoint, "eth_subscribe");
    } catch (TimeoutException _) {
      discard(http, executor);
      throw new RpcException.Timeout(endpoint, "eth_subscribe", timeout);
    } catch (ExecutionException e) {
      discard(http, executor);
      throw new RpcException.Transport(
          endpoint, "eth_subscribe", e.getCause() == null ? e : e.getCause());
    }
  }

  private static void discard(HttpClient http, ExecutorService executor) {
    http.shutdownNow();
    executor.shutdownNow();
  }

  /** Host and port. */
  public String endpoint() {
    return endpoint;
  }

  /** Breaks the connection off, without waiting for the other side. */
  @Override
  public void close() {
    socket.abort();
    discard(http, executor);
  }

  /** Puts messages together and reads them. */
  private static final class Receiver implements WebSocket.Listener {
    private final Listener listener;
    private final StringBuilder message = new StringBuilder();
    private final AtomicBoolean closed = new AtomicBoolean();

    Receiver(Listener listener) {
      this.listener = listener;
    }

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      if (message.length() + data.length() > MAX_MESSAGE) {
        fail(webSocket, "a message longer than " + MAX_MESSAGE + " characters");
        return null;
      }
      message.append(data);
      if (last) {
        String text = message.toString();
        message.setLength(0);
        String wrong = read(text);
        if (!wrong.isEmpty()) {
          fail(webSocket, wrong);
          return null;
        }
      }
      webSocket.request(1);
      return null;
    }

    /** Reads a message; returns what is wrong with it, or nothing. */
    private String read(String text) {
      Message read = new Message();
      try (JsonInput in = JsonInput.of(text)) {
        in.object("message", read::member);
      } catch (InvalidValueException | JacksonException e) {
        return "a message that is no announcement: " + e.getMessage();
      }
      if (read.refusal != null) {
        return "the subscription is refused: " + read.refusal;
      }
      if (read.head != null) {
        listener.head(read.head);
      } else if (read.confirmed) {
        listener.subscribed();
      }
      return "";
    }

    private void fail(WebSocket webSocket, String why) {
      webSocket.abort();
      end(why);
    }

    private void end(String why) {
      if (closed.compareAndSet(false, true)) {
        listener.closed(why);
      }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
      end("closed by the node with " + code + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      end("broken: " + error);
    }
  }

  /** The members that count of any message. */
  private static final class Message {
    private boolean confirmed;
    private @Nullable String refusal;
    private @Nullable NewHead head;

    void member(String name, JsonInput in) {
      switch (name) {
        case "error" -> refusal = in.isNull() ? null : in.json();
        case "result" -> confirmed = !in.isNull();
        case "params" ->
            in.object(
                "params",
                (inner, value) -> {
                  if (inner.equals("result")) {
                    head = NewHead.read(value);
                  }
                });
        default -> {}
      }
    }
  }
}
