package network.tachi.indexer;

import static network.tachi.indexer.RpcFault.Of.ANSWER;
import static network.tachi.indexer.RpcFault.Of.ANY;
import static network.tachi.indexer.RpcFault.Of.CHAIN;
import static network.tachi.indexer.RpcFault.Of.HEADER;
import static network.tachi.indexer.RpcFault.Of.RECEIPTS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import network.tachi.evm.Hash;
import network.tachi.testkit.chain.AnswerFault;
import network.tachi.testkit.chain.CallFault;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The ways in which a node's answers go wrong in {@link SimulatorTest}. */
enum RpcFault {
  LOG_OMITTED(RECEIPTS),
  LOG_DUPLICATED(RECEIPTS),
  LOG_OF_ANOTHER_CONTRACT(RECEIPTS),
  LOG_TOPIC(RECEIPTS),
  LOG_DATA(RECEIPTS),
  LOG_INDEX(RECEIPTS),
  LOG_OF_ANOTHER_BLOCK(RECEIPTS),
  LOGS_SWAPPED(RECEIPTS),
  RECEIPT_OMITTED(RECEIPTS),
  RECEIPT_DUPLICATED(RECEIPTS),
  RECEIPTS_SWAPPED(RECEIPTS),
  RECEIPTS_EMPTY(RECEIPTS),
  RECEIPTS_NULL(RECEIPTS),
  RECEIPTS_OF_ANOTHER_BLOCK(RECEIPTS),
  RECEIPT_STATUS(RECEIPTS),
  RECEIPT_GAS(RECEIPTS),
  RECEIPT_TYPE(RECEIPTS),
  HEADER_GAS(HEADER),
  HEADER_BLOOM(HEADER),
  HEADER_RECEIPTS_ROOT(HEADER),
  HEADER_PARENT(HEADER),
  HEADER_HASH(HEADER),
  HEADER_NUMBER(HEADER),
  HEADER_TIME(HEADER),
  HEADER_FIELD_MISSING(HEADER),
  HEADER_FIELD_OF_WRONG_TYPE(HEADER),
  HEADER_OF_ANOTHER_BLOCK(HEADER),
  BLOCK_NULL(HEADER),
  OTHER_FORK(HEADER),
  HEAD_GOES_BACK(HEADER),
  CALL_UNANSWERED(ANY),
  ERROR_NOT_FOUND(ANY),
  ERROR_LIMIT(ANY),
  ERROR_INTERNAL(ANY),
  STATUS_429(ANSWER),
  STATUS_429_WITH_RETRY_AFTER(ANSWER),
  STATUS_500(ANSWER),
  STATUS_503(ANSWER),
  BODY_CUT_OFF(ANSWER),
  BODY_SHORTENED(ANSWER),
  BODY_EMPTY(ANSWER),
  BODY_HTML(ANSWER),
  BODY_OF_WRONG_TYPE(ANSWER),
  HANG_UP(ANSWER),
  SILENCE(ANSWER),
  LATE(ANSWER),
  ANSWERS_REVERSED(ANSWER),
  ANSWERS_FOR_OTHER_CALLS(ANSWER),
  WRONG_CHAIN(CHAIN);

  /** What it is a fault of. */
  enum Of {
    RECEIPTS,
    HEADER,
    CHAIN,
    ANY,
    ANSWER
  }

  private final Of of;

  RpcFault(Of of) {
    this.of = of;
  }

  Of of() {
    return of;
  }

  /** Whether it can be a fault of the answer to a call. */
  boolean concerns(String method) {
    return switch (of) {
      case RECEIPTS -> method.equals("eth_getBlockReceipts");
      case HEADER -> method.startsWith("eth_getBlockBy");
      case CHAIN -> method.equals("eth_chainId");
      case ANY -> true;
      case ANSWER -> false;
    };
  }

  AnswerFault answer() {
    return switch (this) {
      case STATUS_429 -> new AnswerFault.Status(429, Map.of(), "slow down");
      case STATUS_429_WITH_RETRY_AFTER ->
          new AnswerFault.Status(429, Map.of("Retry-After", "1"), "slow down");
      case STATUS_500 -> new AnswerFault.Status(500, Map.of(), "oops");
      case STATUS_503 -> new AnswerFault.Status(503, Map.of(), "no backend");
      case BODY_CUT_OFF -> new AnswerFault.CutOff(0.6);
      case BODY_SHORTENED -> new AnswerFault.Shortened(0.6);
      case BODY_EMPTY -> new AnswerFault.Instead("");
      case BODY_HTML -> new AnswerFault.Instead("<html>bad gateway</html>");
      case BODY_OF_WRONG_TYPE -> new AnswerFault.Instead("[[],{},7]");
      case HANG_UP -> new AnswerFault.HangUp();
      case SILENCE -> new AnswerFault.Silence();
      case LATE -> new AnswerFault.Late(Duration.ofMillis(3));
      case ANSWERS_REVERSED -> new AnswerFault.Reversed();
      case ANSWERS_FOR_OTHER_CALLS -> new AnswerFault.WrongIds();
      default -> AnswerFault.NONE;
    };
  }

