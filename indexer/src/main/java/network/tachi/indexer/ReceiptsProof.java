package network.tachi.indexer;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.Receipt;

/**
 * Proves a block's receipts by the root in its header, and their place by their order. What the
 * root does not cover (hashes of transactions, indexes) must agree with itself.
 */
final class ReceiptsProof {
  private final BlockHeader header;
  private int nextLogIndex;

  private ReceiptsProof(BlockHeader header) {
    this.header = header;
  }

  /**
   * Checks the receipts of a block.
   *
   * @param header the block
   * @param receipts all of its receipts, in order
   * @throws RejectedAnswerException if they are not the block's receipts
   */
  static void check(BlockHeader header, List<Receipt> receipts) {
    ReceiptsProof proof = new ReceiptsProof(header);
    Set<Hash> transactions = new HashSet<>();
    for (int i = 0; i < receipts.size(); i++) {
      Receipt receipt = receipts.get(i);
      proof.checkPlace(i, receipt);
      if (!transactions.add(receipt.transactionHash())) {
        throw proof.refuse(
            Rejection.FOREIGN_RECEIPT, "two receipts of transaction " + receipt.transactionHash());
      }
      receipt.logs().forEach(log -> proof.checkLog(receipt, log));
    }
    Hash root = OrderedTrie.root(receipts.stream().map(Receipt::consensusBytes).toList());
    if (!root.equals(header.receiptsRoot())) {
      throw proof.refuse(
          Rejection.RECEIPTS_ROOT,
          "%d receipts hash to %s, the header has %s"
              .formatted(receipts.size(), root, header.receiptsRoot()));
    }
  }

  private void checkPlace(int index, Receipt receipt) {
    if (!receipt.blockHash().equals(header.hash()) || receipt.blockNumber() != header.number()) {
      throw refuse(
          Rejection.FOREIGN_RECEIPT,
          "receipt of block %d %s".formatted(receipt.blockNumber(), receipt.blockHash()));
    }
    if (receipt.transactionIndex() != index) {
      throw refuse(
          Rejection.RECEIPT_ORDER,
          "receipt %d says it is number %d".formatted(index, receipt.transactionIndex()));
    }
  }

  private void checkLog(Receipt receipt, Log log) {
    if (log.removed()
        || !log.blockHash().equals(header.hash())
        || log.blockNumber() != header.number()
        || !log.transactionHash().equals(receipt.transactionHash())
        || log.transactionIndex() != receipt.transactionIndex()) {
      throw refuse(Rejection.FOREIGN_RECEIPT, "log " + log.logIndex() + " names another place");
    }
    if (log.logIndex() != nextLogIndex++) {
      throw refuse(
          Rejection.RECEIPT_ORDER,
          "log %d says it is number %d".formatted(nextLogIndex - 1, log.logIndex()));
    }
  }

  private RejectedAnswerException refuse(Rejection rejection, String detail) {
    return new RejectedAnswerException(rejection, header.number(), detail);
  }
}
