package network.tachi.testkit.chain;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Decides what goes wrong with the answers of a {@link ReplayNode}. Asked by many threads at once.
 */
public interface Faults {
  /** Nothing goes wrong. */
  Faults NONE = new Faults() {};

  /**
   * A call of a request.
   *
   * @param method such as {@code eth_getLogs}
   * @param params its parameters
   * @param index its place in the request
   * @param size how many calls the request has
   */
  record Call(String method, JsonNode params, int index, int size) {}

  /** What goes wrong with the answer to one call. */
  default CallFault call(Call call) {
    return CallFault.NONE;
  }

  /** What goes wrong with the answer to a request as a whole. */
  default AnswerFault answer(List<Call> calls) {
    return AnswerFault.NONE;
  }
}
