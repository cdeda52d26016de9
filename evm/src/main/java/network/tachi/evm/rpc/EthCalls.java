package network.tachi.evm.rpc;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Hex;

/** The calls of Ethereum's execution API that are used here, to be made alone or in a batch. */
public final class EthCalls {
  private static final String NONE = "[]";

  private EthCalls() {}

  /** The chain's id. */
  public static RpcCall<ChainId> chainId() {
    return RpcCall.of("eth_chainId", NONE, in -> ChainId.of(in.quantity("chain id")));
  }

  /** The head's number. */
  public static RpcCall<Long> blockNumber() {
    return RpcCall.of("eth_blockNumber", NONE, in -> in.quantity("block number"));
  }

  /** Whether the node is still fetching the chain, and so does not know its head. */
  public static RpcCall<Boolean> syncing() {
    // What is being synced is an object; its members differ between nodes.
    return RpcCall.of("eth_syncing", NONE, in -> in.isObject() || in.bool("syncing"));
  }

  /** A block's header; empty if the node has no such block. */
  public static RpcCall<Optional<BlockHeader>> block(BlockRef block) {
    return switch (block) {
      case BlockRef.ByHash byHash ->
          RpcCall.optional(
              "eth_getBlockByHash",
              Json.array(Json.plain(byHash.hash()), "false"),
              BlockHeaderReader::read);
      case BlockRef.ByNumber _, BlockTag _ ->
          RpcCall.optional(
              "eth_getBlockByNumber", Json.array(block.toJson(), "false"), BlockHeaderReader::read);
    };
  }

  /** Logs, in the order of the chain. */
  public static RpcCall<List<Log>> logs(LogFilter filter) {
    return RpcCall.of(
        "eth_getLogs", Json.array(filter.toJson()), in -> in.array("logs", LogReader::read));
  }

  /** All receipts of a block; empty if the node has no such block. */
  public static RpcCall<Optional<List<Receipt>>> blockReceipts(BlockRef block) {
    String param =
        block instanceof BlockRef.ByHash byHash ? Json.plain(byHash.hash()) : block.toJson();
    return RpcCall.optional(
        "eth_getBlockReceipts", Json.array(param), in -> in.array("receipts", ReceiptReader::read));
  }

  /** A transaction's receipt; empty if it is not mined. */
  public static RpcCall<Optional<Receipt>> transactionReceipt(Hash transaction) {
    return RpcCall.optional(
        "eth_getTransactionReceipt", Json.array(Json.plain(transaction)), ReceiptReader::read);
  }

  /** A transaction; empty if the node does not know it. */
  public static RpcCall<Optional<Transaction>> transaction(Hash transaction) {
    return RpcCall.optional(
        "eth_getTransactionByHash", Json.array(Json.plain(transaction)), TransactionReader::read);
  }

  /** The number of transactions an account has sent: its next nonce. */
  public static RpcCall<Long> transactionCount(Address account, BlockRef at) {
    return RpcCall.of(
        "eth_getTransactionCount",
        Json.array(Json.plain(account), at.toJson()),
        in -> in.quantity("nonce"));
  }

  /** An account's balance in wei. */
  public static RpcCall<BigInteger> balance(Address account, BlockRef at) {
    return RpcCall.of(
        "eth_getBalance",
        Json.array(Json.plain(account), at.toJson()),
        in -> in.bigQuantity("balance"));
  }

  /** An account's code; no bytes if it has none. */
  public static RpcCall<Bytes> code(Address account, BlockRef at) {
    return RpcCall.of(
        "eth_getCode", Json.array(Json.plain(account), at.toJson()), in -> in.bytes("code"));
  }

  /** A word of a contract's storage. */
  public static RpcCall<Hash> storage(Address contract, Hash slot, BlockRef at) {
    return RpcCall.of(
        "eth_getStorageAt",
        Json.array(Json.plain(contract), Json.plain(slot), at.toJson()),
        in -> Hash.ofUint(in.bigQuantity("storage")));
  }

  /** What a call returns. */
  public static RpcCall<Bytes> call(CallRequest request, BlockRef at) {
    return RpcCall.of(
        "eth_call", Json.array(request.toJson(), at.toJson()), in -> in.bytes("result"));
  }

  /** The gas a call needs on the head. */
  public static RpcCall<Long> estimateGas(CallRequest request) {
    return RpcCall.of("eth_estimateGas", Json.array(request.toJson()), in -> in.quantity("gas"));
  }

  /** The gas a call needs on a block. */
  public static RpcCall<Long> estimateGas(CallRequest request, BlockRef at) {
    return RpcCall.of(
        "eth_estimateGas", Json.array(request.toJson(), at.toJson()), in -> in.quantity("gas"));
  }

  /** A gas price the node suggests, in wei. */
  public static RpcCall<BigInteger> gasPrice() {
    return RpcCall.of("eth_gasPrice", NONE, in -> in.bigQuantity("gas price"));
  }

  /** A priority fee the node suggests, in wei. */
  public static RpcCall<BigInteger> maxPriorityFeePerGas() {
    return RpcCall.of("eth_maxPriorityFeePerGas", NONE, in -> in.bigQuantity("priority fee"));
  }

  /**
   * Fees of so many blocks up to the newest, with priority fees at these percentiles (0 to 100).
   */
  public static RpcCall<FeeHistory> feeHistory(
      int blocks, BlockRef newest, List<Integer> percentiles) {
    return RpcCall.of(
        "eth_feeHistory",
        Json.array(
            Json.plain(Hex.quantity(blocks)),
            newest.toJson(),
            Json.array(percentiles.stream().map(String::valueOf).toList())),
        FeeHistory::read);
  }

  /** Hands a signed transaction to the node; the result is its hash. */
  public static RpcCall<Hash> sendRawTransaction(Bytes raw) {
    return RpcCall.of(
        "eth_sendRawTransaction", Json.array(Json.plain(raw)), in -> in.hash("transaction hash"));
  }
}
