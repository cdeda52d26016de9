package network.tachi.tx;

import java.util.Locale;
import java.util.stream.Stream;
import network.tachi.evm.rpc.RpcException;

/** What nodes mean by their error messages, which no standard fixes. */
final class NodeErrors {
  private static final int EXECUTION_REVERTED = 3;

  private NodeErrors() {}

  /** The call was run, and failed by itself. */
  static boolean isExecutionFailure(RpcException.ErrorReply e) {
    return e.code() == EXECUTION_REVERTED
        || says(e.nodeMessage(), "revert", "invalid opcode", "out of gas", "gas required exceeds");
  }

  /** Why a call failed by itself. */
  static String reason(RpcException.ErrorReply e) {
    return e.revertReason().map(Object::toString).orElse(e.nodeMessage());
  }

  /** The transaction is in the pool or in a block already. */
  static boolean isKnown(String message) {
    return says(message, "already", "nonce too low", "known transaction");
  }

  /** Higher fees may help. */
  static boolean isAboutFees(String message) {
    return says(message, "underpriced", "fee", "gas price");
  }

  private static boolean says(String message, String... parts) {
    String text = message.toLowerCase(Locale.ROOT);
    return Stream.of(parts).anyMatch(text::contains);
  }
}
