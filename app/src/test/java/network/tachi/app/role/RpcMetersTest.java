package network.tachi.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.RpcErrorKind;
import network.tachi.evm.rpc.pool.EndpointState;
import org.junit.jupiter.api.Test;

class RpcMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RpcMeters meters = new RpcMeters(registry, ChainId.BASE);

  private double count(String name, String... tags) {
    return registry.get("tachi.rpc." + name).tag("chain", "8453").tags(tags).counter().count();
  }

  @Test
  void whatAPoolDoes_shouldBeCounted() {
    meters.answered("a", "eth_getLogs", 7, Duration.ofMillis(3));
    meters.failed("a", "eth_getLogs", RpcErrorKind.RATE_LIMITED);
    meters.hedged("b", "eth_getLogs", true);
    meters.blamed("b", "head");

    assertThat(count("calls", "endpoint", "a", "method", "eth_getLogs")).isEqualTo(7);
    assertThat(count("errors", "endpoint", "a", "kind", "RATE_LIMITED")).isOne();
    assertThat(count("hedges", "endpoint", "b", "won", "true")).isOne();
    assertThat(count("blames", "endpoint", "b", "work", "head")).isOne();
    assertThat(registry.get("tachi.rpc.latency").timer().count()).isOne();
  }

  @Test
  void state_shouldBeTheOneGaugeThatIsOne() {
    meters.answered("a", "eth_chainId", 1, Duration.ofMillis(3));
    assertThat(state("READY")).isOne();

    meters.changed("a", EndpointState.CORDONED);

    assertThat(state("READY")).isZero();
    assertThat(state("CORDONED")).isOne();
    assertThat(count("quarantines", "endpoint", "a")).isOne();
  }

  private double state(String name) {
    return registry.get("tachi.rpc.endpoint").tags("endpoint", "a", "state", name).gauge().value();
  }
}
