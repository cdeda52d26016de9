package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** What the gateway shows of itself. Label sets are closed. */
final class GatewayMetrics {
  /** The rail of authorisations. */
  static final String DIRECT = "direct";

  /** The rail of vouchers. */
  static final String CREDIT = "credit";

  private static final Set<String> CODES =
      Set.of(
          Refusal.INVALID_NETWORK,
          Refusal.UNSUPPORTED_SCHEME,
          Refusal.RECIPIENT,
          Refusal.VALUE,
          Refusal.VALID_AFTER,
          Refusal.VALID_BEFORE,
          Refusal.SIGNATURE,
          Refusal.NONCE_USED,
          Refusal.BALANCE,
          Refusal.SIMULATION,
          Refusal.TRANSACTION_FAILED,
          Refusal.EIP6492,
          Refusal.REQUIREMENTS,
          Refusal.VOUCHER_LICENSE,
          Refusal.VOUCHER_TERMS,
          Refusal.VOUCHER_SIGNATURE,
          Refusal.VOUCHER_CEILING,
          Refusal.CREDIT,
          Refusal.INDEX_STALE,
          Refusal.EPOCHS_STALLED,
          Refusal.KEY_RETIRED,
          "license_not_payable",
          "terms_unknown");

  private final MeterRegistry registry;
  private final Counter challenges;
  private final Timer settle;
  private final Timer attest;
  private final AtomicInteger queueDepth = new AtomicInteger();
  private final AtomicInteger settlementsOpen = new AtomicInteger();
  private final AtomicInteger reportsOpen = new AtomicInteger();

  GatewayMetrics(MeterRegistry registry) {
    this.registry = requireNonNull(registry, "registry is null");
    this.challenges =
        Counter.builder("tachi.gateway.challenges")
            .description("402s to requests without a payment")
            .register(registry);
    this.settle =
        timer(
            "tachi.gateway.settle",
            "From the stored response to the settled payment, or to giving up waiting");
    this.attest = timer("tachi.gateway.attest", "From the report to the oracle's answer");
    gauge(
        "tachi.gateway.usage.queue",
        "Paid requests that the oracle has not logged yet",
        queueDepth);
    gauge(
        "tachi.gateway.settlements.open",
        "Settlements queued and not yet included",
        settlementsOpen);
    gauge(
        "tachi.gateway.reports.open",
        "Vouchers' requests whose report has no answer yet",
        reportsOpen);
  }

  private void gauge(String name, String description, AtomicInteger value) {
    Gauge.builder(name, value, AtomicInteger::doubleValue)
        .description(description)
        .register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .publishPercentiles(0.5, 0.99)
        .register(registry);
  }

  /** A request came without a payment. */
  void challenged() {
    challenges.increment();
  }

  /** A payment was not taken. */
  void refused(String code) {
    counter(
            "tachi.gateway.refusals",
            "Payments not taken, by code",
            "code",
            CODES.contains(code) ? code : "other")
        .increment();
  }

  /** A request was paid. */
  void paid(String rail) {
    counter("tachi.gateway.paid", "Paid requests, by rail", "rail", rail).increment();
  }

  /** An attestation was no good. */
  void badAttestation() {
    Counter.builder("tachi.gateway.attestations.bad")
        .description("Attestations of the oracle that did not verify")
        .register(registry)
        .increment();
  }

  void settled(Duration took) {
    settle.record(took);
  }

  void attested(Duration took) {
    attest.record(took);
  }

  void usageQueue(int depth) {
    queueDepth.set(depth);
  }

  void settlementsOpen(int count) {
    settlementsOpen.set(count);
  }

  void reportsOpen(int count) {
    reportsOpen.set(count);
  }

  private Counter counter(String name, String description, String tag, String value) {
    return Counter.builder(name).description(description).tag(tag, value).register(registry);
  }
}
