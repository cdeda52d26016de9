package network.tachi.queryapi;

import static java.util.Objects.requireNonNull;

import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.LicenseId;
import network.tachi.proto.v1.AnalyticsServiceGrpc;
import network.tachi.proto.v1.Books;
import network.tachi.proto.v1.GetBooksRequest;
import network.tachi.proto.v1.GetRevenueRequest;
import network.tachi.proto.v1.ListDisputesRequest;
import network.tachi.proto.v1.ListDisputesResponse;
import network.tachi.proto.v1.ListPaymentsRequest;
import network.tachi.proto.v1.ListPaymentsResponse;
import network.tachi.proto.v1.Revenue;
import network.tachi.store.jooq.chain.tables.records.PaymentCurrentRecord;
import org.jooq.DSLContext;

/** {@code tachi.v1.AnalyticsService}: sums and lists. */
final class AnalyticsGrpcService extends AnalyticsServiceGrpc.AnalyticsServiceImplBase {
  private final Snapshots snapshots;
  private final Heads heads;
  private final Payments payments;
  private final Ledgers ledgers;

  AnalyticsGrpcService(Snapshots snapshots, Heads heads, Payments payments, Ledgers ledgers) {
    this.snapshots = requireNonNull(snapshots, "snapshots is null");
    this.heads = requireNonNull(heads, "heads is null");
    this.payments = requireNonNull(payments, "payments is null");
    this.ledgers = requireNonNull(ledgers, "ledgers is null");
  }

  @Override
  public void getBooks(GetBooksRequest request, StreamObserver<Books> observer) {
    ChainId chain = heads.chain(request.getChainId());
    Replies.send(observer, snapshots.read(tx -> ledgers.books(tx, chain)));
  }

  @Override
  public void getRevenue(GetRevenueRequest request, StreamObserver<Revenue> observer) {
    LicenseId license = Fields.license(request.getLicenseId());
    Replies.send(observer, snapshots.read(tx -> ledgers.revenue(tx, license)));
  }

  @Override
  public void listPayments(
      ListPaymentsRequest request, StreamObserver<ListPaymentsResponse> observer) {
    ChainId chain = heads.chainOrSettlement(request.getChainId());
    Optional<LicenseId> license =
        Optional.of(request.getLicenseId()).filter(id -> !id.isEmpty()).map(Fields::license);
    Optional<Address> payer =
        Optional.of(request.getPayer())
            .filter(address -> !address.isEmpty())
            .map(address -> Fields.address("payer", address));
    PageToken page =
        PageToken.of(
            request.getPage(),
            "payments|" + chain + "|" + license + "|" + payer,
            Long.MAX_VALUE,
            (long) Integer.MAX_VALUE);
    Replies.send(observer, snapshots.read(tx -> list(tx, chain, license, payer, page)));
  }

  private ListPaymentsResponse list(
      DSLContext tx,
      ChainId chain,
      Optional<LicenseId> license,
      Optional<Address> payer,
      PageToken page) {
    List<PaymentCurrentRecord> rows =
        payments.list(
            tx,
            chain,
            license,
            payer,
            page.after().getFirst(),
            page.after().getLast(),
            page.fetch());
    ListPaymentsResponse.Builder answer = ListPaymentsResponse.newBuilder();
    page.items(rows).forEach(row -> answer.addPayments(Payments.message(row)));
    return answer
        .setNextPageToken(
            page.next(rows, row -> List.of(row.getPaidBlock(), row.getPaidLogIndex().longValue())))
        .setAsOf(heads.asOf(tx, chain))
        .build();
  }

  @Override
  public void listDisputes(
      ListDisputesRequest request, StreamObserver<ListDisputesResponse> observer) {
    ChainId chain = heads.chainOrSettlement(request.getChainId());
    PageToken page = PageToken.of(request.getPage(), "disputes|" + chain, Long.MAX_VALUE);
    Replies.send(observer, snapshots.read(tx -> ledgers.disputes(tx, chain, page)));
  }
}
