package network.tachi.indexer;

import java.util.List;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.Receipt;

/**
 * How many blocks' receipts fit into one request. Receipts are as long as what they say cost gas,
 * and the gas of a block stands in its header, so the size is known before they are asked for; how
 * many bytes go with a unit of gas is learnt. For use by many threads.
 */
final class ReceiptSizes {
  /** Short enough that the answer and what is read from it cause no long pauses. */
  private static final long REQUEST_BYTES = 400 << 10;

  private static final int MAX_BLOCKS = 50;

  /** No receipts are longer: a log costs 375 gas, and 8 for each byte of two digits. */
  private static final double MOST_PER_GAS = 0.4;

  private static final double LEAST_PER_GAS = 0.001;

  private static final int RECEIPT_BYTES = 1_300;
  private static final int LOG_BYTES = 700;

  private volatile double bytesPerGas = MOST_PER_GAS;

  /** Whether receipts of another block fit in beside those of some blocks. */
  boolean fits(int blocks, long gas, BlockHeader more) {
    return blocks == 0
        || (blocks < MAX_BLOCKS && (gas + more.gasUsed()) * bytesPerGas <= REQUEST_BYTES);
  }

  /** Takes note of the receipts of blocks that used some gas. */
  void learn(long gas, List<List<Receipt>> receipts) {
    if (gas == 0) {
      return;
    }
    long bytes = 0;
    for (List<Receipt> block : receipts) {
      for (Receipt receipt : block) {
        bytes += RECEIPT_BYTES;
        for (Log log : receipt.logs()) {
          bytes += LOG_BYTES + 2L * log.data().size();
        }
      }
    }
    double seen = (double) bytes / gas;
    double known = bytesPerGas;
    // More is believed at once, less slowly: a request that is too long costs more than a short
    // one.
    double learnt = seen > known ? seen : known + (seen - known) / 4;
    bytesPerGas = Math.clamp(learnt, LEAST_PER_GAS, MOST_PER_GAS);
  }
}
