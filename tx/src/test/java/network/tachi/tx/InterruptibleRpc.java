package network.tachi.tx;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcReply;

/** Passes calls on to a node, and does something before or after one of them, also amid a batch. */
final class InterruptibleRpc implements JsonRpc {
  /** When it happens. */
  enum Moment {
    /** The node has not heard of the call. */
    BEFORE,
    /** The node has done it, but the caller does not hear of it. */
    AFTER
  }

  private final JsonRpc node;
  private final int at;
  private final Moment moment;
  private final Runnable event;
  private final AtomicInteger count = new AtomicInteger();

  InterruptibleRpc(JsonRpc node, int at, Moment moment, Runnable event) {
    this.node = node;
    this.at = at;
    this.moment = moment;
    this.event = event;
  }

  /** Whether it has happened. */
  boolean happened() {
    return count.get() > at;
  }

  @Override
  public <T> T call(RpcCall<T> call) {
    boolean now = count.getAndIncrement() == at;
    if (now && moment == Moment.BEFORE) {
      event.run();
    }
    T result = node.call(call);
    if (now && moment == Moment.AFTER) {
      event.run();
    }
    return result;
  }

  @Override
  public <T> List<RpcReply<T>> callAll(List<RpcCall<T>> calls) {
    int first = count.getAndAdd(calls.size());
    boolean now = first <= at && at < first + calls.size();
    if (!now) {
      return node.callAll(calls);
    }
    int before = at - first + (moment == Moment.BEFORE ? 0 : 1);
    List<RpcReply<T>> replies = new ArrayList<>(node.callAll(calls.subList(0, before)));
    event.run();
    replies.addAll(node.callAll(calls.subList(before, calls.size())));
    return replies;
  }

  @Override
  public String endpoint() {
    return node.endpoint();
  }
}
