package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import network.tachi.contracts.call.HeaderAnchorCalls;
import network.tachi.contracts.call.MeteringLedgerCalls;
import network.tachi.contracts.wire.QuorumSignature;
import network.tachi.evm.UsdcAmount;

/**
 * Brings signed headers onto both chains and finalises them. It asks the contracts first, and wants
 * only what they lack; so it may be stopped and started at any point. Used by one thread.
 */
final class Poster {
  /** The kind of a posting in the outbox. */
  static final String POST = "post-header";

  /** The kind of a finalisation in the outbox. */
  static final String FINALISE = "finalise-header";

  /** The kind of an anchoring in the outbox. */
  static final String ANCHOR = "anchor-header";

  private final OracleStore store;
  private final EpochTable epochs;
  private final LedgerReader ledger;
  private final HeaderSigning signing;
  private final BondKeeper bond;
  private final Attempts attempts;
  private final Deployment deployment;

  Poster(
      OracleStore store,
      EpochTable epochs,
      LedgerReader ledger,
      HeaderSigning signing,
      BondKeeper bond,
      Attempts attempts,
      Deployment deployment) {
    this.store = requireNonNull(store, "store is null");
    this.epochs = requireNonNull(epochs, "epochs is null");
    this.ledger = requireNonNull(ledger, "ledger is null");
    this.signing = requireNonNull(signing, "signing is null");
    this.bond = requireNonNull(bond, "bond is null");
    this.attempts = requireNonNull(attempts, "attempts is null");
    this.deployment = requireNonNull(deployment, "deployment is null");
  }

  /**
   * Posts the next epoch, if it is closed and the ledger is in its generation.
   *
   * @param head of the ledger, whose newest header is one of ours
   * @param headTimestamp of the settlement chain's newest block, in seconds
   * @return why it can't be posted yet; empty if it is on its way, or there is none
   */
  Optional<Warning> post(LedgerReader.Head head, long headTimestamp) {
    Optional<ClosedEpoch> next = store.read(tx -> epochs.find(tx, head.lastPosted() + 1));
    if (next.isEmpty() || next.get().header().generation() != head.generation()) {
      return Optional.empty();
    }
    ClosedEpoch epoch = next.get();
    Optional<Warning> stale = stale(epoch, headTimestamp);
    if (stale.isPresent()) {
      return stale;
    }
    Optional<QuorumSignature> quorum = signing.quorum(epoch);
    if (quorum.isEmpty()) {
      return Optional.of(Warning.waiting("too few signers agree to epoch " + epoch.number()));
    }
    store.commit(tx -> epochs.signed(tx, epoch.header()));
    Optional<String> obstacle = obstacle(epoch, head);
    if (obstacle.isEmpty()) {
      attempts.want(
          deployment.settlementChain(),
          POST,
          name(epoch),
          deployment.meteringLedger(),
          MeteringLedgerCalls.post(epoch.committed(), quorum.get()));
    }
    return obstacle.map(Warning::waiting);
  }

  /** The ledger takes no header that was closed long ago, and its signers sign no other one. */
  private Optional<Warning> stale(ClosedEpoch epoch, long headTimestamp) {
    long most = ledger.escrowTimes().oldestHeader().toSeconds();
    long age = headTimestamp - epoch.body().closedAt();
    return age <= most
        ? Optional.empty()
        : Optional.of(
            new Warning(
                Warning.EPOCH_STALE,
                "epoch "
                    + epoch.number()
                    + " was closed "
                    + age
                    + " s ago, and the ledger takes headers up to "
                    + most
                    + " s old; propose and activate a new signer configuration (a new attestation"
                    + " key is one) and start the oracle with its keys: it closes the epoch"
                    + " again"));
  }

  private Optional<String> obstacle(ClosedEpoch epoch, LedgerReader.Head head) {
    UsdcAmount total = epoch.body().totalCredit();
    UsdcAmount deposits = ledger.netDeposits();
    if (total.compareTo(deposits) > 0) {
      return Optional.of(
          "epoch " + epoch.number() + " credits " + total + ", only " + deposits + " is deposited");
    }
    UsdcAmount finalised =
        store
            .read(tx -> epochs.find(tx, head.lastFinalised()))
            .map(last -> last.body().totalCredit())
            .orElse(UsdcAmount.ZERO);
    return bond.ensure(total.minus(finalised));
  }

  /** Finalises the newest header whose window is over. */
  void finalise(LedgerReader.Head head, long headTimestamp) {
    for (long epoch = head.lastPosted(); epoch > head.lastFinalised(); epoch--) {
      var posted = ledger.posted(epoch);
      if (posted.finalisableAt() <= headTimestamp) {
        long number = epoch;
        store
            .read(tx -> epochs.find(tx, number))
            .filter(ours -> ours.headerHash().equals(posted.headerHash()))
            .ifPresent(ours ->
                attempts.want(
                    deployment.settlementChain(),
                    FINALISE,
                    name(ours),
                    deployment.meteringLedger(),
                    MeteringLedgerCalls.finalise(ours.committed())));
        return;
      }
    }
  }

  /** Anchors posted headers that are newer than the newest anchored one. */
  void anchor(LedgerReader.Head head) {
    HeaderAnchorCalls.Latest latest = ledger.anchored();
    long from = latest.generation() == head.generation() ? latest.epoch() : 0;
    for (ClosedEpoch epoch : store.read(tx -> epochs.after(tx, from))) {
      if (epoch.number() <= head.lastPosted()
          && epoch.header().generation() >= latest.generation()) {
        signing
            .quorum(epoch)
            .ifPresent(quorum ->
                attempts.want(
                    deployment.anchorChain(),
                    ANCHOR,
                    name(epoch),
                    deployment.headerAnchor(),
                    HeaderAnchorCalls.anchor(epoch.header(), quorum)));
      }
    }
  }

  /** Whether the settlement chain holds what a posting would bring. */
  boolean isPosted(String key) {
    String[] name = Attempts.what(key).split("-", 2);
    long number = Long.parseLong(name[1]);
    return store
        .read(tx -> epochs.find(tx, number))
        .filter(epoch -> epoch.header().generation() == Long.parseLong(name[0]))
        .map(epoch -> epoch.headerHash().equals(ledger.posted(number).headerHash()))
        .orElse(true);
  }

  /** Names a header among all: its generation and its epoch. */
  static String name(ClosedEpoch epoch) {
    return epoch.header().generation() + "-" + epoch.number();
  }
}
