package network.tachi.server;

import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;

/** What surrounds every HTTP request: an id, a time, a place among the requests in work. */
final class HttpFront {
  private static final Set<Method> KNOWN =
      Set.of(
          Method.GET,
          Method.POST,
          Method.PUT,
          Method.PATCH,
          Method.DELETE,
          Method.HEAD,
          Method.OPTIONS);
  private static final Header NOSNIFF =
      HeaderValues.createCached("X-Content-Type-Options", "nosniff");

  private HttpFront() {}

  /** Names and times the request, and limits the time its body takes; outermost. */
  static Filter naming(CallMetrics metrics, Duration bodyTimeout, ScheduledExecutorService timer) {
    return (chain, request, response) -> {
      long startedAt = System.nanoTime();
      String requestId =
          RequestIds.acceptOrCreate(request.headers().first(HttpErrors.REQUEST_ID).orElse(null));
      request.context().register(new CallInfo(requestId, Connections.client(request.remotePeer())));
      response.header(HeaderValues.create(HttpErrors.REQUEST_ID, true, false, requestId));
      response.header(NOSNIFF);
      request.streamFilter(in -> new TimedBody(in, bodyTimeout, timer));
      try {
        chain.proceed();
      } finally {
        metrics.record(
            "http",
            label(request),
            Integer.toString(response.status().code()),
            System.nanoTime() - startedAt);
      }
    };
  }

  /**
   * Lets the request in, or refuses it.
   *
   * @param always paths that are never refused
   */
  static Filter admitting(Admission admission, Set<String> always) {
    return new Filter() {
      @Override
      public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (always.contains(request.prologue().uriPath().path())) {
          chain.proceed();
          return;
        }
        Admission.Place place;
        try {
          place = admission.admit(Connections.client(request.remotePeer()), false);
        } catch (ApiException e) {
          if (admission.isStopping()) {
            response.header(HeaderValues.CONNECTION_CLOSE);
          }
          HttpErrors.send(response, e.error(), HttpErrors.requestId(request));
          return;
        }
        try (place) {
          chain.proceed();
        }
      }
    };
  }

  /** The route's pattern, never the path itself: label values must stay a closed set. */
  private static String label(RoutingRequest request) {
    Method method = request.prologue().method();
    return (KNOWN.contains(method) ? method.text() : "OTHER")
        + " "
        + request.matchingPattern().orElse("unmatched");
  }
}
