package network.tachi.tx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcReply;
import org.jspecify.annotations.Nullable;

/**
 * Hands the newest signed bytes of rows to the node, again and again but not too often. Used by the
 * sender's thread only.
 */
final class Broadcaster {
  private static final Logger LOG = System.getLogger(Broadcaster.class.getName());

  private final EthRpc rpc;
  private final Duration pause;
  private final InstantSource clock;
  private final Map<Long, Sent> sent = new HashMap<>();

  /**
   * When and how a row's newest bytes were sent last.
   *
   * @param refusal what the node said against them; empty if it took them
   */
  private record Sent(Instant at, String refusal) {}

  Broadcaster(EthRpc rpc, SendPolicy policy, InstantSource clock) {
    this.rpc = rpc;
    this.pause = policy.rebroadcastAfter();
    this.clock = clock;
  }

  /**
   * Sends now, in this order. What the node says against it shows later in whether it is included.
   */
  void send(List<OutboxRow> rows) {
    Instant now = clock.instant();
    // Noted first: if the node can't be reached, the next try waits like any other.
    rows.forEach(row -> sent.put(row.id(), new Sent(now, refusal(row))));
    List<RpcReply<Hash>> replies =
        rpc.rpc()
            .callAll(
                rows.stream().map(row -> EthCalls.sendRawTransaction(row.newest().raw())).toList());
    for (int i = 0; i < rows.size(); i++) {
      note(rows.get(i), now, refusal(replies.get(i)));
    }
  }

  /** Sends those again whose last time is long enough ago. */
  void sendDue(List<OutboxRow> rows) {
    Instant now = clock.instant();
    List<OutboxRow> due =
        rows.stream()
            .filter(row -> {
              @Nullable Sent last = sent.get(row.id());
              return last == null || Duration.between(last.at(), now).compareTo(pause) >= 0;
            })
            .toList();
    if (!due.isEmpty()) {
      send(due);
    }
  }

  /** What the node last said against a row's bytes; empty if it took them. */
  String refusal(OutboxRow row) {
    @Nullable Sent last = sent.get(row.id());
    return last == null ? "" : last.refusal();
  }

  /** Only these rows still wait for a block. */
  void keepOnly(List<OutboxRow> rows) {
    Set<Long> ids = new HashSet<>();
    rows.forEach(row -> ids.add(row.id()));
    sent.keySet().retainAll(ids);
  }

  private void note(OutboxRow row, Instant now, String refusal) {
    if (!refusal.isEmpty() && !refusal.equals(refusal(row))) {
      LOG.log(Level.WARNING, "the node does not take " + row.name() + ": " + refusal);
    }
    sent.put(row.id(), new Sent(now, refusal));
  }

  private static String refusal(RpcReply<Hash> reply) {
    return switch (reply) {
      case RpcReply.Ok<Hash> _ -> "";
      case RpcReply.Failed<Hash>(RpcException.ErrorReply e) ->
          NodeErrors.isKnown(e.nodeMessage()) ? "" : e.nodeMessage();
      case RpcReply.Failed<Hash>(RpcException e) -> throw e;
    };
  }
}
