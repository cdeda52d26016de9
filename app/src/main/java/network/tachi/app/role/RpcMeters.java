package network.tachi.app.role;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.RpcErrorKind;
import network.tachi.evm.rpc.pool.EndpointState;
import network.tachi.evm.rpc.pool.PoolListener;

/** The meters of one chain's endpoints, all named {@code tachi.rpc.*}. */
final class RpcMeters implements PoolListener {
  private final MeterRegistry registry;
  private final Tags tags;
  private final Map<String, EndpointState> states = new ConcurrentHashMap<>();

  RpcMeters(MeterRegistry registry, ChainId chain) {
    this.registry = registry;
    this.tags = Tags.of("chain", chain.toString());
  }

  @Override
  public void answered(String endpoint, String method, int calls, Duration latency) {
    Timer.builder("tachi.rpc.latency")
        .description("From asking to the whole answer, by the first method of the request")
        .publishPercentiles(0.5, 0.99)
        .tags(tags.and("endpoint", endpoint, "method", method))
        .register(registry)
        .record(latency);
    counter("calls", "JSON-RPC calls answered", "endpoint", endpoint, "method", method)
        .increment(calls);
    if (!states.containsKey(endpoint)) {
      changed(endpoint, EndpointState.READY);
    }
  }

  @Override
  public void failed(String endpoint, String method, RpcErrorKind kind) {
    counter("errors", "Requests that failed", "endpoint", endpoint, "kind", kind.name())
        .increment();
  }

  @Override
  public void hedged(String endpoint, String method, boolean won) {
    counter(
            "hedges",
            "Requests to a second endpoint because the first was slow",
            "endpoint",
            endpoint,
            "won",
            Boolean.toString(won))
        .increment();
  }

  @Override
  public void blamed(String endpoint, String label) {
    counter("blames", "Answers that did not stand the check", "endpoint", endpoint, "work", label)
        .increment();
  }

  @Override
  public void changed(String endpoint, EndpointState state) {
    if (states.put(endpoint, state) == null) {
      for (EndpointState each : EndpointState.values()) {
        Gauge.builder("tachi.rpc.endpoint", states, all -> all.get(endpoint) == each ? 1 : 0)
            .description("1 for the state that the endpoint is in")
            .tags(tags.and("endpoint", endpoint, "state", each.name()))
            .register(registry);
      }
    }
    if (state == EndpointState.CORDONED) {
      counter("quarantines", "Times an endpoint was cordoned", "endpoint", endpoint).increment();
    }
  }

  private Counter counter(String name, String description, String... labels) {
    return Counter.builder("tachi.rpc." + name)
        .description(description)
        .tags(tags.and(labels))
        .register(registry);
  }
}
