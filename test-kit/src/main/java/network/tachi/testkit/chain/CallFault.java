package network.tachi.testkit.chain;

import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** What goes wrong with the answer to one call. */
public sealed interface CallFault {
  /** Nothing. */
  CallFault NONE = new None();

  /** Nothing. */
  record None() implements CallFault {}

  /**
   * The result is another one.
   *
   * @param change makes the false result of the true one, which it may change in place
   */
  record Changed(UnaryOperator<JsonNode> change) implements CallFault {}

  /**
   * The result is this text.
   *
   * @param json any JSON
   */
  record Instead(String json) implements CallFault {}

  /**
   * An error in place of the result.
   *
   * @param code of JSON-RPC
   * @param message the node's words
   */
  record Failure(int code, String message) implements CallFault {}

  /** The answer is missing from the batch; a single call gets an empty body. */
  record Missing() implements CallFault {}

  /**
   * The call is answered as by a node with another head: one that lags, or follows another fork.
   *
   * @param head of the same generated chain
   */
  record SeenFrom(Tip head) implements CallFault {}
}
