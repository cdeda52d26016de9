package network.tachi.queryapi;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.chain.Tables.CREDIT_CURRENT;
import static network.tachi.store.jooq.metering.Tables.PAIR_CURRENT;

import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.ClaimProof;
import network.tachi.proto.v1.ConsistencyProof;
import network.tachi.proto.v1.Credit;
import network.tachi.proto.v1.Epoch;
import network.tachi.proto.v1.GetAttestationRequest;
import network.tachi.proto.v1.GetClaimRequest;
import network.tachi.proto.v1.GetConsistencyProofRequest;
import network.tachi.proto.v1.GetCreditRequest;
import network.tachi.proto.v1.GetEpochRequest;
import network.tachi.proto.v1.GetInclusionProofRequest;
import network.tachi.proto.v1.InclusionProof;
import network.tachi.proto.v1.ListEpochsRequest;
import network.tachi.proto.v1.ListEpochsResponse;
import network.tachi.proto.v1.LogEntry;
import network.tachi.proto.v1.Payment;
import network.tachi.proto.v1.Publisher;
import network.tachi.proto.v1.SignedAttestation;
import network.tachi.proto.v1.VerificationServiceGrpc;
import network.tachi.proto.v1.VerifyLicenseRequest;
import network.tachi.proto.v1.VerifyLicenseResponse;
import network.tachi.proto.v1.VerifyPaymentRequest;
import network.tachi.server.ApiException;
import org.jooq.DSLContext;

/**
 * {@code tachi.v1.VerificationService}: licences, payments, the usage log and what was posted of
 * it.
 */
final class VerificationGrpcService extends VerificationServiceGrpc.VerificationServiceImplBase {
  private final Snapshots snapshots;
  private final Heads heads;
  private final Publishers publishers;
  private final Payments payments;
  private final Epochs epochs;
  private final LogProofs proofs;
  private final Claims claims;

  VerificationGrpcService(
      Snapshots snapshots,
      Heads heads,
      Publishers publishers,
      Payments payments,
      Epochs epochs,
      LogProofs proofs,
      Claims claims) {
    this.snapshots = requireNonNull(snapshots, "snapshots is null");
    this.heads = requireNonNull(heads, "heads is null");
    this.publishers = requireNonNull(publishers, "publishers is null");
    this.payments = requireNonNull(payments, "payments is null");
    this.epochs = requireNonNull(epochs, "epochs is null");
    this.proofs = requireNonNull(proofs, "proofs is null");
    this.claims = requireNonNull(claims, "claims is null");
  }

  @Override
  public void verifyLicense(
      VerifyLicenseRequest request, StreamObserver<VerifyLicenseResponse> observer) {
    VerifyLicenseResponse answer =
        switch (request.getByCase()) {
          case LICENSE_ID -> {
            var license = Fields.license(request.getLicenseId());
            yield snapshots.read(
                tx -> verdict(tx, publishers.find(tx, license), "unknown_license"));
          }
          case DOMAIN -> {
            String domain = Fields.domain("domain", request.getDomain());
            yield snapshots.read(tx -> byDomain(tx, domain));
          }
          case BY_NOT_SET -> throw ApiException.invalid("licenseId", "a licence id, or domain", "");
        };
    Replies.send(observer, answer);
  }

  private VerifyLicenseResponse byDomain(DSLContext tx, String domain) {
    Publishers.DomainClaims found = publishers.claims(tx, domain);
    return verdict(
        tx,
        found.verified().flatMap(license -> publishers.find(tx, license)),
        found.any() ? "unverified_domain" : "unknown_license");
  }

  private VerifyLicenseResponse verdict(
      DSLContext tx, Optional<Publisher> publisher, String ifNone) {
    String reason =
        publisher
            .map(found -> found.getSuspended() ? "suspended" : found.getActive() ? "" : "inactive")
            .orElse(ifNone);
    VerifyLicenseResponse.Builder answer =
        VerifyLicenseResponse.newBuilder()
            .setValid(reason.isEmpty())
            .setReason(reason)
            .setAsOf(heads.asOf(tx));
    publisher.ifPresent(answer::setPublisher);
    return answer.build();
  }

  @Override
  public void verifyPayment(VerifyPaymentRequest request, StreamObserver<Payment> observer) {
    ChainId chain = heads.chain(request.getChainId());
    Hash id = Fields.hash("paymentId", request.getPaymentId());
    Replies.send(
        observer,
        snapshots.read(tx ->
            payments
                .find(tx, chain, id)
                .orElseThrow(() -> ApiException.notFound("payment " + id + " on chain " + chain))
                .setAsOf(heads.asOf(tx, chain))
                .build()));
  }

