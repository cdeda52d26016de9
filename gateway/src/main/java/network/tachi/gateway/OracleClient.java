package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import network.tachi.evm.Address;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.EntryResult;
import network.tachi.proto.v1.GetPairRequest;
import network.tachi.proto.v1.ReportRequest;
import network.tachi.proto.v1.ReportResponse;
import network.tachi.proto.v1.SignedAttestation;
import network.tachi.proto.v1.UsageEntry;
import network.tachi.proto.v1.UsageServiceGrpc;

/** Talks to the oracle's {@code tachi.v1.UsageService}. */
final class OracleClient implements AutoCloseable {
  private final ManagedChannel channel;
  private final Duration timeout;
  private volatile String trouble = "";

  /**
   * Creates a client.
   *
   * @param channel closed with this client
   * @param timeout of a call
   */
  OracleClient(ManagedChannel channel, Duration timeout) {
    this.channel = requireNonNull(channel, "channel is null");
    this.timeout = requireNonNull(timeout, "timeout is null");
  }

  /** What came of a report. */
  sealed interface Outcome {
    /** It stands in the log. */
    record Attested(SignedAttestation signed) implements Outcome {}

    /** A rule refused it; it does not stand in the log. */
    record Refused(String code, String message) implements Outcome {}

    /** It never left; it does not stand in the log. */
    record NotSent(String why) implements Outcome {}

    /** It left, and no answer came: it may stand in the log. */
    record Unknown(String why) implements Outcome {}
  }

  /** Why the oracle did not answer the last call; empty if it did. */
  String trouble() {
    return trouble;
  }

  /** Reports one paid request. */
  Outcome report(UsageEntry entry) {
    SentTracer sent = new SentTracer();
    try {
      ReportResponse response =
          UsageServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
              .withInterceptors(sent.interceptor())
              .report(ReportRequest.newBuilder().addEntries(entry).build());
      trouble = "";
      return outcome(entry, response.getResultsList());
    } catch (StatusRuntimeException e) {
      trouble = e.getStatus().getCode() + ": " + e.getStatus().getDescription();
      if (sent.left.get()) {
        return new Outcome.Unknown(trouble);
      }
      channel.resetConnectBackoff();
      return new Outcome.NotSent(trouble);
    }
  }

  private static Outcome outcome(UsageEntry entry, List<EntryResult> results) {
    if (results.size() != 1 || !results.getFirst().getRequestId().equals(entry.getRequestId())) {
      return new Outcome.Unknown("the oracle answered for another request");
    }
    EntryResult result = results.getFirst();
    return switch (result.getOutcomeCase()) {
      case ATTESTED -> new Outcome.Attested(result.getAttested());
      case REFUSED ->
          new Outcome.Refused(result.getRefused().getCode(), result.getRefused().getMessage());
      case OUTCOME_NOT_SET -> new Outcome.Unknown("the oracle gave no outcome");
    };
  }

  /**
   * What the log has charged to a pair so far.
   *
   * @throws StatusRuntimeException if the oracle can't be asked
   */
  UsdcAmount charged(Address crawler, LicenseId licenseId) {
    try {
      UsdcAmount charged =
          UsdcAmount.parse(
              UsageServiceGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                  .getPair(
                      GetPairRequest.newBuilder()
                          .setCrawler(crawler.toString())
                          .setLicenseId(licenseId.toString())
                          .build())
                  .getCharged());
      trouble = "";
      return charged;
    } catch (StatusRuntimeException e) {
      trouble = e.getStatus().getCode() + ": " + e.getStatus().getDescription();
      throw e;
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** Knows whether a call's request was handed to a connection. */
  private static final class SentTracer extends ClientStreamTracer.Factory {
    private final AtomicBoolean left = new AtomicBoolean();

    io.grpc.ClientInterceptor interceptor() {
      return new io.grpc.ClientInterceptor() {
        @Override
        public <Q, A> io.grpc.ClientCall<Q, A> interceptCall(
            io.grpc.MethodDescriptor<Q, A> method, CallOptions options, io.grpc.Channel next) {
          return next.newCall(method, options.withStreamTracerFactory(SentTracer.this));
        }
      };
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void streamCreated(io.grpc.Attributes transportAttrs, Metadata streamHeaders) {
          left.set(true);
        }
      };
    }
  }
}
