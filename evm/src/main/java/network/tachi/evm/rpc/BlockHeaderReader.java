package network.tachi.evm.rpc;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;
import org.jspecify.annotations.Nullable;

/** Gathers the members of a block's JSON object into a header. */
final class BlockHeaderReader {
  /** Members of a block that are not header fields. */
  private static final Set<String> BODY =
      Set.of("size", "totalDifficulty", "transactions", "uncles", "withdrawals", "requests");

  private static final int BLOOM_SIZE = 256;
  private static final int NONCE_SIZE = 8;

  private @Nullable Hash hash;
  private @Nullable Hash parentHash;
  private @Nullable Hash ommersHash;
  private @Nullable Address beneficiary;
  private @Nullable Hash stateRoot;
  private @Nullable Hash transactionsRoot;
  private @Nullable Hash receiptsRoot;
  private @Nullable Bytes logsBloom;
  private @Nullable BigInteger difficulty;
  private @Nullable Long number;
  private @Nullable Long gasLimit;
  private @Nullable Long gasUsed;
  private @Nullable Long timestamp;
  private @Nullable Bytes extraData;
  private @Nullable Hash mixHash;
  private @Nullable Bytes nonce;
  private @Nullable BigInteger baseFeePerGas;
  private @Nullable Hash withdrawalsRoot;
  private @Nullable Long blobGasUsed;
  private @Nullable Long excessBlobGas;
  private @Nullable Hash parentBeaconBlockRoot;
  private @Nullable Hash requestsHash;
  private final Set<String> unknown = new HashSet<>();

  private BlockHeaderReader() {}

  /** Reads a block, with or without its transactions. */
  static BlockHeader read(JsonInput in) {
    BlockHeaderReader reader = new BlockHeaderReader();
    in.object("block", reader::member);
    return reader.header();
  }

  private void member(String name, JsonInput in) {
    if (in.isNull() || BODY.contains(name)) {
      return;
    }
    switch (name) {
      case "hash" -> hash = in.hash(name);
      case "parentHash" -> parentHash = in.hash(name);
      case "sha3Uncles" -> ommersHash = in.hash(name);
      case "miner" -> beneficiary = in.address(name);
      case "stateRoot" -> stateRoot = in.hash(name);
      case "transactionsRoot" -> transactionsRoot = in.hash(name);
      case "receiptsRoot" -> receiptsRoot = in.hash(name);
      case "logsBloom" -> logsBloom = sized(name, in, BLOOM_SIZE);
      case "difficulty" -> difficulty = in.bigQuantity(name);
      case "number" -> number = in.quantity(name);
      case "gasLimit" -> gasLimit = in.quantity(name);
      case "gasUsed" -> gasUsed = in.quantity(name);
      case "timestamp" -> timestamp = in.quantity(name);
      case "extraData" -> extraData = in.bytes(name);
      case "mixHash" -> mixHash = in.hash(name);
      case "nonce" -> nonce = sized(name, in, NONCE_SIZE);
      default -> laterMember(name, in);
    }
  }

  private void laterMember(String name, JsonInput in) {
    switch (name) {
      case "baseFeePerGas" -> baseFeePerGas = in.bigQuantity(name);
      case "withdrawalsRoot" -> withdrawalsRoot = in.hash(name);
      case "blobGasUsed" -> blobGasUsed = in.quantity(name);
      case "excessBlobGas" -> excessBlobGas = in.quantity(name);
      case "parentBeaconBlockRoot" -> parentBeaconBlockRoot = in.hash(name);
      case "requestsHash" -> requestsHash = in.hash(name);
      default -> unknown.add(name);
    }
  }

  private static Bytes sized(String name, JsonInput in, int size) {
    Bytes value = in.bytes(name);
    if (value.size() != size) {
      throw new InvalidValueException(name, size + " bytes", value.size() + " bytes");
    }
    return value;
  }

  private BlockHeader header() {
    return new BlockHeader(
        Required.of("hash", hash),
        Required.of("parentHash", parentHash),
        Required.of("sha3Uncles", ommersHash),
        Required.of("miner", beneficiary),
        Required.of("stateRoot", stateRoot),
        Required.of("transactionsRoot", transactionsRoot),
        Required.of("receiptsRoot", receiptsRoot),
        Required.of("logsBloom", logsBloom),
        Required.of("difficulty", difficulty),
        Required.of("number", number),
        Required.of("gasLimit", gasLimit),
        Required.of("gasUsed", gasUsed),
        Required.of("timestamp", timestamp),
        Required.of("extraData", extraData),
        Required.of("mixHash", mixHash),
        Required.of("nonce", nonce),
        baseFeePerGas,
        withdrawalsRoot,
        blobGasUsed,
        excessBlobGas,
        parentBeaconBlockRoot,
        requestsHash,
        unknown);
  }
}
