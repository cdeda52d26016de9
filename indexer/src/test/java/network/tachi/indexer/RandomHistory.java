package network.tachi.indexer;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import network.tachi.contracts.event.DisputeEvent;
import network.tachi.contracts.event.LedgerEvent;
import network.tachi.contracts.event.LicenseEvent;
import network.tachi.contracts.event.PaymentEvent;
import network.tachi.contracts.event.TachiEvent;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;

/**
 * Blocks of a few licences, domains, disputes and headers to which anything happens in any order.
 * What the contracts let happen once only, happens once on a branch.
 */
final class RandomHistory {
  private static final int THINGS = 3;

  private final Random random;
  private final RandomEvents values;
  private final ChainId chain;
  private final List<BlockRows> blocks = new ArrayList<>();
  private final List<Set<String>> happenedBy = new ArrayList<>();
  private Set<String> happened = new HashSet<>();

  RandomHistory(ChainId chain, Random random) {
    this.chain = chain;
    this.random = random;
    this.values = new RandomEvents(random);
  }

  /** All blocks of the branch, from height 1 on. */
  List<BlockRows> blocks() {
    return blocks;
  }

  /** The blocks from a height to another. */
  List<BlockRows> blocks(long from, long to) {
    return blocks.subList((int) from - 1, (int) to);
  }

  long head() {
    return blocks.size();
  }

  /** Goes back to a height, so that another branch begins there. */
  void unwind(long height) {
    while (blocks.size() > height) {
      blocks.removeLast();
      happenedBy.removeLast();
    }
    happened = height == 0 ? new HashSet<>() : new HashSet<>(happenedBy.getLast());
  }

  /** Adds blocks; several may have the same time. */
  void grow(int count) {
    for (int i = 0; i < count; i++) {
      long time =
          blocks.isEmpty() ? 1_000 : blocks.getLast().point().timestamp() + random.nextInt(4);
      Hash parent = blocks.isEmpty() ? Hash.ZERO : blocks.getLast().point().hash();
      BlockPoint point =
          new BlockPoint(head() + 1, Keccak.hash("block " + random.nextLong()), parent, time);
      List<IndexedEvent> events = new ArrayList<>();
      int logs = random.nextInt(7);
      for (int logIndex = 0; logIndex < logs; logIndex++) {
        TachiEvent event = event(time);
        if (once(event)) {
          events.add(
              new IndexedEvent(
                  new EventPosition(
                      chain, point, logIndex, values.hash(), 0, Address.ZERO, VerifiedBy.RECEIPTS),
                  event));
        }
      }
      blocks.add(BlockRows.of(new VerifiedBlock(point, VerifiedBy.RECEIPTS, events, Bytes.EMPTY)));
      happenedBy.add(new HashSet<>(happened));
    }
  }

  private boolean once(TachiEvent event) {
    return switch (event) {
      case LicenseEvent.LicenseMinted e -> happened.add("mint " + e.tokenId());
      case DisputeEvent.DisputeOpened e -> happened.add("open " + e.disputeId());
      case DisputeEvent.DisputeAnswered e -> happened.add("answer " + e.disputeId());
      case DisputeEvent.DisputeEscalated e -> happened.add("escalate " + e.disputeId());
      case DisputeEvent.DisputeResolved e -> happened.add("resolve " + e.disputeId());
      case LedgerEvent.HeaderPosted e -> happened.add("post " + e.headerHash());
      default -> true;
    };
  }

  private TachiEvent event(long time) {
    LicenseId id = LicenseId.of(1 + random.nextInt(THINGS));
    Hash domain = Keccak.hash("domain " + random.nextInt(THINGS));
    BigInteger dispute = BigInteger.valueOf(random.nextInt(THINGS));
    Hash header = Keccak.hash("header " + random.nextInt(THINGS));
    Address address = values.next(LicenseEvent.RecoverySet.class).recovery();
    return switch (random.nextInt(27)) {
      case 0, 1 -> new LicenseEvent.LicenseMinted(address, id, "ipfs://" + random.nextInt());
      case 2 -> new LicenseEvent.LicenseDeactivated(id);
      case 3 -> new LicenseEvent.LicenseReactivated(id);
      case 4 -> new LicenseEvent.LicenseSuspended(id);
      case 5 -> new LicenseEvent.LicenseUnsuspended(id);
      case 6 -> new LicenseEvent.TermsURIUpdated(id, "terms \0" + random.nextInt());
      case 7, 8, 9 ->
          new LicenseEvent.PayoutScheduled(
              id, address, random.nextInt(9) == 0 ? -1 : time + random.nextInt(12) - 2);
      case 10 -> new LicenseEvent.RecoverySet(id, address);
      case 11 -> new LicenseEvent.RecoveryStarted(id, address, time + random.nextInt(9));
      case 12 -> new LicenseEvent.RecoveryCancelled(id);
      case 13 -> new LicenseEvent.Transfer(Address.ZERO, address, id);
      case 14, 15 -> new LicenseEvent.DomainClaimed(id, domain, "example.com");
      case 16 -> new LicenseEvent.DomainReleased(id, domain);
      case 17 -> new LicenseEvent.DomainVerified(id, domain);
      case 18 -> new LicenseEvent.DomainUnverified(id, domain);
      case 19 ->
          new LicenseEvent.DomainReplacementStarted(
              id, domain, LicenseId.of(1 + random.nextInt(THINGS)), time + 5);
      case 20 -> new LicenseEvent.DomainReplacementCancelled(id, domain);
      case 21 -> {
        DisputeEvent.DisputeOpened any = values.next(DisputeEvent.DisputeOpened.class);
        yield new DisputeEvent.DisputeOpened(
            dispute,
            id,
            address,
            any.paymentIds(),
            any.amount(),
            any.evidenceHash(),
            any.evidenceURI(),
            any.answerBy());
      }
      case 22 -> new DisputeEvent.DisputeAnswered(dispute, values.hash(), "", time + 3);
      case 23 ->
          random.nextBoolean()
              ? new DisputeEvent.DisputeEscalated(dispute, time + 7)
              : new DisputeEvent.DisputeResolved(dispute, random.nextInt(4), random.nextInt(6));
      case 24 -> {
        LedgerEvent.HeaderPosted any = values.next(LedgerEvent.HeaderPosted.class);
        yield new LedgerEvent.HeaderPosted(
            any.epoch(),
            any.generation(),
            header,
            any.prevHeaderHash(),
            any.configDigest(),
            any.body(),
            any.finalisableAt());
      }
      case 25 ->
          random.nextBoolean()
              ? new LedgerEvent.HeaderFinalised(3, header)
              : new LedgerEvent.HeaderVoided(3, 1, header);
      default -> values.next(PaymentEvent.PaymentMade.class);
    };
  }
}
