package network.tachi.testkit.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;

/**
 * Blocks in which licences are minted, named, switched off and on, paid, withdrawn from, and
 * payments disputed and decided, always in an order that the contracts allow on that fork; among
 * them logs of other contracts, some with topics of ours, and reverted transactions. Licence and
 * dispute ids are the numbers of the blocks that made them.
 */
public final class Stories implements Workload {
  private static final long PURPOSE = 0x73746f72;
  private static final long PAYMENT_PURPOSE = 0x70617965;

  /** How many blocks later a dispute is opened about a payment. */
  private static final int DISPUTE_AFTER = 3;

  /** How many blocks later a dispute is decided. */
  private static final int DECIDE_AFTER = 4;

  /** How many blocks after its mint a licence's domain is verified. */
  private static final int VERIFY_AFTER = 1;

  /** How many blocks after its mint a licence is switched off. */
  private static final int OFF_AFTER = 2;

  /** How many blocks after its mint a licence is switched on again. */
  private static final int ON_AFTER = 5;

  private static final int TRIES = 4;

  private static final List<PlannedTransaction.Kind> KINDS =
      List.of(
          PlannedTransaction.Kind.LEGACY,
          PlannedTransaction.Kind.ACCESS_LIST,
          PlannedTransaction.Kind.DYNAMIC_FEE);

  private static final Hash FOREIGN_TOPIC = Keccak.hash("Paused(address)");

  private final GeneratedContracts contracts;
  private final int percentBusy;
  private final List<Address> crawlers;

  /**
   * Tells stories.
   *
   * @param contracts where the logs come from
   * @param percentBusy how many of 100 blocks have logs of ours
   */
  public Stories(GeneratedContracts contracts, int percentBusy) {
    this.contracts = contracts;
    this.percentBusy = percentBusy;
    SplittableRandom random = new SplittableRandom(PURPOSE);
    this.crawlers = IntStream.range(0, 20).mapToObj(_ -> RandomValues.address(random)).toList();
  }

  /** Stories of the default contracts. */
  public static Stories busy(int percent) {
    return new Stories(GeneratedContracts.DEFAULT, percent);
  }

  @Override
  public List<PlannedTransaction> transactions(BlockPlace place) {
    SplittableRandom random = place.random(PURPOSE);
    List<PlannedTransaction> planned = new ArrayList<>();
    planned.add(foreign(random));
    if (isBusy(place)) {
      addLicense(planned, place);
      addPayments(planned, place);
      addDispute(planned, place);
      addDecision(planned, place);
    }
    if (random.nextInt(4) == 0) {
      planned.add(
          new PlannedTransaction(
              PlannedTransaction.Kind.LEGACY,
              RandomValues.address(random),
              contracts.payments(),
              false,
              List.of()));
    }
    return planned;
  }

  private boolean isBusy(BlockPlace place) {
    return place.random(~PURPOSE).nextInt(100) < percentBusy;
  }

