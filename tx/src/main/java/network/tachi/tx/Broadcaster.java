package network.tachi.tx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import network.tachi.evm.Bytes;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcException;
import org.jspecify.annotations.Nullable;

/**
 * Hands signed bytes to the node, again and again but not too often. Used by the sender's thread
 * only.
 */
final class Broadcaster {
  private static final Logger LOG = System.getLogger(Broadcaster.class.getName());

  private final EthRpc rpc;
  private final Duration pause;
  private final InstantSource clock;
  private final Map<Long, Instant> sentAt = new HashMap<>();

  Broadcaster(EthRpc rpc, SendPolicy policy, InstantSource clock) {
    this.rpc = rpc;
    this.pause = policy.rebroadcastAfter();
    this.clock = clock;
  }

  /** Sends now. What the node says against it shows later in whether it is included. */
  void send(long row, Bytes raw) {
    sentAt.put(row, clock.instant());
    try {
      rpc.sendRawTransaction(raw);
    } catch (RpcException.ErrorReply e) {
      String text = e.nodeMessage().toLowerCase(Locale.ROOT);
      boolean expected =
          text.contains("already") || text.contains("nonce too low") || text.contains("known");
      LOG.log(
          expected ? Level.DEBUG : Level.WARNING,
          "the node did not take a transaction: " + e.getMessage());
    }
  }

  /** Sends again if the last time is long enough ago. */
  void sendAgain(long row, Bytes raw) {
    @Nullable Instant last = sentAt.get(row);
    if (last == null || Duration.between(last, clock.instant()).compareTo(pause) >= 0) {
      send(row, raw);
    }
  }

  void forget(long row) {
    sentAt.remove(row);
  }
}
