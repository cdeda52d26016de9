package network.tachi.testkit.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;

/**
 * Blocks full of payments: the load of the benchmarks. Each transaction has a sender and so many
 * payments; crawler and licence of each are drawn at random.
 */
public final class Payments implements Workload {
  private static final long PURPOSE = 0x706179;

  private final GeneratedContracts contracts;
  private final int transactions;
  private final int logs;
  private final int everyBlocks;
  private final List<Address> crawlers;
  private final int licenses;

  /**
   * Fills blocks with payments.
   *
   * @param contracts where they come from
   * @param transactions a block
   * @param logs payments a transaction
   * @param everyBlocks one block in so many is full, the others are empty
   * @param crawlers how many pay
   * @param licenses how many are paid, numbered from 1
   */
  public Payments(
      GeneratedContracts contracts,
      int transactions,
      int logs,
      int everyBlocks,
      int crawlers,
      int licenses) {
    this.contracts = contracts;
    this.transactions = transactions;
    this.logs = logs;
    this.everyBlocks = everyBlocks;
    SplittableRandom random = new SplittableRandom(PURPOSE);
    this.crawlers =
        IntStream.range(0, crawlers).mapToObj(_ -> RandomValues.address(random)).toList();
    this.licenses = licenses;
  }

  /**
   * The load on which indexers are compared: 5 transactions of 10 payments a block, by 1,000
   * crawlers to 500 licences.
   */
  public static Payments comparison() {
    return new Payments(GeneratedContracts.DEFAULT, 5, 10, 1, 1_000, 500);
  }

  /** One block in so many holds one transaction of so many payments, the others nothing. */
  public static Payments sparse(int everyBlocks, int logs) {
    return new Payments(GeneratedContracts.DEFAULT, 1, logs, everyBlocks, 1_000, 500);
  }

  @Override
  public List<PlannedTransaction> transactions(BlockPlace place) {
    if (place.number() % everyBlocks != 0) {
      return List.of();
    }
    List<Payment> payments = payments(place);
    List<PlannedTransaction> planned = new ArrayList<>(transactions);
    for (int i = 0; i < transactions; i++) {
      List<Payment> own = payments.subList(i * logs, (i + 1) * logs);
      planned.add(
          PlannedTransaction.of(
              own.getFirst().payer(),
              contracts.payments(),
              own.stream()
                  .map(payment -> Events.paymentMade(contracts.payments(), payment))
                  .toList()));
    }
    return planned;
  }

  /** The payments of a block, in order. */
  public List<Payment> payments(BlockPlace place) {
    SplittableRandom random = place.random(PURPOSE);
    List<Payment> payments = new ArrayList<>(transactions * logs);
    for (int i = 0; i < transactions * logs; i++) {
      payments.add(payment(random, crawlers, 1 + random.nextInt(licenses), place.timestamp()));
    }
    return payments;
  }

  static Payment payment(
      SplittableRandom random, List<Address> crawlers, long licenseId, long paidAt) {
    Hash id = RandomValues.hash(random);
    return new Payment(
        id,
        licenseId,
        crawlers.get(random.nextInt(crawlers.size())),
        1_000 + random.nextInt(9_000),
        RandomValues.hash(random),
        1 + random.nextInt(2),
        paidAt);
  }
}