  /** A transaction that has nothing to do with us, though one of its logs may look so. */
  private PlannedTransaction foreign(SplittableRandom random) {
    Address token = RandomValues.address(random);
    List<PlannedLog> logs = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      logs.add(
          switch (random.nextInt(3)) {
            case 0 -> new PlannedLog(token, List.of(), Abi.encode(Abi.uint256(i)));
            case 1 -> Events.paymentHeld(token, RandomValues.hash(random));
            default -> new PlannedLog(token, List.of(FOREIGN_TOPIC), Abi.encode());
          });
    }
    return new PlannedTransaction(
        KINDS.get(random.nextInt(KINDS.size())), RandomValues.address(random), token, true, logs);
  }

  private void addLicense(List<PlannedTransaction> planned, BlockPlace place) {
    long id = place.number();
    Address publisher = publisher(place);
    String domain = domain(id);
    planned.add(
        PlannedTransaction.of(
            publisher,
            contracts.licenses(),
            List.of(
                Events.mintTransfer(contracts.licenses(), publisher, id),
                Events.licenseMinted(
                    contracts.licenses(), publisher, id, "https://" + domain + "/terms.json"),
                Events.domainClaimed(contracts.licenses(), id, domain),
                new PlannedLog(contracts.licenses(), List.of(FOREIGN_TOPIC), Abi.encode()))));
    laterOf(place, VERIFY_AFTER, this::isBusy)
        .ifPresent(older ->
            change(
                planned,
                older,
                Events.domainVerified(
                    contracts.licenses(), older.number(), domain(older.number()))));
    laterOf(place, OFF_AFTER, this::goesOff)
        .ifPresent(older ->
            change(
                planned,
                older,
                Events.licenseSwitched(contracts.licenses(), older.number(), false)));
    laterOf(place, ON_AFTER, minted -> wentOff(place, minted))
        .ifPresent(older ->
            change(
                planned,
                older,
                Events.licenseSwitched(contracts.licenses(), older.number(), true)));
    minted(place, place.random(id)).ifPresent(older -> addVisit(planned, place, older));
  }

  private static String domain(long licenseId) {
    return "site-" + licenseId + ".example";
  }

  private static Optional<BlockPlace> laterOf(
      BlockPlace place, int blocks, Predicate<BlockPlace> condition) {
    return place.at(place.number() - blocks).filter(condition);
  }

  /** Whether the licence that is minted in a block is switched off later, if that block is busy. */
  private boolean goesOff(BlockPlace minted) {
    return isBusy(minted) && minted.random(OFF_AFTER).nextBoolean();
  }

  /** Whether a licence was switched off before a block. */
  private boolean wentOff(BlockPlace place, BlockPlace minted) {
    return goesOff(minted)
        && place.at(minted.number() + OFF_AFTER).filter(this::isBusy).isPresent();
  }

  private static void change(List<PlannedTransaction> planned, BlockPlace minted, PlannedLog log) {
    planned.add(PlannedTransaction.of(publisher(minted), log.address(), List.of(log)));
  }

  /** New terms or a withdrawal, as may happen to any licence at any time. */
  private void addVisit(List<PlannedTransaction> planned, BlockPlace place, BlockPlace older) {
    long id = older.number();
    change(
        planned,
        older,
        place.random(~id).nextBoolean()
            ? Events.termsUriUpdated(contracts.licenses(), id, "ipfs://terms/" + place.number())
            : Events.withdrawn(contracts.payments(), id, publisher(older), 1 + id, 0));
  }

  private void addPayments(List<PlannedTransaction> planned, BlockPlace place) {
    List<Payment> payments = payments(place);
    if (!payments.isEmpty()) {
      planned.add(
          PlannedTransaction.of(
              payments.getFirst().payer(),
              contracts.payments(),
              payments.stream()
                  .map(payment -> Events.paymentMade(contracts.payments(), payment))
                  .toList()));
    }
  }

  private List<Payment> payments(BlockPlace place) {
    SplittableRandom random = place.random(PAYMENT_PURPOSE);
    List<Payment> payments = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      Optional<BlockPlace> license = minted(place, random);
      if (license.isPresent()) {
        payments.add(Payments.payment(random, crawlers, license.get().number(), place.timestamp()));
      }
    }
    return payments;
  }

  private void addDispute(List<PlannedTransaction> planned, BlockPlace place) {
    disputed(place)
        .ifPresent(payment ->
            planned.add(
                PlannedTransaction.of(
                    payment.payer(),
                    contracts.disputes(),
                    List.of(
                        Events.paymentHeld(contracts.payments(), payment.id()),
                        Events.disputeOpened(
                            contracts.disputes(),
                            place.number(),
                            payment,
                            Keccak.hash("evidence " + place.number()),
                            place.timestamp() + 3_600)))));
  }

  /** The payment about which a dispute is opened in a block. */
  private Optional<Payment> disputed(BlockPlace place) {
    return place
        .at(place.number() - DISPUTE_AFTER)
        .filter(this::isBusy)
        .map(this::payments)
        .filter(payments -> !payments.isEmpty())
        .map(List::getFirst);
  }

  private void addDecision(List<PlannedTransaction> planned, BlockPlace place) {
    Optional<BlockPlace> opened = place.at(place.number() - DECIDE_AFTER).filter(this::isBusy);
    opened
        .flatMap(this::disputed)
        .ifPresent(payment -> {
          boolean refund = place.random(PAYMENT_PURPOSE).nextBoolean();
          planned.add(
              PlannedTransaction.of(
                  payment.payer(),
                  contracts.disputes(),
                  List.of(
                      refund
                          ? Events.paymentRefunded(contracts.payments(), payment)
                          : Events.paymentReleased(contracts.payments(), payment.id()),
                      Events.disputeResolved(
                          contracts.disputes(),
                          opened.orElseThrow().number(),
                          refund ? 1 : 2,
                          1))));
        });
  }

  /** An earlier block of this fork in which a licence was minted, if a few tries find one. */
  private Optional<BlockPlace> minted(BlockPlace place, SplittableRandom random) {
    for (int i = 0; i < TRIES && place.number() > 1; i++) {
      Optional<BlockPlace> found =
          place.at(1 + random.nextLong(place.number() - 1)).filter(this::isBusy);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Address publisher(BlockPlace minted) {
    return RandomValues.address(minted.random(minted.number()));
  }
}
