package network.tachi.evm.rpc;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.SignedTransaction;

/**
 * Makes the calls of {@link EthCalls} one by one. Every method throws {@link RpcException} if there
 * is no usable answer. Safe for use by many threads.
 */
public final class EthRpc {
  private final JsonRpc rpc;

  /** Creates the layer over a client. */
  public EthRpc(JsonRpc rpc) {
    this.rpc = rpc;
  }

  /** The client below, for batches and other methods. */
  public JsonRpc rpc() {
    return rpc;
  }

  /** The chain's id. */
  public ChainId chainId() {
    return rpc.call(EthCalls.chainId());
  }

  /** The head's number. */
  public long blockNumber() {
    return rpc.call(EthCalls.blockNumber());
  }

  /** A block's header; empty if the node has no such block. */
  public Optional<BlockHeader> block(BlockRef block) {
    return rpc.call(EthCalls.block(block));
  }

  /** The header of the block with a number; empty if the node has none. */
  public Optional<BlockHeader> blockByNumber(long number) {
    return block(BlockRef.number(number));
  }

  /** The header of the block with a hash; empty if the node has none. */
  public Optional<BlockHeader> blockByHash(Hash hash) {
    return block(BlockRef.hash(hash));
  }

  /** Logs, in the order of the chain. */
  public List<Log> logs(LogFilter filter) {
    return rpc.call(EthCalls.logs(filter));
  }

  /** All receipts of a block; empty if the node has no such block. */
  public Optional<List<Receipt>> blockReceipts(BlockRef block) {
    return rpc.call(EthCalls.blockReceipts(block));
  }

  /** A transaction's receipt; empty if it is not mined. */
  public Optional<Receipt> transactionReceipt(Hash transaction) {
    return rpc.call(EthCalls.transactionReceipt(transaction));
  }

  /** A transaction; empty if the node does not know it. */
  public Optional<Transaction> transaction(Hash transaction) {
    return rpc.call(EthCalls.transaction(transaction));
  }

  /** The number of transactions an account has sent: its next nonce. */
  public long transactionCount(Address account, BlockRef at) {
    return rpc.call(EthCalls.transactionCount(account, at));
  }

  /** An account's balance in wei. */
  public BigInteger balance(Address account, BlockRef at) {
    return rpc.call(EthCalls.balance(account, at));
  }

  /** An account's code; no bytes if it has none. */
  public Bytes code(Address account, BlockRef at) {
    return rpc.call(EthCalls.code(account, at));
  }

  /** A word of a contract's storage. */
  public Hash storage(Address contract, Hash slot, BlockRef at) {
    return rpc.call(EthCalls.storage(contract, slot, at));
  }

  /** What a call returns; a revert is {@link RpcException.ErrorReply} with its reason. */
  public Bytes call(CallRequest request, BlockRef at) {
    return rpc.call(EthCalls.call(request, at));
  }

  /** The gas a call needs on the head. */
  public long estimateGas(CallRequest request) {
    return rpc.call(EthCalls.estimateGas(request));
  }

  /** A gas price the node suggests, in wei. */
  public BigInteger gasPrice() {
    return rpc.call(EthCalls.gasPrice());
  }

  /** A priority fee the node suggests, in wei. */
  public BigInteger maxPriorityFeePerGas() {
    return rpc.call(EthCalls.maxPriorityFeePerGas());
  }

  /**
   * Fees of so many blocks up to the newest, with priority fees at these percentiles (0 to 100).
   */
  public FeeHistory feeHistory(int blocks, BlockRef newest, List<Integer> percentiles) {
    return rpc.call(EthCalls.feeHistory(blocks, newest, percentiles));
  }

  /** Hands a signed transaction to the node and returns its hash. */
  public Hash sendRawTransaction(SignedTransaction transaction) {
    return rpc.call(EthCalls.sendRawTransaction(transaction.raw()));
  }

  /** Hands raw signed bytes to the node and returns the transaction's hash. */
  public Hash sendRawTransaction(Bytes raw) {
    return rpc.call(EthCalls.sendRawTransaction(raw));
  }

  /** Makes a call with parameters given as a JSON array, and returns the result's JSON text. */
  public String request(String method, String params) {
    return rpc.call(RpcCall.raw(method, params));
  }
}
