package network.tachi.evm.rpc.pool;

import java.time.Duration;
import network.tachi.evm.rpc.RpcErrorKind;

/** Is told what a pool does, for metrics. Called on the callers' threads; must return at once. */
public interface PoolListener {
  /** Hears nothing. */
  PoolListener NONE = new PoolListener() {};

  /** An endpoint answered a request of so many calls, the first of this method. */
  default void answered(String endpoint, String method, int calls, Duration latency) {}

  /** An endpoint did not answer a request as it should. */
  default void failed(String endpoint, String method, RpcErrorKind kind) {}

  /** A second endpoint was asked because the first was slow; told when it is known who won. */
  default void hedged(String endpoint, String method, boolean won) {}

  /** An endpoint was caught with a bad answer. */
  default void blamed(String endpoint, String label) {}

  /** The pool changed its mind about an endpoint. */
  default void changed(String endpoint, EndpointState state) {}
}
