package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import network.tachi.evm.Signature;
import network.tachi.proto.v1.UsageEntry;
import org.jspecify.annotations.Nullable;

/**
 * Takes reports in: reads each entry, answers those the log has signed already, asks the rules
 * about the others, and hands what is left to the sequencer. A refused entry leaves the others
 * alone.
 */
final class Intake {
  private final EntryParser parser;
  private final FactsReader facts;
  private final List<IntakeRule> rules;
  private final Sequencer sequencer;
  private final OracleMetrics metrics;

  Intake(
      EntryParser parser,
      FactsReader facts,
      List<IntakeRule> rules,
      Sequencer sequencer,
      OracleMetrics metrics) {
    this.parser = requireNonNull(parser, "parser is null");
    this.facts = requireNonNull(facts, "facts is null");
    this.rules = List.copyOf(rules);
    this.sequencer = requireNonNull(sequencer, "sequencer is null");
    this.metrics = requireNonNull(metrics, "metrics is null");
  }

  /**
   * Takes the entries of one report.
   *
   * @return completes with one outcome an entry, in their order
   */
  CompletableFuture<List<Outcome>> take(List<UsageEntry> entries) {
    Outcome[] outcomes = new Outcome[entries.size()];
    List<Open> open = parse(entries, outcomes);
    List<Open> admitted = admit(open, outcomes);
    if (admitted.isEmpty()) {
      return CompletableFuture.completedFuture(Arrays.asList(outcomes));
    }
    return sequencer
        .submit(admitted.stream().map(Open::request).toList())
        .thenApply(results -> {
          for (int i = 0; i < results.size(); i++) {
            outcomes[admitted.get(i).position()] = results.get(i);
          }
          return Arrays.asList(outcomes);
        });
  }

  /** A request without an outcome yet. */
  private record Open(int position, PaidRequest request) {}

  private List<Open> parse(List<UsageEntry> entries, Outcome[] outcomes) {
    List<Open> open = new ArrayList<>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      switch (parser.parse(entries.get(i))) {
        case EntryParser.Parsed.Well well -> open.add(new Open(i, well.request()));
        case EntryParser.Parsed.Malformed malformed -> outcomes[i] = refuse(malformed.refusal());
      }
    }
    return open;
  }

  /**
   * Those that the sequencer must see: new ones that no rule refuses, and logged ones without a
   * signature.
   */
  private List<Open> admit(List<Open> open, Outcome[] outcomes) {
    List<PaidRequest> requests = open.stream().map(Open::request).toList();
    var logged = facts.logged(requests);
    List<Open> admitted = new ArrayList<>(open.size());
    List<Open> fresh = new ArrayList<>(open.size());
    for (Open entry : open) {
      LogTable.Entry before = logged.get(entry.request().key());
      @Nullable Signature signature = before == null ? null : before.signature();
      if (before == null) {
        fresh.add(entry);
      } else if (signature == null) {
        admitted.add(entry);
      } else if (BatchWriter.isSame(entry.request(), before.leaf())) {
        outcomes[entry.position()] = new Outcome.Attested(before.leaf(), signature);
      } else {
        outcomes[entry.position()] = refuse(BatchWriter.conflict());
      }
    }
    if (fresh.isEmpty()) {
      return admitted;
    }
    IntakeFacts known = facts.read(fresh.stream().map(Open::request).toList());
    for (Open entry : fresh) {
      Optional<Refusal> refusal = firstRefusal(entry.request(), known);
      if (refusal.isPresent()) {
        outcomes[entry.position()] = refuse(refusal.get());
      } else {
        admitted.add(entry);
      }
    }
    return admitted;
  }

  private Optional<Refusal> firstRefusal(PaidRequest request, IntakeFacts known) {
    for (IntakeRule rule : rules) {
      Optional<Refusal> refusal = rule.check(request, known);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private Outcome refuse(Refusal refusal) {
    metrics.refused(refusal);
    return new Outcome.Refused(refusal);
  }
}
