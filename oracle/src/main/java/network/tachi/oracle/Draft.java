package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.UsageAttestation.Position;
import network.tachi.contracts.wire.UsageAttestation.Service;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;

/**
 * The end of the log as one batch grows it: the next index, and of every pair, crawler and payment
 * in the batch what the log says so far. Used by one thread, within one database transaction, and
 * thrown away if that fails.
 */
final class Draft {
  private final LogHead head;
  private final InstantSource clock;
  private final Map<PairKey, PairState> pairs;
  private final Map<Address, UsdcAmount> credits;
  private final Set<Hash> usedPayments;
  private final Duration indexAge;
  private final Set<PairKey> changed = new HashSet<>();
  private final List<UsageAttestation> leaves = new ArrayList<>();

  /**
   * Starts at the head of the log.
   *
   * @param pairs the state of the pairs in the batch that have one
   * @param credits what is left of each crawler's deposit; nothing if absent
   * @param usedPayments payments of the batch that the log holds already
   * @param indexAge of the newest block that the credits were read at
   */
  Draft(
      LogHead head,
      InstantSource clock,
      Map<PairKey, PairState> pairs,
      Map<Address, UsdcAmount> credits,
      Set<Hash> usedPayments,
      Duration indexAge) {
    this.head = requireNonNull(head, "head is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.pairs = new HashMap<>(pairs);
    this.credits = new HashMap<>(credits);
    this.usedPayments = new HashSet<>(usedPayments);
    this.indexAge = requireNonNull(indexAge, "indexAge is null");
  }

  /** Where a pair stands now. */
  PairState pair(PairKey key) {
    return pairs.getOrDefault(key, PairState.NEW);
  }

  /** What is left of a crawler's deposit now. */
  UsdcAmount creditOf(Address crawler) {
    return credits.getOrDefault(crawler, UsdcAmount.ZERO);
  }

  /** How old the newest block is that the credits were read at. */
  Duration indexAge() {
    return indexAge;
  }

  /** Whether a payment stands in the log. */
  boolean isUsed(Hash paymentId) {
    return usedPayments.contains(paymentId);
  }

  /**
   * Gives the request the next index. The rules have been asked before.
   *
   * @return the leaf, not yet signed
   */
  UsageAttestation append(PaidRequest request) {
    return switch (request) {
      case CreditRequest credit -> {
        CrawlVoucher voucher = credit.voucher();
        Hash voucherHash = credit.signed().hash();
        PairState seen = pair(credit.pair()).seen(voucherHash, voucher.cumulativeMax());
        UsdcAmount cumulative = seen.charged().plus(credit.amount());
        boolean covered = cumulative.compareTo(voucher.cumulativeMax()) <= 0;
        Address crawler = credit.service().crawler();
        credits.put(crawler, creditOf(crawler).minus(credit.amount()));
        yield charge(credit.service(), seen, covered ? voucherHash : seen.ceilingVoucher());
      }
      case DirectRequest direct -> count(direct.service(), direct.paymentId());
    };
  }

  /**
   * Gives an entry that lost its index when the log was cut a new one; its consent is the voucher
   * it had.
   */
  UsageAttestation appendAgain(UsageAttestation old) {
    Service service =
        new Service(
            old.crawler(),
            old.licenseId(),
            old.contentId(),
            old.requestId(),
            old.units(),
            old.unitPrice());
    PairKey pair = new PairKey(old.licenseId(), old.crawler());
    return old.isCredit()
        ? charge(service, pair(pair), old.paymentRef())
        : count(service, old.paymentRef());
  }

  private UsageAttestation charge(Service service, PairState state, Hash voucher) {
    UsageAttestation leaf =
        UsageAttestation.credit(nextPosition(), service, state.tip(), voucher, clock.millis());
    PairKey key = new PairKey(service.licenseId(), service.crawler());
    pairs.put(key, state.after(leaf.tip(), voucher));
    changed.add(key);
    leaves.add(leaf);
    return leaf;
  }

  private UsageAttestation count(Service service, Hash paymentId) {
    UsageAttestation leaf =
        UsageAttestation.direct(nextPosition(), service, paymentId, clock.millis());
    usedPayments.add(paymentId);
    leaves.add(leaf);
    return leaf;
  }

  private Position nextPosition() {
    return new Position(head.generation(), head.size() + leaves.size(), head.configVersion());
  }

  /** The leaves appended so far, in the order of the log. */
  List<UsageAttestation> leaves() {
    return Collections.unmodifiableList(leaves);
  }

  /** The pairs that have moved, as they stand now. */
  Map<PairKey, PairState> changedPairs() {
    Map<PairKey, PairState> moved = new HashMap<>();
    for (PairKey key : changed) {
      moved.put(key, pair(key));
    }
    return moved;
  }
}
