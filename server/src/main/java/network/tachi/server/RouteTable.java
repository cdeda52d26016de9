package network.tachi.server;

import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Passes routes on to Helidon and remembers them, to tell a wrong method (405) from a wrong path.
 */
final class RouteTable implements HttpRules {
  private static final List<Method> METHODS =
      List.of(
          Method.GET,
          Method.POST,
          Method.PUT,
          Method.PATCH,
          Method.DELETE,
          Method.HEAD,
          Method.OPTIONS);

  private final HttpRules delegate;
  private final List<HttpRoute> routes = new CopyOnWriteArrayList<>();
  private final List<Nested> nested = new CopyOnWriteArrayList<>();

  RouteTable(HttpRules delegate) {
    this.delegate = delegate;
  }

  @Override
  public HttpRules register(HttpService... services) {
    for (HttpService service : services) {
      delegate.register(new Recorded(service, PathMatchers.any()));
    }
    return this;
  }

  @Override
  public HttpRules register(String pathPattern, HttpService... services) {
    for (HttpService service : services) {
      delegate.register(pathPattern, new Recorded(service, PathMatchers.create(pathPattern)));
    }
    return this;
  }

  @Override
  public HttpRules route(HttpRoute route) {
    routes.add(route);
    delegate.route(route);
    return this;
  }

  /** The methods that some route has for this path; empty if the path is unknown. */
  SortedSet<String> allowed(HttpPrologue prologue) {
    SortedSet<String> allowed = new TreeSet<>();
    for (HttpRoute route : routes) {
      for (Method method : METHODS) {
        if (route.accepts(withMethod(prologue, method)).accepted()) {
          allowed.add(method.text());
        }
      }
    }
    for (Nested part : nested) {
      PathMatchers.PrefixMatchResult match = part.prefix.prefixMatch(prologue.uriPath());
      if (match.accepted()) {
        allowed.addAll(part.table.allowed(prologue.withUriPath(match.unmatchedPath())));
      }
    }
    return allowed;
  }

  private static HttpPrologue withMethod(HttpPrologue prologue, Method method) {
    return HttpPrologue.create(
        prologue.rawProtocol(),
        prologue.protocol(),
        prologue.protocolVersion(),
        method,
        prologue.uriPath(),
        prologue.query(),
        prologue.fragment());
  }

  private record Nested(PathMatcher prefix, RouteTable table) {}

  private final class Recorded implements HttpService {
    private final HttpService service;
    private final PathMatcher prefix;

    Recorded(HttpService service, PathMatcher prefix) {
      this.service = service;
      this.prefix = prefix;
    }

    @Override
    public void routing(HttpRules rules) {
      RouteTable table = new RouteTable(rules);
      nested.add(new Nested(prefix, table));
      service.routing(table);
    }

    @Override
    public void beforeStart() {
      service.beforeStart();
    }

    @Override
    public void afterStart(WebServer webServer) {
      service.afterStart(webServer);
    }

    @Override
    public void afterStop() {
      service.afterStop();
    }
  }
}
