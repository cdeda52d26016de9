package network.tachi.testkit.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;

/**
 * The transactions of a block and their receipts, made anew from the block's seeds.
 *
 * @param transactions in order
 */
record BlockBody(List<BodyTransaction> transactions) {
  private static final long BASE_GAS = 21_000;
  private static final long LOG_GAS = 2_000;
  private static final long TRANSACTION_PURPOSE = 0x7478;

  private static final Address DEPOSITOR =
      Address.parse("0xdeaddeaddeaddeaddeaddeaddeaddeaddead0001");
  private static final Address L1_BLOCK =
      Address.parse("0x4200000000000000000000000000000000000015");
  private static final Address BASE_TIME =
      Address.parse("0x4200000000000000000000000000000000000030");

  private static final PlannedTransaction L1_ATTRIBUTES = deposit(L1_BLOCK);
  private static final PlannedTransaction TIME = deposit(BASE_TIME);

  private static PlannedTransaction deposit(Address to) {
    return new PlannedTransaction(PlannedTransaction.Kind.DEPOSIT, DEPOSITOR, to, true, List.of());
  }

  /**
   * The body of a block.
   *
   * @param place where it is
   * @param busy whether anything happens in it but deposits of the chain itself
   * @param salt of this block alone, for what no other block has
   */
  static BlockBody of(ChainSpec spec, BlockPlace place, boolean busy, long salt) {
    Builder builder = new Builder();
    if (spec.shape().hasDeposits()) {
      SplittableRandom random = new SplittableRandom(salt);
      builder.add(SignedPlan.of(L1_ATTRIBUTES, spec.chain(), random.split()));
      builder.add(SignedPlan.of(TIME, spec.chain(), random.split()));
    }
    SplittableRandom random = place.random(TRANSACTION_PURPOSE);
    if (busy) {
      for (PlannedTransaction plan : spec.workload().transactions(place)) {
        builder.add(SignedPlan.of(plan, spec.chain(), random.split()));
      }
    }
    return new BlockBody(builder.transactions);
  }

  private static final class Builder {
    private final List<BodyTransaction> transactions = new ArrayList<>();
    private int logs;
    private long gas;

    void add(SignedPlan signed) {
      List<PlannedLog> logsOfIt = signed.plan().logs();
      long gasUsed = BASE_GAS + LOG_GAS * logsOfIt.size();
      gas += gasUsed;
      transactions.add(new BodyTransaction(signed, transactions.size(), logs, gasUsed, gas));
      logs += logsOfIt.size();
    }
  }

  long gasUsed() {
    return transactions.isEmpty() ? 0 : transactions.getLast().cumulativeGasUsed();
  }

  Bytes logsBloom() {
    Bloom bloom = new Bloom();
    transactions.forEach(each -> bloom.add(each.logs()));
    return bloom.toBytes();
  }

  /** The hashes of the transactions, one after the other. */
  Bytes transactionHashes() {
    byte[] hashes = new byte[transactions.size() * Hash.SIZE];
    for (int i = 0; i < transactions.size(); i++) {
      transactions.get(i).hash().writeTo(hashes, i * Hash.SIZE);
    }
    return Bytes.wrap(hashes);
  }

  Hash transactionsRoot() {
    return OrderedTrieRoot.of(SignedPlan.raw(transactions));
  }

  Hash receiptsRoot(ChainShape shape) {
    return OrderedTrieRoot.of(transactions.stream().map(each -> each.receiptBytes(shape)).toList());
  }
}
