package network.tachi.server;

import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.NotFoundException;
import io.helidon.http.RequestException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ErrorHandler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Answers every failed HTTP request with problem+json, wherever in Helidon it failed. */
final class HttpErrors {
  static final HeaderName REQUEST_ID = HeaderNames.create(RequestIds.HEADER);
  private static final HeaderName RETRY_AFTER = HeaderNames.create("Retry-After");
  private static final Header PROBLEM =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, ProblemJson.MEDIA_TYPE);
  private static final Header NO_STORE =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");

  private HttpErrors() {}

  /** What routing calls for anything thrown by a filter or a handler. */
  static ErrorHandler<Throwable> handler(RouteTable routes) {
    return (request, response, thrown) -> {
      String requestId = requestId(request);
      if (thrown instanceof NotFoundException && isFromRouting(thrown)) {
        SortedSet<String> allowed = routes.allowed(request.prologue());
        if (!allowed.isEmpty()) {
          response.header(HeaderValues.create(HeaderNames.ALLOW, String.join(", ", allowed)));
          send(
              response,
              ApiError.of(
                  ErrorCode.METHOD_NOT_ALLOWED,
                  "this path answers to " + String.join(", ", allowed)),
              requestId);
          return;
        }
      }
      if (thrown instanceof HttpException e && e.status().family() == Status.Family.REDIRECTION) {
        e.headers().forEach(response::header);
        response.status(e.status()).send();
        return;
      }
      send(response, ErrorMapper.map(thrown, requestId), requestId);
    };
  }

  /**
   * Helidon's own words when no route matched; a handler's NotFoundException says something else.
   */
  private static boolean isFromRouting(Throwable thrown) {
    return "Endpoint not found".equals(thrown.getMessage());
  }

  /** Sends {@code error} as the answer. */
  static void send(ServerResponse response, ApiError error, String requestId) {
    response.status(Status.create(error.code().kind().httpStatus()));
    response.header(PROBLEM);
    response.header(NO_STORE);
    response.header(HeaderValues.create(REQUEST_ID, true, false, requestId));
    Duration retryAfter = error.retryAfter();
    if (retryAfter != null) {
      response.header(HeaderValues.create(RETRY_AFTER, ProblemJson.retryAfterSeconds(retryAfter)));
    }
    response.send(ProblemJson.render(error, requestId));
  }

  static String requestId(ServerRequest request) {
    return request
        .context()
        .get(CallInfo.class)
        .map(CallInfo::requestId)
        .orElseGet(RequestIds::create);
  }

  /** What Helidon calls when a request fails before or below routing. */
  static DirectHandlers directHandlers() {
    DirectHandlers.Builder builder = DirectHandlers.builder();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      builder.addHandler(type, new BelowRouting());
    }
    return builder.build();
  }

  private static final class BelowRouting implements DirectHandler {
    @Override
    public TransportResponse handle(
        TransportRequest request,
        EventType eventType,
        Status defaultStatus,
        ServerResponseHeaders responseHeaders,
        Throwable thrown) {
      String message =
          thrown instanceof RequestException e && e.safeMessage() ? e.getMessage() : null;
      return problem(defaultStatus, responseHeaders, message).build();
    }

    /**
     * Called by the protocol code itself. For HTTP/2 Helidon announces the entity's length, but
     * sends the message, so there the entity must stay empty.
     */
    @Override
    public TransportResponse handle(
        TransportRequest request,
        EventType eventType,
        Status defaultStatus,
        ServerResponseHeaders responseHeaders,
        @Nullable String message) {
      if (request.protocolVersion().contains("2")) {
        return TransportResponse.builder().status(defaultStatus).headers(responseHeaders).build();
      }
      return problem(defaultStatus, responseHeaders, message).build();
    }

    private static TransportResponse.Builder problem(
        Status status, ServerResponseHeaders headers, @Nullable String message) {
      String requestId = RequestIds.create();
      headers.set(PROBLEM);
      headers.set(HeaderValues.create(REQUEST_ID, true, false, requestId));
      ApiError error = ErrorMapper.ofHttpStatus(status.code(), message);
      return TransportResponse.builder()
          .status(status)
          .headers(headers)
          .entity(ProblemJson.render(error, requestId));
    }
  }
}
