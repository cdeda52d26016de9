package network.tachi.indexer;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.Receipt;
import network.tachi.evm.rpc.RpcException;

/**
 * Finds the logs of blocks with the best proof that the endpoints allow: from receipts, or, where
 * no endpoint gives receipts, from {@code eth_getLogs}. The better way is tried again from time to
 * time. Safe for use by many threads.
 */
final class EvidenceReader {
  private static final System.Logger LOG = System.getLogger(EvidenceReader.class.getName());
  private static final int BLOCKS_UNTIL_RETRY = 1_000;

  private final ReceiptsReader receipts;
  private final LogsReader logs;
  private final ReceiptSizes sizes = new ReceiptSizes();

  /** How many blocks are still to be read without receipts; 0 if there are receipts. */
  private final AtomicInteger withoutReceipts = new AtomicInteger();

  private EvidenceReader(ReceiptsReader receipts, LogsReader logs) {
    this.receipts = receipts;
    this.logs = logs;
  }

  /**
   * A reader of a chain.
   *
   * @param finalized the height up to which nothing can be undone, as far as known
   */
  static EvidenceReader of(JsonRpc rpc, IndexedChain chain, LongSupplier finalized) {
    return new EvidenceReader(
        new ReceiptsReader(rpc),
        new LogsReader(rpc, chain.contracts().addresses(), finalized, chain.maxRange()));
  }

  /**
   * The logs of each block.
   *
   * @param headers ascending
   * @throws RpcException if there is no answer
   * @throws RejectedAnswerException if what was answered is not the block's
   */
  List<Evidence> evidence(List<BlockHeader> headers) {
    if (headers.isEmpty()) {
      return List.of();
    }
    if (withoutReceipts.get() <= 0) {
      try {
        List<List<Receipt>> found = receipts.receipts(headers);
        sizes.learn(headers.stream().mapToLong(BlockHeader::gasUsed).sum(), found);
        return found.stream().map(EvidenceReader::ofReceipts).toList();
      } catch (ReceiptsRefusedException e) {
        if (withoutReceipts.getAndSet(BLOCKS_UNTIL_RETRY) <= 0) {
          LOG.log(
              System.Logger.Level.WARNING,
              "no endpoint gives receipts, logs are held against the blooms only: {0}",
              e.getMessage());
        }
      }
    }
    withoutReceipts.addAndGet(-headers.size());
    return logs.logs(headers).stream().map(found -> new Evidence(VerifiedBy.LOGS, found)).toList();
  }

  /** Whether what proves another block fits into one request beside what proves some blocks. */
  boolean fits(int blocks, long gas, BlockHeader more) {
    return sizes.fits(blocks, gas, more);
  }

  /** Whether the receipts of a whole block can be had at once, as far as known. */
  boolean hasWholeBlocks() {
    return withoutReceipts.get() <= 0 && receipts.hasWholeBlocks();
  }

  /** What proven receipts of a block say. */
  static Evidence ofReceipts(List<Receipt> receipts) {
    return new Evidence(
        VerifiedBy.RECEIPTS,
        receipts.stream().flatMap(receipt -> receipt.logs().stream()).toList());
  }
}
