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
  private final Standing standing;
  private final Map<PairKey, PairState> pairs;
  private final Map<Address, UsdcAmount> credits;
  private final Set<Hash> usedPayments;
  private final Set<PairKey> changed = new HashSet<>();
  private final List<Admitted> entries = new ArrayList<>();

  /** Starts at the head of the log, from what log and index say there. */
  Draft(LogHead head, InstantSource clock, Standing standing) {
    this.head = requireNonNull(head, "head is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.standing = requireNonNull(standing, "standing is null");
    this.pairs = new HashMap<>(standing.pairs());
    this.credits = new HashMap<>(standing.credits());
    this.usedPayments = new HashSet<>(standing.usedPayments());
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
    return standing.index().age();
  }

  /** How long the oldest entry waits that no epoch covers. */
  Duration waiting() {
    return standing.waiting();
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
    long admittedAt = standing.index().timestamp();
    return switch (request) {
      case CreditRequest credit -> {
        CrawlVoucher voucher = credit.voucher();
        Hash voucherHash = credit.signed().hash();
        PairState seen = pair(credit.pair()).seen(voucherHash, voucher.cumulativeMax());
        UsdcAmount cumulative = seen.charged().plus(credit.amount());
        boolean covered = cumulative.compareTo(voucher.cumulativeMax()) <= 0;
        Address crawler = credit.service().crawler();
        credits.put(crawler, creditOf(crawler).minus(credit.amount()));
        Hash consent = covered ? voucherHash : seen.ceilingVoucher();
        yield charge(credit.service(), seen, consent, admittedAt);
      }
      case DirectRequest direct -> count(direct.service(), direct.paymentId(), admittedAt);
    };
  }

  /**
   * Gives an entry that lost its index when the log was cut a new one. Its consent is the voucher
   * it had; if the signer's word counts no more, and another voucher covers it, that one.
   */
  UsageAttestation appendAgain(Admitted entry) {
    UsageAttestation old = entry.leaf();
    Service service =
        new Service(
            old.crawler(),
            old.licenseId(),
            old.contentId(),
            old.requestId(),
            old.units(),
            old.unitPrice());
    if (!old.isCredit()) {
      return count(service, old.paymentRef(), entry.at());
    }
    PairState state = pair(new PairKey(old.licenseId(), old.crawler()));
    boolean replace =
        standing.endedVouchers().contains(old.paymentRef())
            && state.charged().plus(old.amount()).compareTo(state.ceiling()) <= 0;
    return charge(service, state, replace ? state.ceilingVoucher() : old.paymentRef(), entry.at());
  }

  private UsageAttestation charge(Service service, PairState state, Hash voucher, long admittedAt) {
    UsageAttestation leaf =
        UsageAttestation.credit(nextPosition(), service, state.tip(), voucher, clock.millis());
    PairKey key = new PairKey(service.licenseId(), service.crawler());
    pairs.put(key, state.after(leaf.tip(), voucher));
    changed.add(key);
    entries.add(new Admitted(leaf, admittedAt));
    return leaf;
  }

  private UsageAttestation count(Service service, Hash paymentId, long admittedAt) {
    UsageAttestation leaf =
        UsageAttestation.direct(nextPosition(), service, paymentId, clock.millis());
    usedPayments.add(paymentId);
    entries.add(new Admitted(leaf, admittedAt));
    return leaf;
  }

  private Position nextPosition() {
    return new Position(head.generation(), head.size() + entries.size(), head.configVersion());
  }

  /** The entries appended so far, in the order of the log. */
  List<Admitted> entries() {
    return Collections.unmodifiableList(entries);
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
