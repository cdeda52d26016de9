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
  private final Map<Long, Waiting> waiting = new HashMap<>();

  /**
   * A row that waits for a block.
   *
   * @param since when this process began to wait for it
   * @param sentAt when its newest bytes were sent last
   * @param refusal what the node said against them; empty if it took them
   */
  private record Waiting(Instant since, Instant sentAt, String refusal) {}

  Broadcaster(EthRpc rpc, SendPolicy policy, InstantSource clock) {
    this.rpc = rpc;
    this.pause = policy.rebroadcastAfter();
    this.clock = clock;
  }

  /** Sends now. What the node says against it shows later in whether it is included. */
  void send(OutboxRow row, Bytes raw) {
    Instant now = clock.instant();
    Instant since = waitingSince(row);
    @Nullable Waiting last = waiting.get(row.id());
    String before = last == null ? "" : last.refusal();
    // Noted first: if the node can't be reached, the next try waits like any other.
    waiting.put(row.id(), new Waiting(since, now, before));
    String refusal = "";
    try {
      rpc.sendRawTransaction(raw);
    } catch (RpcException.ErrorReply e) {
      refusal = isKnown(e) ? "" : e.nodeMessage();
    }
    waiting.put(row.id(), new Waiting(since, now, refusal));
    if (!refusal.isEmpty() && !refusal.equals(before)) {
      LOG.log(Level.WARNING, "the node does not take " + row.name() + ": " + refusal);
    }
  }

  /** Sends again if the last time is long enough ago. */
  void sendAgain(OutboxRow row, Bytes raw) {
    @Nullable Waiting last = waiting.get(row.id());
    if (last == null || Duration.between(last.sentAt(), clock.instant()).compareTo(pause) >= 0) {
      send(row, raw);
    }
  }

  /**
   * When the wait for a block began, as far as this process knows. After a restart or a reorg it
   * begins anew: the bytes get their chance before they are replaced by dearer ones.
   */
  Instant waitingSince(OutboxRow row) {
    @Nullable Waiting last = waiting.get(row.id());
    return last == null ? clock.instant() : last.since();
  }

  /** What the node last said against the bytes of some row; empty if it took them all. */
  String refusal() {
    return waiting.values().stream()
        .map(Waiting::refusal)
        .filter(refusal -> !refusal.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** The row waits no more. */
  void forget(OutboxRow row) {
    waiting.remove(row.id());
  }

  /** Already in the pool or in a block, which is as good as taken. */
  private static boolean isKnown(RpcException.ErrorReply e) {
    String text = e.nodeMessage().toLowerCase(Locale.ROOT);
    return text.contains("already known")
        || text.contains("already imported")
        || text.contains("nonce too low");
  }
}
