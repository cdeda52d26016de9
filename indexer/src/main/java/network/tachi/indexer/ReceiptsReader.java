package network.tachi.indexer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.Receipt;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcReply;

/**
 * Fetches receipts and proves them. It asks for whole blocks; where the node refuses that method it
 * asks for each transaction, and tries the cheaper way again from time to time. Safe for use by
 * many threads.
 */
final class ReceiptsReader {
  private static final int TRANSACTIONS_PER_REQUEST = 100;
  private static final int BLOCKS_UNTIL_RETRY = 1_000;
  private static final int FORBIDDEN = 403;
  private static final int NOT_ALLOWED = 405;
  private static final int METHOD_NOT_FOUND = -32601;
  private static final int METHOD_NOT_SUPPORTED = -32004;

  private final JsonRpc rpc;

  /** How many blocks are still to be fetched by transaction; 0 if the node gives whole blocks. */
  private final AtomicInteger byTransaction = new AtomicInteger();

  ReceiptsReader(JsonRpc rpc) {
    this.rpc = rpc;
  }

  /**
   * The proven receipts of each block, asked for in one request where the node lets that be.
   *
   * @throws RpcException if there is no answer
   * @throws RejectedAnswerException if the receipts are missing or not those of the block
   */
  List<List<Receipt>> receipts(List<BlockHeader> headers) {
    if (headers.isEmpty()) {
      return List.of();
    }
    List<List<Receipt>> receipts = fetch(headers);
    for (int i = 0; i < headers.size(); i++) {
      ReceiptsProof.check(headers.get(i), receipts.get(i));
    }
    return receipts;
  }

  private List<List<Receipt>> fetch(List<BlockHeader> headers) {
    if (byTransaction.get() > 0) {
      byTransaction.addAndGet(-headers.size());
      return headers.stream().map(this::singleTransactions).toList();
    }
    try {
      return wholeBlocks(headers);
    } catch (RpcException.TooLarge _) {
      if (headers.size() == 1) {
        return List.of(singleTransactions(headers.getFirst()));
      }
      int half = headers.size() / 2;
      List<List<Receipt>> receipts = new ArrayList<>(fetch(headers.subList(0, half)));
      receipts.addAll(fetch(headers.subList(half, headers.size())));
      return receipts;
    } catch (RpcException.ErrorReply e) {
      if (e.code() != METHOD_NOT_FOUND && e.code() != METHOD_NOT_SUPPORTED) {
        throw e;
      }
    } catch (RpcException.HttpStatus e) {
      if (e.status() != FORBIDDEN && e.status() != NOT_ALLOWED) {
        throw e;
      }
    }
    byTransaction.set(BLOCKS_UNTIL_RETRY);
    return headers.stream().map(this::singleTransactions).toList();
  }

  private List<List<Receipt>> wholeBlocks(List<BlockHeader> headers) {
    List<RpcReply<Optional<List<Receipt>>>> replies =
        rpc.callAll(
            headers.stream()
                .map(header -> EthCalls.blockReceipts(BlockRef.hash(header.hash())))
                .toList());
    List<List<Receipt>> receipts = new ArrayList<>(headers.size());
    for (int i = 0; i < headers.size(); i++) {
      BlockHeader header = headers.get(i);
      receipts.add(replies.get(i).orThrow().orElseThrow(() -> missing(header, "null")));
    }
    return receipts;
  }

  private List<Receipt> singleTransactions(BlockHeader header) {
    List<Hash> transactions =
        rpc.call(transactionsOf(header.hash()))
            .orElseThrow(() -> missing(header, "the block is null"));
    List<Receipt> receipts = new ArrayList<>(transactions.size());
    for (int start = 0; start < transactions.size(); start += TRANSACTIONS_PER_REQUEST) {
      List<Hash> part =
          transactions.subList(
              start, Math.min(transactions.size(), start + TRANSACTIONS_PER_REQUEST));
      for (RpcReply<Optional<Receipt>> reply :
          rpc.callAll(part.stream().map(EthCalls::transactionReceipt).toList())) {
        receipts.add(reply.orThrow().orElseThrow(() -> missing(header, "a receipt is null")));
      }
    }
    return receipts;
  }

  private static RpcCall<Optional<List<Hash>>> transactionsOf(Hash block) {
    return RpcCall.optional(
        "eth_getBlockByHash",
        "[\"" + block + "\",false]",
        in -> {
          List<Hash> hashes = new ArrayList<>();
          in.object(
              "block",
              (name, value) -> {
                if (name.equals("transactions")) {
                  hashes.addAll(value.array(name, item -> item.hash("transaction")));
                }
              });
          return hashes;
        });
  }

  private static RejectedAnswerException missing(BlockHeader header, String detail) {
    return new RejectedAnswerException(Rejection.RECEIPTS_MISSING, header.number(), detail);
  }
}
