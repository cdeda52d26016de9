package network.tachi.evm.rpc;

import java.math.BigInteger;
import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;
import org.jspecify.annotations.Nullable;

/** Gathers the members of a receipt's JSON object. */
final class ReceiptReader {
  private int type;
  private @Nullable Hash transactionHash;
  private @Nullable Integer transactionIndex;
  private @Nullable Hash blockHash;
  private @Nullable Long blockNumber;
  private @Nullable Address from;
  private @Nullable Address to;
  private @Nullable Address contractAddress;
  private @Nullable Long status;
  private @Nullable Long gasUsed;
  private @Nullable Long cumulativeGasUsed;
  private BigInteger effectiveGasPrice = BigInteger.ZERO;
  private @Nullable Bytes logsBloom;
  private @Nullable List<Log> logs;
  private @Nullable Long depositNonce;
  private @Nullable Long depositReceiptVersion;

  private ReceiptReader() {}

  /** Reads a receipt since Byzantium, when receipts got a status. */
  static Receipt read(JsonInput in) {
    ReceiptReader reader = new ReceiptReader();
    in.object("receipt", reader::member);
    return reader.receipt();
  }

  private void member(String name, JsonInput in) {
    if (in.isNull()) {
      return;
    }
    switch (name) {
      case "type" -> type = readType(in);
      case "transactionHash" -> transactionHash = in.hash(name);
      case "transactionIndex" -> transactionIndex = in.intQuantity(name);
      case "blockHash" -> blockHash = in.hash(name);
      case "blockNumber" -> blockNumber = in.quantity(name);
      case "from" -> from = in.address(name);
      case "to" -> to = in.address(name);
      case "contractAddress" -> contractAddress = in.address(name);
      case "status" -> status = in.quantity(name);
      case "gasUsed" -> gasUsed = in.quantity(name);
      case "cumulativeGasUsed" -> cumulativeGasUsed = in.quantity(name);
      case "effectiveGasPrice" -> effectiveGasPrice = in.bigQuantity(name);
      case "logsBloom" -> logsBloom = in.bytes(name);
      case "logs" -> logs = in.array(name, LogReader::read);
      case "depositNonce" -> depositNonce = in.quantity(name);
      case "depositReceiptVersion" -> depositReceiptVersion = in.quantity(name);
      default -> {}
    }
  }

  private static int readType(JsonInput in) {
    int value = in.intQuantity("type");
    if (value > 0x7f) {
      throw new InvalidValueException("type", "at most 0x7f", Integer.toString(value));
    }
    return value;
  }

  private Receipt receipt() {
    return new Receipt(
        type,
        Required.of("transactionHash", transactionHash),
        Required.of("transactionIndex", transactionIndex),
        Required.of("blockHash", blockHash),
        Required.of("blockNumber", blockNumber),
        Required.of("from", from),
        to,
        contractAddress,
        Required.of("status", status) == 1,
        Required.of("gasUsed", gasUsed),
        Required.of("cumulativeGasUsed", cumulativeGasUsed),
        effectiveGasPrice,
        Required.of("logsBloom", logsBloom),
        Required.of("logs", logs),
        depositNonce,
        depositReceiptVersion);
  }
}
