package network.tachi.testkit.chain;

import java.util.List;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.RlpWriter;

/**
 * A transaction of a block and what came of it.
 *
 * @param signed the transaction
 * @param index its place in the block
 * @param firstLogIndex the place in the block of its first log
 * @param gasUsed gas of this transaction
 * @param cumulativeGasUsed gas of the block up to it
 */
record BodyTransaction(
    SignedPlan signed, int index, int firstLogIndex, long gasUsed, long cumulativeGasUsed) {
  private static final int SUCCESS = 1;

  Hash hash() {
    return signed.hash();
  }

  PlannedTransaction plan() {
    return signed.plan();
  }

  List<PlannedLog> logs() {
    return signed.plan().logs();
  }

  Bytes logsBloom() {
    Bloom bloom = new Bloom();
    bloom.add(logs());
    return bloom.toBytes();
  }

  /** What the receipts root covers; deposits have two more fields since Canyon. */
  byte[] receiptBytes(ChainShape shape) {
    int type = plan().kind().type();
    boolean versioned =
        plan().kind() == PlannedTransaction.Kind.DEPOSIT && shape.hasDepositVersion();
    return receiptBytes(
        type,
        plan().success(),
        cumulativeGasUsed,
        logsBloom(),
        logs(),
        versioned ? new long[] {signed.nonce(), SignedPlan.DEPOSIT_VERSION} : new long[0]);
  }

  /** The consensus form of a receipt with these values, the last ones behind the logs. */
  static byte[] receiptBytes(
      int type,
      boolean success,
      long cumulativeGasUsed,
      Bytes logsBloom,
      List<PlannedLog> logs,
      long[] more) {
    RlpWriter out = new RlpWriter();
    if (type != 0) {
      out.encoded(new byte[] {(byte) type});
    }
    out.beginList()
        .uint(success ? SUCCESS : 0)
        .uint(cumulativeGasUsed)
        .bytes(logsBloom)
        .beginList();
    for (PlannedLog log : logs) {
      out.beginList().address(log.address()).beginList();
      log.topics().forEach(out::hash);
      out.endList().bytes(log.data()).endList();
    }
    out.endList();
    for (long value : more) {
      out.uint(value);
    }
    return out.endList().toBytes();
  }
}
