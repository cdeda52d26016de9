package network.tachi.tx;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcReply;

/**
 * Passes calls on to a node, and now and then lets something happen before or after one of them,
 * also amid a batch, or loses an answer. For one thread.
 */
final class UnsteadyRpc implements JsonRpc {
  private static final int EVENT_ONE_IN = 8;
  private static final int LOST_ONE_IN = 30;

  /** The node has done what it was asked, but the caller does not hear of it. */
  static final class LostAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LostAnswer() {
      super("the answer is lost");
    }
  }

  private final JsonRpc node;
  private final Random random;
  private final Runnable event;
  private boolean steady;

  UnsteadyRpc(JsonRpc node, Random random, Runnable event) {
    this.node = node;
    this.random = random;
    this.event = event;
  }

  /** From now on nothing happens any more. */
  void calm() {
    steady = true;
  }

  @Override
  public <T> T call(RpcCall<T> call) {
    return callAll(List.of(call)).getFirst().orThrow();
  }

  @Override
  public <T> List<RpcReply<T>> callAll(List<RpcCall<T>> calls) {
    if (steady) {
      return node.callAll(calls);
    }
    int before = calls.size();
    boolean happens = random.nextInt(EVENT_ONE_IN) == 0;
    if (happens) {
      before = random.nextInt(calls.size() + 1);
    }
    List<RpcReply<T>> replies = new ArrayList<>(node.callAll(calls.subList(0, before)));
    if (happens) {
      event.run();
    }
    replies.addAll(node.callAll(calls.subList(before, calls.size())));
    if (random.nextInt(LOST_ONE_IN) == 0) {
      throw new LostAnswer();
    }
    return replies;
  }

  @Override
  public String endpoint() {
    return node.endpoint();
  }
}
