package network.tachi.indexer;

import java.util.List;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.Log;

/** Holds the logs of a block against its header, where there are no receipts to prove them by. */
final class LogsProof {
  private LogsProof() {}

  /**
   * Checks all logs of a block: numbered without a gap, and their bloom is the header's.
   *
   * @throws RejectedAnswerException if they are not the block's
   */
  static void checkAll(BlockHeader header, List<Log> logs) {
    checkEach(header, logs);
    for (int i = 0; i < logs.size(); i++) {
      if (logs.get(i).logIndex() != i) {
        throw refuse(
            header,
            Rejection.RECEIPT_ORDER,
            "log %d says it is number %d".formatted(i, logs.get(i).logIndex()));
      }
    }
    Bytes bloom = BloomBits.bloom(logs);
    if (!bloom.equals(header.logsBloom())) {
      throw refuse(
          header, Rejection.LOGS_BLOOM, "the bloom of its " + logs.size() + " logs is another");
    }
  }

  /**
   * Checks some logs of a block: each names the block, stands behind the one before, and is not
   * excluded by the bloom.
   *
   * @throws RejectedAnswerException if one is not the block's
   */
  static void checkEach(BlockHeader header, List<Log> logs) {
    int index = -1;
    int transaction = 0;
    Hash transactionHash = Hash.ZERO;
    for (Log log : logs) {
      if (log.removed()
          || !log.blockHash().equals(header.hash())
          || log.blockNumber() != header.number()) {
        throw refuse(
            header, Rejection.FOREIGN_RECEIPT, "log " + log.logIndex() + " names another place");
      }
      boolean sameTransaction = transactionHash != null && log.transactionIndex() == transaction;
      if (log.logIndex() <= index
          || log.transactionIndex() < transaction
          || (sameTransaction && !log.transactionHash().equals(transactionHash))) {
        throw refuse(
            header, Rejection.RECEIPT_ORDER, "log " + log.logIndex() + " is out of its place");
      }
      if (!BloomBits.mayHold(header.logsBloom(), log)) {
        throw refuse(
            header, Rejection.LOGS_BLOOM, "log " + log.logIndex() + " is excluded by the bloom");
      }
      index = log.logIndex();
      transaction = log.transactionIndex();
      transactionHash = log.transactionHash();
    }
  }

  private static RejectedAnswerException refuse(
      BlockHeader header, Rejection rejection, String detail) {
    return new RejectedAnswerException(rejection, header.number(), detail);
  }
}
