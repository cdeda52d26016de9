package network.tachi.evm.rpc;

import java.math.BigInteger;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import org.jspecify.annotations.Nullable;

/** Gathers the members of a transaction's JSON object. */
final class TransactionReader {
  private @Nullable Hash hash;
  private int type;
  private @Nullable Address from;
  private @Nullable Address to;
  private @Nullable Long nonce;
  private @Nullable BigInteger value;
  private @Nullable Bytes input;
  private @Nullable Long gasLimit;
  private @Nullable Hash blockHash;
  private @Nullable Long blockNumber;
  private @Nullable Integer transactionIndex;

  private TransactionReader() {}

  /** Reads a transaction, mined or waiting. */
  static Transaction read(JsonInput in) {
    TransactionReader reader = new TransactionReader();
    in.object("transaction", reader::member);
    return reader.transaction();
  }

  private void member(String name, JsonInput in) {
    if (in.isNull()) {
      return;
    }
    switch (name) {
      case "hash" -> hash = in.hash(name);
      case "type" -> type = in.intQuantity(name);
      case "from" -> from = in.address(name);
      case "to" -> to = in.address(name);
      case "nonce" -> nonce = in.quantity(name);
      case "value" -> value = in.bigQuantity(name);
      case "input" -> input = in.bytes(name);
      case "gas" -> gasLimit = in.quantity(name);
      case "blockHash" -> blockHash = in.hash(name);
      case "blockNumber" -> blockNumber = in.quantity(name);
      case "transactionIndex" -> transactionIndex = in.intQuantity(name);
      default -> {}
    }
  }

  private Transaction transaction() {
    return new Transaction(
        Required.of("hash", hash),
        type,
        Required.of("from", from),
        to,
        Required.of("nonce", nonce),
        Required.of("value", value),
        Required.of("input", input),
        Required.of("gas", gasLimit),
        blockHash,
        blockNumber,
        transactionIndex);
  }
}
