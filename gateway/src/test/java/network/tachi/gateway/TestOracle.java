package network.tachi.gateway;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signature;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.Attestation;
import network.tachi.proto.v1.EntryResult;
import network.tachi.proto.v1.GetPairRequest;
import network.tachi.proto.v1.Pair;
import network.tachi.proto.v1.Rail;
import network.tachi.proto.v1.Refusal;
import network.tachi.proto.v1.ReportRequest;
import network.tachi.proto.v1.ReportResponse;
import network.tachi.proto.v1.SignedAttestation;
import network.tachi.proto.v1.UsageEntry;
import network.tachi.proto.v1.UsageServiceGrpc;
import network.tachi.proto.v1.Voucher;
import org.jspecify.annotations.Nullable;

/**
 * A small usage log on a real socket, signed by the test's attestation key: the oracle's interface
 * with faults that the real one does not have on demand.
 */
final class TestOracle extends UsageServiceGrpc.UsageServiceImplBase implements AutoCloseable {
  private final Settlement settlement;
  private final Signer key;
  private final Map<String, SignedAttestation> log = new LinkedHashMap<>();
  private final Map<String, UsageAttestation> pairs = new HashMap<>();
  private final Map<String, CrawlVoucher> ceilings = new HashMap<>();
  private final Map<String, UsdcAmount> foreign = new HashMap<>();
  private final List<UsageEntry> reports = new ArrayList<>();
  private @Nullable Server server;
  private int port;
  private volatile @Nullable String refusal;
  private volatile boolean silent;
  private volatile UnaryOperator<SignedAttestation> tamper = UnaryOperator.identity();

  TestOracle(Settlement settlement, Signer key) {
    this.settlement = settlement;
    this.key = key;
    start();
  }

