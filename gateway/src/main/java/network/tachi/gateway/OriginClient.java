package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import network.tachi.evm.Bytes;
import network.tachi.gateway.HttpFields.Field;
import network.tachi.server.ApiException;
import network.tachi.server.ErrorCode;

/**
 * Fetches from configured origins only. Redirects are never followed, whole answers are buffered up
 * to a limit, and neither the client's credentials nor hop-by-hop fields pass.
 */
final class OriginClient implements AutoCloseable {
  private final Origins origins;
  private final String scheme;
  private final int maxBytes;
  private final Duration timeout;
  private final HttpClient http;

  /**
   * Creates a client.
   *
   * @param scheme by which clients reach the gateway, for X-Forwarded-Proto
   * @param maxBytes longest answer
   * @param timeout from the connection to the last byte
   */
  OriginClient(Origins origins, String scheme, int maxBytes, Duration timeout, Executor executor) {
    this.origins = requireNonNull(origins, "origins is null");
    this.scheme = requireNonNull(scheme, "scheme is null");
    this.maxBytes = maxBytes;
    this.timeout = requireNonNull(timeout, "timeout is null");
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .connectTimeout(timeout)
            .executor(executor)
            .build();
  }

  /** Whether there is an origin for the domain. */
  boolean serves(String domain) {
    return origins.of(domain).isPresent();
  }

  /**
   * The origin's answer, whatever its status.
   *
   * @throws ApiException if there is none in time, or it is too long
   */
  Reply fetch(ClientRequest request) {
    HttpRequest toOrigin = toOrigin(request);
    // Not sendAsync: that hands every answer over on the JVM's common pool, whoever blocks it.
    FutureTask<HttpResponse<byte[]>> answer =
        new FutureTask<>(() -> http.send(toOrigin, _ -> new LimitedBody(maxBytes)));
    Thread.ofVirtual().name("gateway-origin").start(answer);
    try {
      HttpResponse<byte[]> response = answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return new Reply(response.statusCode(), fields(response), Bytes.wrap(response.body()));
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw ApiException.of(
          GatewayErrors.ORIGIN_TIMEOUT,
          "the origin did not answer within " + timeout.toMillis() + " ms",
          e);
    } catch (ExecutionException e) {
      throw failed(requireNonNull(e.getCause(), "no cause"));
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw ApiException.of(ErrorCode.CANCELLED, "the request was interrupted", e);
    }
  }

  private ApiException failed(Throwable cause) {
    return switch (cause) {
      case java.net.http.HttpTimeoutException e ->
          ApiException.of(GatewayErrors.ORIGIN_TIMEOUT, "the origin can't be reached in time", e);
      case LimitedBody.TooLongException e ->
          ApiException.of(
              GatewayErrors.ORIGIN_FAILED,
              "the origin's answer is longer than " + maxBytes + " bytes",
              e);
      default ->
          ApiException.of(
              GatewayErrors.ORIGIN_FAILED, "the origin can't be reached or broke off", cause);
    };
  }

  private HttpRequest toOrigin(ClientRequest request) {
    URI base =
        origins
            .of(request.target().domain())
            .orElseThrow(() ->
                ApiException.of(
                    GatewayErrors.UNKNOWN_HOST, "no origin for " + request.target().domain()));
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(resolve(base, request.target()))
            .timeout(timeout)
            .method(
                request.method(),
                request.body().isEmpty()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(request.body().toArray()));
    for (Field field : request.fields().list()) {
      if (HopByHop.passesToOrigin(field.name(), request.fields())) {
        builder.header(field.name(), field.value());
      }
    }
    builder.setHeader("x-forwarded-for", request.client());
    builder.setHeader("x-forwarded-host", request.target().domain());
    builder.setHeader("x-forwarded-proto", scheme);
    return builder.build();
  }

  /** The origin's base with path and query behind it; neither can change scheme, host or port. */
  private static URI resolve(URI base, Target target) {
    String prefix = Optional.ofNullable(base.getRawPath()).orElse("");
    prefix = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    String text =
        base.getScheme() + "://" + base.getRawAuthority() + prefix + escaped(target.pathAndQuery());
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw ApiException.of(ErrorCode.BAD_REQUEST, "the URL is malformed", e);
    }
    if (!base.getRawAuthority().equals(uri.getRawAuthority())) {
      throw ApiException.of(ErrorCode.BAD_REQUEST, "the URL leaves its origin");
    }
    return uri;
  }

  /** Queries in the wild hold characters that a URI must not. */
  private static String escaped(String pathAndQuery) {
    StringBuilder out = new StringBuilder(pathAndQuery.length());
    for (int i = 0; i < pathAndQuery.length(); i++) {
      char c = pathAndQuery.charAt(i);
      boolean bare = c == '%' && !isEscape(pathAndQuery, i);
      if (bare || "|^`{}\"<>\\[]".indexOf(c) >= 0) {
        out.append('%').append(String.format("%02X", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static boolean isEscape(String text, int at) {
    return at + 2 < text.length()
        && Character.digit(text.charAt(at + 1), 16) >= 0
        && Character.digit(text.charAt(at + 2), 16) >= 0;
  }

  private static HttpFields fields(HttpResponse<byte[]> response) {
    List<Field> all = new ArrayList<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> values.forEach(value -> all.add(new Field(name, value))));
    HttpFields raw = new HttpFields(all);
    return new HttpFields(
        all.stream().filter(field -> HopByHop.passesToClient(field.name(), raw)).toList());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