  /** What goes wrong with a call, as far as it is not told by its result. */
  CallFault call() {
    return switch (this) {
      case CALL_UNANSWERED -> new CallFault.Missing();
      case ERROR_NOT_FOUND -> new CallFault.Failure(-32000, "header not found");
      case ERROR_LIMIT -> new CallFault.Failure(-32005, "limit exceeded");
      case ERROR_INTERNAL -> new CallFault.Failure(-32603, "internal error");
      case WRONG_CHAIN -> new CallFault.Instead("\"0x1\"");
      case RECEIPTS_NULL, BLOCK_NULL -> new CallFault.Instead("null");
      case RECEIPTS_EMPTY -> new CallFault.Instead("[]");
      default -> CallFault.NONE;
    };
  }

  /**
   * A false result made of the true one.
   *
   * @return the true one if it has nothing that can be falsified like this
   */
  JsonNode change(JsonNode result, RandomGenerator random) {
    if (result instanceof ArrayNode receipts) {
      receipts(receipts, random);
    } else if (result instanceof ObjectNode header) {
      header(header);
    }
    return result;
  }

  private void receipts(ArrayNode receipts, RandomGenerator random) {
    if (receipts.isEmpty()) {
      return;
    }
    int at = random.nextInt(receipts.size());
    ObjectNode receipt = (ObjectNode) receipts.get(at);
    switch (this) {
      case RECEIPT_OMITTED -> receipts.remove(at);
      case RECEIPT_DUPLICATED -> receipts.add(receipt.deepCopy());
      case RECEIPTS_SWAPPED -> receipts.add(receipts.remove(0));
      case RECEIPT_STATUS ->
          receipt.put("status", receipt.path("status").asString().equals("0x1") ? "0x0" : "0x1");
      case RECEIPT_GAS -> receipt.put("cumulativeGasUsed", "0x7");
      case RECEIPT_TYPE ->
          receipt.put("type", receipt.path("type").asString().equals("0x2") ? "0x1" : "0x2");
      default -> logs(receipts, random);
    }
  }

  private void logs(ArrayNode receipts, RandomGenerator random) {
    List<ArrayNode> some = new ArrayList<>();
    receipts.forEach(receipt -> {
      if (receipt.path("logs") instanceof ArrayNode logs && !logs.isEmpty()) {
        some.add(logs);
      }
    });
    if (some.isEmpty()) {
      return;
    }
    ArrayNode logs = some.get(random.nextInt(some.size()));
    int at = random.nextInt(logs.size());
    ObjectNode log = (ObjectNode) logs.get(at);
    switch (this) {
      case LOG_OMITTED -> logs.remove(at);
      case LOG_DUPLICATED -> logs.insert(at, log.deepCopy());
      case LOG_OF_ANOTHER_CONTRACT -> log.put("address", "0x" + "ab".repeat(20));
      case LOG_TOPIC -> log.putArray("topics").add(Hash.ofUint(random.nextInt()).toString());
      case LOG_DATA -> log.put("data", log.path("data").asString() + "00");
      case LOG_INDEX -> log.put("logIndex", "0x99");
      case LOG_OF_ANOTHER_BLOCK -> log.put("blockHash", Hash.ofUint(5).toString());
      case LOGS_SWAPPED -> logs.add(logs.remove(0));
      default -> throw new IllegalStateException(name());
    }
  }

  private void header(ObjectNode header) {
    switch (this) {
      case HEADER_GAS -> header.put("gasUsed", "0x7b");
      case HEADER_BLOOM -> header.put("logsBloom", "0x" + "00".repeat(255) + "01");
      case HEADER_RECEIPTS_ROOT -> header.put("receiptsRoot", Hash.ofUint(1).toString());
      case HEADER_PARENT -> header.put("parentHash", Hash.ofUint(2).toString());
      case HEADER_HASH -> header.put("hash", Hash.ofUint(3).toString());
      case HEADER_NUMBER -> header.put("number", "0x7fffffff");
      case HEADER_TIME -> header.put("timestamp", "0x7b");
      case HEADER_FIELD_MISSING -> header.remove("receiptsRoot");
      case HEADER_FIELD_OF_WRONG_TYPE -> header.put("number", true);
      default -> throw new IllegalStateException(name());
    }
  }
}
