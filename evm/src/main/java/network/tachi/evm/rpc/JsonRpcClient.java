package network.tachi.evm.rpc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import network.tachi.evm.InvalidValueException;
import org.jspecify.annotations.Nullable;

/**
 * A JSON-RPC 2.0 client of one endpoint over HTTP/1.1 with kept-alive connections. Callers wait on
 * their own thread, which may be virtual; the work is done on virtual threads of the client, and
 * nothing of it on the common pool. It never tries again by itself: the caller decides by the type
 * of the {@link RpcException}.
 */
public final class JsonRpcClient implements JsonRpc, AutoCloseable {
  private static final int OK = 200;
  private static final int TOO_MANY = 429;
  private static final int MAX_BODY_IN_MESSAGE = 500;

  /** What came back, unpacked. */
  private static final class Answer {
    final int status;
    final byte[] body;

    Answer(int status, byte[] body) {
      this.status = status;
      this.body = body;
    }
  }

  private final URI uri;
  private final String endpoint;
  private final JsonRpcOptions options;
  private final ExecutorService executor;
  private final HttpClient http;
  private final Semaphore places;
  private final AtomicLong ids = new AtomicLong();

  /**
   * Creates a client; connections are made when needed.
   *
   * @throws InvalidValueException if the URI is not http or https
   */
  public JsonRpcClient(URI uri, JsonRpcOptions options) {
    String scheme = uri.getScheme();
    if (uri.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new InvalidValueException(
          "RPC endpoint", "an http or https URL", String.valueOf(scheme));
    }
    this.uri = uri;
    this.endpoint = uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    this.options = options;
    this.executor = Executors.newVirtualThreadPerTaskExecutor();
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(options.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(executor)
            .build();
    this.places = new Semaphore(options.maxConcurrentRequests());
  }

  @Override
  public String endpoint() {
    return endpoint;
  }

  @Override
  public <T> T call(RpcCall<T> call) {
    long id = ids.incrementAndGet();
    Answer answer = exchange(request(id, call), call.method());
    return new ReplyParser(endpoint, call.method(), answer.status)
        .single(answer.body, id, call)
        .orThrow();
  }

  @Override
  public <T> List<RpcReply<T>> callAll(List<RpcCall<T>> calls) {
    if (calls.isEmpty()) {
      return List.of();
    }
    long firstId = ids.getAndAdd(calls.size()) + 1;
    List<String> requests = new ArrayList<>(calls.size());
    for (int i = 0; i < calls.size(); i++) {
      requests.add(request(firstId + i, calls.get(i)));
    }
    String method = calls.getFirst().method();
    String label = calls.size() == 1 ? method : method + " and " + (calls.size() - 1) + " more";
    Answer answer = exchange(Json.array(requests), label);
    return new ReplyParser(endpoint, label, answer.status).batch(answer.body, firstId, calls);
  }

  /**
   * Makes a call with parameters given as JSON text and returns the result's JSON text.
   *
   * @throws RpcException if there is no usable answer
   */
  public String request(String method, String params) {
    return call(RpcCall.raw(method, params));
  }

  /** Breaks off what is under way and closes the connections. */
  @Override
  public void close() {
    http.shutdownNow();
    executor.shutdownNow();
  }

  /** The endpoint without secrets. */
  @Override
  public String toString() {
    return "JsonRpcClient[" + endpoint + "]";
  }

  private static String request(long id, RpcCall<?> call) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":"
        + Json.string(call.method())
        + ",\"params\":"
        + call.params()
        + "}";
  }

  private Answer exchange(String body, String method) {
    long deadline = System.nanoTime() + options.requestTimeout().toNanos();
    try {
      if (!places.tryAcquire(options.requestTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new RpcException.Timeout(endpoint, method, options.requestTimeout());
      }
      try {
        return check(send(body, method, deadline - System.nanoTime()), method);
      } finally {
        places.release();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new RpcException.Interrupted(endpoint, method);
    }
  }

  private HttpResponse<byte[]> send(String text, String method, long nanos)
      throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("Accept-Encoding", "gzip")
            .POST(HttpRequest.BodyPublishers.ofString(text, StandardCharsets.UTF_8));
    options.headers().forEach(request::setHeader);
    HttpResponse.BodyHandler<byte[]> body =
        info ->
            new LimitedBody(
                options.maxResponseBytes(),
                info.headers().firstValueAsLong("Content-Length").orElse(0));
    // Not sendAsync: that hands every result over on the JVM's common pool, whoever blocks it.
    Future<HttpResponse<byte[]>> future = submit(() -> http.send(request.build(), body), method);
    try {
      return future.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      future.cancel(true);
      throw new RpcException.Timeout(endpoint, method, options.requestTimeout());
    } catch (ExecutionException e) {
      throw failure(method, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
    }
  }

  private <T> Future<T> submit(Callable<T> work, String method) {
    try {
      return executor.submit(work);
    } catch (RejectedExecutionException e) {
      throw new RpcException.Transport(endpoint, method, e);
    }
  }

  private RpcException failure(String method, Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof LimitedBody.TooLongException) {
        return new RpcException.TooLarge(endpoint, method, options.maxResponseBytes());
      }
      if (t instanceof HttpConnectTimeoutException) {
        return new RpcException.Timeout(endpoint, method, options.connectTimeout());
      }
    }
    return new RpcException.Transport(endpoint, method, cause);
  }

  private Answer check(HttpResponse<byte[]> response, String method) {
    byte[] body = plain(response, method);
    int status = response.statusCode();
    if (status != OK && (status == TOO_MANY || !ReplyParser.looksLikeError(body))) {
      String text =
          new String(body, 0, Math.min(body.length, MAX_BODY_IN_MESSAGE), StandardCharsets.UTF_8);
      throw new RpcException.HttpStatus(
          endpoint, method, status, retryAfter(response), text.strip());
    }
    return new Answer(status, body);
  }

  /** The body, unpacked if it was packed; the limit is that of the unpacked length too. */
  private byte[] plain(HttpResponse<byte[]> response, String method) {
    String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
    if (!encoding.equalsIgnoreCase("gzip")) {
      return response.body();
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      byte[] body = in.readNBytes(options.maxResponseBytes());
      if (in.read() >= 0) {
        throw new RpcException.TooLarge(endpoint, method, options.maxResponseBytes());
      }
      return body;
    } catch (IOException e) {
      throw new RpcException.Malformed(endpoint, method, "broken gzip: " + e.getMessage(), e);
    }
  }

  private static @Nullable Duration retryAfter(HttpResponse<?> response) {
    String value = response.headers().firstValue("Retry-After").orElse("");
    return value.matches("[0-9]{1,6}") ? Duration.ofSeconds(Long.parseLong(value)) : null;
  }
}
