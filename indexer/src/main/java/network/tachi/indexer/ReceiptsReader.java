package network.tachi.indexer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.Attempt;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.Receipt;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcErrorKind;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcFailure;
import network.tachi.evm.rpc.RpcReply;

/**
 * Fetches receipts and proves them. It asks for whole blocks; where the node refuses that method it
 * asks for each transaction, and tries the cheaper way again from time to time. Safe for use by
 * many threads.
 */
final class ReceiptsReader {
  private static final int TRANSACTIONS_PER_REQUEST = 100;
  private static final int BLOCKS_UNTIL_RETRY = 1_000;
  private static final String WHOLE = "eth_getBlockReceipts";
  private static final String SINGLE = "eth_getTransactionReceipt";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

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
   * @throws ReceiptsRefusedException if no endpoint has a method that gives receipts
   * @throws RejectedAnswerException if the receipts are missing or not those of the block
   */
  List<List<Receipt>> receipts(List<BlockHeader> headers) {
    return headers.isEmpty() ? List.of() : fetch(headers);
  }

  /** Whether a node gives whole blocks, as far as known. */
  boolean hasWholeBlocks() {
    return byTransaction.get() <= 0;
  }

  private List<List<Receipt>> fetch(List<BlockHeader> headers) {
    if (byTransaction.get() > 0) {
      byTransaction.addAndGet(-headers.size());
    } else {
      try {
        return attempt(WHOLE, node -> wholeBlocks(node, headers));
      } catch (RpcException.TooLarge _) {
        if (headers.size() > 1) {
          return halves(headers);
        }
      } catch (RpcException e) {
        if (!isRefusal(e)) {
          throw e;
        }
        byTransaction.set(BLOCKS_UNTIL_RETRY);
      }
    }
    try {
      return headers.stream()
          .map(header -> attempt(SINGLE, node -> singleTransactions(node, header)))
          .toList();
    } catch (RpcException e) {
      if (!isRefusal(e)) {
        throw e;
      }
      // Who refuses everything, as for a key that has expired, says nothing about receipts.
      rpc.call(transactionsOf(headers.getFirst().hash()));
      throw new ReceiptsRefusedException(e);
    }
  }

  private List<List<Receipt>> halves(List<BlockHeader> headers) {
    int half = headers.size() / 2;
    List<List<Receipt>> receipts = new ArrayList<>(fetch(headers.subList(0, half)));
    receipts.addAll(fetch(headers.subList(half, headers.size())));
    return receipts;
  }

  private <T> T attempt(String label, Function<JsonRpc, T> work) {
    return rpc.attempt(new Attempt<>(label, PATIENCE, work, RejectedAnswerException::blame));
  }

  private static boolean isRefusal(RpcException error) {
    RpcErrorKind kind = RpcFailure.of(error).kind();
    return kind == RpcErrorKind.UNSUPPORTED || kind == RpcErrorKind.AUTH;
  }

  private static List<List<Receipt>> wholeBlocks(JsonRpc node, List<BlockHeader> headers) {
    List<RpcReply<Optional<List<Receipt>>>> replies =
        node.callAll(
            headers.stream()
                .map(header -> EthCalls.blockReceipts(BlockRef.hash(header.hash())))
                .toList());
    List<List<Receipt>> all = new ArrayList<>(headers.size());
    for (int i = 0; i < headers.size(); i++) {
      BlockHeader header = headers.get(i);
      List<Receipt> receipts = replies.get(i).orThrow().orElseThrow(() -> missing(header, "null"));
      ReceiptsProof.check(header, receipts);
      all.add(receipts);
    }
    return all;
  }

  private static List<Receipt> singleTransactions(JsonRpc node, BlockHeader header) {
    List<Hash> transactions =
        node.call(transactionsOf(header.hash()))
            .orElseThrow(() -> missing(header, "the block is null"));
    List<Receipt> receipts = new ArrayList<>(transactions.size());
    for (int start = 0; start < transactions.size(); start += TRANSACTIONS_PER_REQUEST) {
      List<Hash> part =
          transactions.subList(
              start, Math.min(transactions.size(), start + TRANSACTIONS_PER_REQUEST));
      for (RpcReply<Optional<Receipt>> reply :
          node.callAll(part.stream().map(EthCalls::transactionReceipt).toList())) {
        receipts.add(reply.orThrow().orElseThrow(() -> missing(header, "a receipt is null")));
      }
    }
    ReceiptsProof.check(header, receipts);
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