  /** Starts, on the same port as before. */
  void start() {
    try {
      server =
          Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
              .executor(Executors.newVirtualThreadPerTaskExecutor())
              .addService(this)
              .build()
              .start();
      port = server.getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void stop() {
    if (server != null) {
      server.shutdownNow();
      try {
        server.awaitTermination(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  String target() {
    return "127.0.0.1:" + port;
  }

  /** Refuses every entry from now on; null takes them again. */
  void refuse(@Nullable String code) {
    refusal = code;
  }

  /** Logs what is reported, but does not answer. */
  void silent(boolean on) {
    silent = on;
  }

  void tamper(UnaryOperator<SignedAttestation> change) {
    tamper = change;
  }

  /** What stands in the log, in its order. */
  synchronized List<SignedAttestation> log() {
    return List.copyOf(log.values());
  }

  /** Every entry that was ever reported, repeated ones too. */
  synchronized List<UsageEntry> reports() {
    return List.copyOf(reports);
  }

  /** Charges a pair by another gateway. */
  synchronized void chargeElsewhere(Address crawler, LicenseId id, UsdcAmount amount) {
    foreign.put(crawler + "/" + id, amount);
  }

  @Override
  public void report(ReportRequest request, StreamObserver<ReportResponse> answer) {
    ReportResponse.Builder response = ReportResponse.newBuilder();
    synchronized (this) {
      for (UsageEntry entry : request.getEntriesList()) {
        reports.add(entry);
        response.addResults(take(entry));
      }
    }
    if (silent) {
      return;
    }
    answer.onNext(response.build());
    answer.onCompleted();
  }

  private EntryResult take(UsageEntry entry) {
    EntryResult.Builder result = EntryResult.newBuilder().setRequestId(entry.getRequestId());
    String code = refusal;
    if (code != null) {
      return result
          .setRefused(Refusal.newBuilder().setCode(code).setMessage("by the test"))
          .build();
    }
    SignedAttestation signed = log.computeIfAbsent(entry.getRequestId(), _ -> sign(append(entry)));
    return result.setAttested(tamper.apply(signed)).build();
  }

  private UsageAttestation append(UsageEntry entry) {
    var at = new UsageAttestation.Position(1, log.size(), 1);
    var service =
        new UsageAttestation.Service(
            Address.parse(entry.getCrawler()),
            LicenseId.parse(entry.getLicenseId()),
            Hash.parse(entry.getContentId()),
            Hash.parse(entry.getRequestId()),
            Long.parseLong(entry.getUnits()),
            UsdcAmount.parse(entry.getUnitPrice()));
    if (entry.getRail() == Rail.DIRECT) {
      return UsageAttestation.direct(at, service, Hash.parse(entry.getPayment().getPaymentId()), 1);
    }
    String pair = entry.getCrawler() + "/" + entry.getLicenseId();
    UsageAttestation last = pairs.get(pair);
    var tip =
        last == null
            ? new UsageAttestation.PairTip(
                0, WireIds.NONE, foreign.getOrDefault(pair, UsdcAmount.ZERO))
            : last.tip();
    UsageAttestation leaf =
        UsageAttestation.credit(at, service, tip, voucher(pair, tip, service, entry), 1);
    pairs.put(pair, leaf);
    return leaf;
  }

  /** The entry's own voucher if it covers the new total, else the highest that was ever seen. */
  private Hash voucher(
      String pair,
      UsageAttestation.PairTip tip,
      UsageAttestation.Service service,
      UsageEntry entry) {
    CrawlVoucher own = voucher(entry.getVoucher());
    CrawlVoucher highest = ceilings.get(pair);
    if (highest == null || own.cumulativeMax().compareTo(highest.cumulativeMax()) > 0) {
      highest = own;
      ceilings.put(pair, own);
    }
    boolean covers = tip.cumulative().plus(service.amount()).compareTo(own.cumulativeMax()) <= 0;
    return (covers ? own : highest).digest(settlement.creditDomain());
  }

  private static CrawlVoucher voucher(Voucher voucher) {
    return new CrawlVoucher(
        Address.parse(voucher.getCrawler()),
        LicenseId.parse(voucher.getLicenseId()),
        UsdcAmount.parse(voucher.getCumulativeMax()),
        Hash.parse(voucher.getTermsHash()));
  }

  private SignedAttestation sign(UsageAttestation leaf) {
    Signature signature = key.sign(leaf.digest(settlement.meteringDomain()));
    return SignedAttestation.newBuilder()
        .setAttestation(
            Attestation.newBuilder()
                .setGeneration(Long.toUnsignedString(leaf.generation()))
                .setLogIndex(Long.toUnsignedString(leaf.logIndex()))
                .setConfigVersion(Long.toUnsignedString(leaf.configVersion()))
                .setRail(leaf.isCredit() ? Rail.CREDIT : Rail.DIRECT)
                .setCrawler(leaf.crawler().toString())
                .setLicenseId(leaf.licenseId().toString())
                .setContentId(leaf.contentId().toString())
                .setRequestId(leaf.requestId().toString())
                .setUnits(Long.toUnsignedString(leaf.units()))
                .setUnitPrice(leaf.unitPrice().toString())
                .setPairSeq(Long.toUnsignedString(leaf.pairSeq()))
                .setPairPrevIndex(Long.toUnsignedString(leaf.pairPrevIndex()))
                .setPairCumulative(leaf.pairCumulative().toString())
                .setPaymentRef(leaf.paymentRef().toString())
                .setIssuedAtMs(Long.toUnsignedString(leaf.issuedAtMs())))
        .setSignature(signature.toString())
        .setLeafHash(leaf.leafHash().toString())
        .build();
  }

  @Override
  public synchronized void getPair(GetPairRequest request, StreamObserver<Pair> answer) {
    if (silent) {
      answer.onError(Status.UNAVAILABLE.asRuntimeException());
      return;
    }
    String pair = request.getCrawler() + "/" + request.getLicenseId();
    UsageAttestation last = pairs.get(pair);
    UsdcAmount charged =
        last == null ? foreign.getOrDefault(pair, UsdcAmount.ZERO) : last.pairCumulative();
    answer.onNext(
        Pair.newBuilder()
            .setCrawler(request.getCrawler())
            .setLicenseId(request.getLicenseId())
            .setCharged(charged.toString())
            .build());
    answer.onCompleted();
  }

  @Override
  public void close() {
    stop();
  }
}
