package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.evm.Signature;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Writes one batch: rules, indexes and rows in one transaction; then watermark; then signatures.
 */
final class BatchWriter {
  /** The code of the rule that one request has one content. */
  static final String REPEAT_CODE = "request_conflict";

  /** The code of the rule that the key which was to sign an entry is still ours. */
  static final String RETIRED_CODE = "attestation_key_retired";

  private static final int PENDING_BATCH = 2_000;

  private final OracleStore store;
  private final LogTable log;
  private final LogWriter writer;
  private final List<SequencerRule> rules;
  private final RetiredTail retired;
  private final AttestationKey key;
  private final WatermarkFile watermark;

  BatchWriter(
      OracleStore store,
      LogTable log,
      LogWriter writer,
      List<SequencerRule> rules,
      RetiredTail retired,
      AttestationKey key,
      WatermarkFile watermark) {
    this.store = requireNonNull(store, "store is null");
    this.log = requireNonNull(log, "log is null");
    this.writer = requireNonNull(writer, "writer is null");
    this.rules = List.copyOf(rules);
    this.retired = requireNonNull(retired, "retired is null");
    this.key = requireNonNull(key, "key is null");
    this.watermark = requireNonNull(watermark, "watermark is null");
  }

  /** Where one request of a batch went. */
  private sealed interface Slot {
    /** It was refused. */
    record Refused(Refusal refusal) implements Slot {}

    /** It stands in the log. */
    record Logged(UsageAttestation leaf, @Nullable Signature signature) implements Slot {}
  }

  /**
   * Sequences and signs a batch.
   *
   * @return one outcome a request, in their order
   * @throws LogRolledBackException if signing would contradict what was signed before
   */
  List<Outcome> write(List<PaidRequest> requests) {
    List<Slot> slots = store.commit(tx -> sequence(tx, requests));
    Map<Long, Signature> signatures = signNew(slots);
    List<Outcome> outcomes = new ArrayList<>(slots.size());
    for (Slot slot : slots) {
      outcomes.add(
          switch (slot) {
            case Slot.Refused refused -> new Outcome.Refused(refused.refusal());
            case Slot.Logged logged -> {
              Signature signature = logged.signature();
              yield new Outcome.Attested(
                  logged.leaf(),
                  signature != null
                      ? signature
                      : requireNonNull(signatures.get(logged.leaf().logIndex())));
            }
          });
    }
    return outcomes;
  }

  private List<Slot> sequence(DSLContext tx, List<PaidRequest> requests) {
    Map<EntryKey, Slot.Logged> known = new HashMap<>();
    log.find(tx, keys(requests))
        .forEach((key, entry) -> known.put(key, new Slot.Logged(entry.leaf(), entry.signature())));
    Draft draft = writer.draft(tx, key.configVersion(), requests);
    List<Slot> slots = new ArrayList<>(requests.size());
    List<PaidRequest> accepted = new ArrayList<>();
    for (PaidRequest request : requests) {
      Slot.Logged before = known.get(request.key());
      Slot slot = before == null ? take(request, draft) : repeat(request, before);
      if (before == null && slot instanceof Slot.Logged logged) {
        known.put(request.key(), logged);
        accepted.add(request);
      }
      slots.add(slot);
    }
    writer.append(tx, draft, accepted);
    return slots;
  }

  private Slot take(PaidRequest request, Draft draft) {
    for (SequencerRule rule : rules) {
      Optional<Refusal> refusal = rule.check(request, draft);
      if (refusal.isPresent()) {
        return new Slot.Refused(refusal.get());
      }
    }
    return new Slot.Logged(draft.append(request), null);
  }

  private Slot repeat(PaidRequest request, Slot.Logged before) {
    if (before.signature() == null && before.leaf().configVersion() < key.configVersion()) {
      return new Slot.Refused(
          new Refusal(RETIRED_CODE, "the key that was to sign the entry is no longer in use"));
    }
    return isSame(request, before.leaf()) ? before : new Slot.Refused(conflict());
  }

  /** The refusal of a request that was logged before with other content. */
  static Refusal conflict() {
    return new Refusal(REPEAT_CODE, "the request was logged before with other content");
  }

  /**
   * Whether an entry of the log is what the request asks for; a voucher may be newer than the one
   * it was logged with.
   */
  static boolean isSame(PaidRequest request, UsageAttestation leaf) {
    boolean sameService =
        request.service().contentId().equals(leaf.contentId())
            && request.service().units() == leaf.units()
            && request.service().unitPrice().equals(leaf.unitPrice());
    return sameService
        && switch (request) {
          case CreditRequest _ -> leaf.isCredit();
          case DirectRequest direct ->
              !leaf.isCredit() && direct.paymentId().equals(leaf.paymentRef());
        };
  }

  private static Set<EntryKey> keys(List<PaidRequest> requests) {
    Set<EntryKey> keys = new LinkedHashSet<>();
    requests.forEach(request -> keys.add(request.key()));
    return keys;
  }

  private Map<Long, Signature> signNew(List<Slot> slots) {
    Map<Long, UsageAttestation> unsigned = new TreeMap<>();
    for (Slot slot : slots) {
      if (slot instanceof Slot.Logged(UsageAttestation leaf, Signature signature)
          && signature == null) {
        unsigned.put(leaf.logIndex(), leaf);
      }
    }
    return sign(List.copyOf(unsigned.values()));
  }

  /** Signs entries that stand in the log; none is signed before the watermark has reached it. */
  private Map<Long, Signature> sign(List<UsageAttestation> leaves) {
    Map<Long, Signature> signatures = new HashMap<>();
    if (leaves.isEmpty()) {
      return signatures;
    }
    UsageAttestation last = leaves.getLast();
    watermark.reach(new Watermark(last.generation(), last.logIndex(), last.leafHash()));
    for (UsageAttestation leaf : leaves) {
      signatures.put(leaf.logIndex(), key.sign(leaf));
    }
    store.commit(tx -> {
      log.storeSignatures(tx, signatures);
      return signatures.size();
    });
    return signatures;
  }

  /**
   * Signs every entry that stands in the log unsigned. Checks first that the log still holds what
   * was signed, and takes over what an earlier key was to sign.
   *
   * @throws LogRolledBackException if it does not
   */
  void signPending() {
    watermark.current().ifPresent(mark -> store.read(tx -> log.requireHolds(tx, mark)));
    retired.draftAgain(watermark.current());
    List<UsageAttestation> pending;
    do {
      pending = store.read(tx -> log.unsigned(tx, key.configVersion(), PENDING_BATCH));
      sign(pending);
    } while (!pending.isEmpty());
  }
}
