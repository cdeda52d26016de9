package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import network.tachi.evm.Address;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.LicenseId;
import network.tachi.proto.v1.EntryResult;
import network.tachi.proto.v1.GetPairRequest;
import network.tachi.proto.v1.Pair;
import network.tachi.proto.v1.ReportRequest;
import network.tachi.proto.v1.ReportResponse;
import network.tachi.proto.v1.UsageEntry;
import network.tachi.proto.v1.UsageServiceGrpc;
import network.tachi.server.ApiException;
import network.tachi.server.ErrorCode;

/** {@code tachi.v1.UsageService} over the intake. */
final class UsageGrpcService extends UsageServiceGrpc.UsageServiceImplBase {
  /** The most entries of one report. */
  static final int MAX_ENTRIES = 2_000;

  private static final Duration MAX_WAIT = Duration.ofSeconds(30);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Intake intake;
  private final FactsReader facts;
  private final OracleMetrics metrics;

  UsageGrpcService(Intake intake, FactsReader facts, OracleMetrics metrics) {
    this.intake = requireNonNull(intake, "intake is null");
    this.facts = requireNonNull(facts, "facts is null");
    this.metrics = requireNonNull(metrics, "metrics is null");
  }

  @Override
  public void report(ReportRequest request, StreamObserver<ReportResponse> answer) {
    int count = request.getEntriesCount();
    if (count < 1 || count > MAX_ENTRIES) {
      throw ApiException.invalid("entries", "1 to " + MAX_ENTRIES, Integer.toString(count));
    }
    long started = System.nanoTime();
    List<Outcome> outcomes = await(take(request.getEntriesList()));
    ReportResponse.Builder response = ReportResponse.newBuilder();
    for (int i = 0; i < count; i++) {
      response.addResults(result(request.getEntries(i), outcomes.get(i)));
    }
    metrics.reported(Duration.ofNanos(System.nanoTime() - started));
    answer.onNext(response.build());
    answer.onCompleted();
  }

  private static EntryResult result(UsageEntry entry, Outcome outcome) {
    EntryResult.Builder result = EntryResult.newBuilder().setRequestId(entry.getRequestId());
    return switch (outcome) {
      case Outcome.Attested attested ->
          result
              .setAttested(ProtoAttestations.signed(attested.attestation(), attested.signature()))
              .build();
      case Outcome.Refused refused ->
          result
              .setRefused(
                  network.tachi.proto.v1.Refusal.newBuilder()
                      .setCode(refused.refusal().code())
                      .setMessage(refused.refusal().message()))
              .build();
    };
  }

  @Override
  public void getPair(GetPairRequest request, StreamObserver<Pair> answer) {
    PairKey key = pair(request);
    PairState state = facts.pair(key);
    Pair.Builder pair =
        Pair.newBuilder()
            .setCrawler(key.crawler().toString())
            .setLicenseId(key.licenseId().toString())
            .setCharged(state.charged().toString())
            .setCumulativeMax(state.ceiling().toString())
            .setLastPairSeq(Long.toUnsignedString(state.tip().pairSeq()));
    if (state.tip().pairSeq() != 0) {
      pair.setLastLogIndex(Long.toUnsignedString(state.tip().logIndex()));
    }
    answer.onNext(pair.build());
    answer.onCompleted();
  }

  private static PairKey pair(GetPairRequest request) {
    try {
      return new PairKey(
          LicenseId.parse(request.getLicenseId()), Address.parse(request.getCrawler()));
    } catch (InvalidValueException e) {
      throw ApiException.invalid(e.field(), e.expected(), e.found());
    }
  }

  private CompletableFuture<List<Outcome>> take(List<UsageEntry> entries) {
    try {
      return intake.take(entries);
    } catch (RejectedExecutionException e) {
      throw ApiException.unavailable("reports are not taken now: " + e.getMessage(), RETRY);
    }
  }

  /** Waits for the sequencer, at most until the caller's deadline. */
  private static <T> T await(CompletableFuture<T> result) {
    Deadline deadline = Context.current().getDeadline();
    long wait = MAX_WAIT.toNanos();
    if (deadline != null) {
      wait = Math.min(wait, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    }
    try {
      return result.get(wait, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw ApiException.of(
          ErrorCode.UNAVAILABLE, "the log can't be written now", requireNonNull(e.getCause()));
    } catch (TimeoutException e) {
      throw ApiException.of(ErrorCode.DEADLINE_EXCEEDED, "the report is still being written", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.of(ErrorCode.CANCELLED, "the call was cancelled", e);
    }
  }
}