  @Override
  public void getAttestation(GetAttestationRequest request, StreamObserver<LogEntry> observer) {
    long index = Fields.number("logIndex", request.getLogIndex());
    Replies.send(observer, snapshots.read(tx -> entry(tx, index)));
  }

  private LogEntry entry(DSLContext tx, long index) {
    SignedAttestation attestation = proofs.entry(tx, index);
    LogEntry.Builder entry =
        LogEntry.newBuilder().setAttestation(attestation).setAsOf(heads.asOf(tx));
    epochs
        .covering(tx, index)
        .ifPresent(epoch -> entry.setEpoch(epoch.epoch()).setEpochState(epoch.state()));
    return entry.build();
  }

  @Override
  public void getInclusionProof(
      GetInclusionProofRequest request, StreamObserver<InclusionProof> observer) {
    long index = Fields.number("logIndex", request.getLogIndex());
    long size = Fields.number("logSize", request.getLogSize());
    Replies.send(
        observer,
        snapshots.read(tx -> proofs.inclusion(tx, index, size).setAsOf(heads.asOf(tx)).build()));
  }

  @Override
  public void getConsistencyProof(
      GetConsistencyProofRequest request, StreamObserver<ConsistencyProof> observer) {
    long from = Fields.number("fromSize", request.getFromSize());
    long to = Fields.number("toSize", request.getToSize());
    Replies.send(observer, snapshots.read(tx -> proofs.consistency(tx, from, to)));
  }

  @Override
  public void getEpoch(GetEpochRequest request, StreamObserver<Epoch> observer) {
    long number = Fields.number("epoch", request.getEpoch());
    Replies.send(
        observer,
        snapshots.read(tx ->
            (number == 0 ? epochs.newest(tx) : epochs.find(tx, number))
                .orElseThrow(
                    () -> ApiException.notFound(number == 0 ? "a closed epoch" : "epoch " + number))
                .message()
                .setAsOf(heads.asOf(tx))
                .build()));
  }

  @Override
  public void listEpochs(ListEpochsRequest request, StreamObserver<ListEpochsResponse> observer) {
    PageToken page = PageToken.of(request.getPage(), "epochs", Long.MAX_VALUE);
    Replies.send(
        observer,
        snapshots.read(tx -> {
          List<Epochs.Row> rows = epochs.list(tx, page.after().getFirst(), page.fetch());
          var asOf = heads.asOf(tx);
          return ListEpochsResponse.newBuilder()
              .addAllEpochs(
                  page.items(rows).stream()
                      .map(row -> row.message().setAsOf(asOf).build())
                      .toList())
              .setNextPageToken(page.next(rows, row -> List.of(row.epoch())))
              .build();
        }));
  }

  @Override
  public void getClaim(GetClaimRequest request, StreamObserver<ClaimProof> observer) {
    var license = Fields.license(request.getLicenseId());
    Replies.send(observer, snapshots.read(tx -> claims.proof(tx, license)));
  }

  @Override
  public void getCredit(GetCreditRequest request, StreamObserver<Credit> observer) {
    Address crawler = Fields.address("crawler", request.getCrawler());
    Replies.send(observer, snapshots.read(tx -> credit(tx, crawler)));
  }

  private Credit credit(DSLContext tx, Address crawler) {
    var row =
        tx.selectFrom(CREDIT_CURRENT)
            .where(CREDIT_CURRENT.CHAIN_ID.eq(heads.settlement().value()))
            .and(CREDIT_CURRENT.CRAWLER.eq(crawler))
            .fetchOne();
    UsdcAmount deposited = row == null ? UsdcAmount.ZERO : row.getDeposited();
    UsdcAmount withdrawn = row == null ? UsdcAmount.ZERO : row.getWithdrawn();
    UsdcAmount thawing = row == null ? UsdcAmount.ZERO : row.getThawing();
    UsdcAmount charged =
        Sums.of(tx, PAIR_CURRENT, PAIR_CURRENT.CUMULATIVE, PAIR_CURRENT.CRAWLER.eq(crawler));
    UsdcAmount gone = withdrawn.plus(thawing).plus(charged);
    return Credit.newBuilder()
        .setCrawler(crawler.toString())
        .setDeposited(deposited.toString())
        .setWithdrawn(withdrawn.toString())
        .setThawing(thawing.toString())
        .setCharged(charged.toString())
        .setAvailable(deposited.minus(gone.min(deposited)).toString())
        .setAsOf(heads.asOf(tx))
        .build();
  }
}
