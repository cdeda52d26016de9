package network.tachi.evm.rpc;

import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;
import org.jspecify.annotations.Nullable;

/** Gathers the members of a log's JSON object. */
final class LogReader {
  private static final int MAX_TOPICS = 4;

  private @Nullable Address address;
  private @Nullable List<Hash> topics;
  private @Nullable Bytes data;
  private @Nullable Long blockNumber;
  private @Nullable Hash blockHash;
  private @Nullable Hash transactionHash;
  private @Nullable Integer transactionIndex;
  private @Nullable Integer logIndex;
  private boolean removed;
  private @Nullable Long blockTimestamp;

  private LogReader() {}

  /** Reads a log of a mined transaction. */
  static Log read(JsonInput in) {
    LogReader reader = new LogReader();
    in.object("log", reader::member);
    return reader.log();
  }

  private void member(String name, JsonInput in) {
    if (in.isNull()) {
      return;
    }
    switch (name) {
      case "address" -> address = in.address(name);
      case "topics" -> topics = readTopics(in);
      case "data" -> data = in.bytes(name);
      case "blockNumber" -> blockNumber = in.quantity(name);
      case "blockHash" -> blockHash = in.hash(name);
      case "transactionHash" -> transactionHash = in.hash(name);
      case "transactionIndex" -> transactionIndex = in.intQuantity(name);
      case "logIndex" -> logIndex = in.intQuantity(name);
      case "removed" -> removed = in.bool(name);
      case "blockTimestamp" -> blockTimestamp = in.quantity(name);
      default -> {}
    }
  }

  private static List<Hash> readTopics(JsonInput in) {
    List<Hash> topics = in.array("topics", item -> item.hash("topic"));
    if (topics.size() > MAX_TOPICS) {
      throw new InvalidValueException("topics", "at most 4", Integer.toString(topics.size()));
    }
    return topics;
  }

  private Log log() {
    return new Log(
        Required.of("address", address),
        Required.of("topics", topics),
        Required.of("data", data),
        Required.of("blockNumber", blockNumber),
        Required.of("blockHash", blockHash),
        Required.of("transactionHash", transactionHash),
        Required.of("transactionIndex", transactionIndex),
        Required.of("logIndex", logIndex),
        removed,
        blockTimestamp);
  }
}
