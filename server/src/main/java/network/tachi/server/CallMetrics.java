package network.tachi.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** The meters of one server. Label sets are closed: routes, registered methods, status codes. */
final class CallMetrics {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

  private final MeterRegistry registry;
  private final String server;
  private final ConcurrentMap<Key, Timer> timers = new ConcurrentHashMap<>();

  CallMetrics(MeterRegistry registry, String server, Admission admission) {
    this.registry = registry;
    this.server = server;
    Gauge.builder("tachi.server.in.flight", admission, Admission::requestsInFlight)
        .description("Calls in work")
        .tag("server", server)
        .tag("kind", "request")
        .strongReference(true)
        .register(registry);
    Gauge.builder("tachi.server.in.flight", admission, Admission::streamsInFlight)
        .description("Calls in work")
        .tag("server", server)
        .tag("kind", "stream")
        .strongReference(true)
        .register(registry);
  }

  void record(String protocol, String method, String code, long nanos) {
    timers
        .computeIfAbsent(new Key(protocol, method, code), this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Key key) {
    return Timer.builder("tachi.server.requests")
        .description("Time from the first byte of a call to the last of its answer")
        .tag("server", server)
        .tag("protocol", key.protocol)
        .tag("method", key.method)
        .tag("code", key.code)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private record Key(String protocol, String method, String code) {}
}
