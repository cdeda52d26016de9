package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signature;
import network.tachi.evm.Signer;
import network.tachi.oracle.EpochTable.SignerSlot;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A root signer in the oracle's process. It shares the database with the sequencer but none of its
 * conclusions: it replays the log from the entries, entry by entry, and signs only what it computed
 * itself.
 */
final class LocalRootSigner implements RootSigner {
  private static final int ENTRIES_A_READ = 5_000;

  private final Signer signer;
  private final Deployment deployment;
  private final OracleStore store;
  private final LogTable log;
  private final EpochTable epochs;
  private final SettlementClock clock;
  private LogReplay replay = new LogReplay();
  private long replayGeneration;

  LocalRootSigner(
      Signer signer,
      Deployment deployment,
      OracleStore store,
      LogTable log,
      EpochTable epochs,
      SettlementClock clock) {
    this.signer = requireNonNull(signer, "signer is null");
    this.deployment = requireNonNull(deployment, "deployment is null");
    this.store = requireNonNull(store, "store is null");
    this.log = requireNonNull(log, "log is null");
    this.epochs = requireNonNull(epochs, "epochs is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public Address address() {
    return signer.address();
  }

  @Override
  public Signature sign(ClosedEpoch epoch) {
    @Nullable Signature earlier =
        store.read(tx -> epochs.signatures(tx, epoch.header())).get(address());
    if (earlier != null) {
      return earlier;
    }
    EpochHeader own = recompute(epoch);
    if (!own.equals(epoch.header())) {
      throw new LogFaultException(
          address() + " computes " + own + ", the oracle proposes " + epoch.header());
    }
    Hash promised = store.commit(tx -> epochs.promise(tx, own, address()));
    if (!promised.equals(own.structHash())) {
      throw new LogFaultException(
          address() + " has promised " + promised + " to epoch " + own.epoch() + ", not " + own);
    }
    Signature signature = signer.sign(own.digest(deployment.headerDomain()));
    int index = deployment.config().signers().indexOf(address());
    store.commit(tx -> epochs.storeSignature(tx, own, new SignerSlot(address(), index), signature));
    return signature;
  }

  private EpochHeader recompute(ClosedEpoch epoch) {
    Optional<ClosedEpoch> previous = store.read(tx -> epochs.find(tx, epoch.number() - 1));
    requireTime(epoch, previous);
    store.read(tx -> requirePublished(tx, epoch));
    advance(epoch.header().generation(), epoch.body().logSize());
    EpochBody body = replay.body(epoch.body().rulesHash(), epoch.body().closedAt());
    return new EpochHeader(
        previous.map(ClosedEpoch::number).orElse(0L) + 1,
        epoch.header().generation(),
        previous.map(ClosedEpoch::headerHash).orElse(deployment.id()),
        deployment.configDigest(),
        body.structHash());
  }

  private void requireTime(ClosedEpoch epoch, Optional<ClosedEpoch> previous) {
    long closedAt = epoch.body().closedAt();
    long earliest = previous.map(e -> e.body().closedAt()).orElse(0L);
    if (closedAt < earliest || closedAt > clock.headTimestamp()) {
      throw new LogFaultException(
          "epoch "
              + epoch.number()
              + " is closed at "
              + closedAt
              + ", before the last or after the head");
    }
  }

  private static boolean requirePublished(DSLContext tx, ClosedEpoch epoch) {
    Set<LicenseId> published = new HashSet<>();
    tx.fetch("SELECT license_id, policy_hash FROM account.policy_history")
        .forEach(row -> {
          LicenseId license = Rows.license(row);
          @Nullable Hash rule = epoch.rules().get(license);
          if (rule != null && rule.equals(Rows.hash(row, "policy_hash"))) {
            published.add(license);
          }
        });
    if (!published.equals(epoch.rules().keySet())) {
      throw new LogFaultException(
          "epoch " + epoch.number() + " rests on policies that were never published");
    }
    return true;
  }

  /** Replays the log up to a size. A log that was cut is read from its start again. */
  private void advance(long generation, long size) {
    if (replayGeneration != generation || replay.size() > size) {
      replay = new LogReplay();
      replayGeneration = generation;
    }
    while (replay.size() < size) {
      long from = replay.size();
      long to = Math.min(size, from + ENTRIES_A_READ);
      List<UsageAttestation> entries = store.read(tx -> log.entries(tx, from, to));
      if (entries.size() != to - from) {
        throw new LogFaultException("the log has no entries " + from + " to " + to);
      }
      try {
        replay.read(entries);
      } catch (LogFaultException e) {
        replay = new LogReplay();
        throw e;
      }
    }
  }
}
