package network.tachi.queryapi;

import static java.util.Objects.requireNonNull;

import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import network.tachi.contracts.policy.Category;
import network.tachi.contracts.policy.Purpose;
import network.tachi.contracts.policy.Quote;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.DiscoveryServiceGrpc;
import network.tachi.proto.v1.ListPublishersRequest;
import network.tachi.proto.v1.ListPublishersResponse;
import network.tachi.proto.v1.Publisher;
import network.tachi.proto.v1.Resolution;
import network.tachi.proto.v1.ResolveRequest;
import network.tachi.server.ApiException;
import org.jooq.DSLContext;

/** {@code tachi.v1.DiscoveryService}: who publishes, and what a page costs. */
final class DiscoveryGrpcService extends DiscoveryServiceGrpc.DiscoveryServiceImplBase {
  private static final Quote OPEN = new Quote(Category.PUBLIC, UsdcAmount.ZERO);

  private final Snapshots snapshots;
  private final Heads heads;
  private final Publishers publishers;
  private final Policies policies;

  DiscoveryGrpcService(Snapshots snapshots, Heads heads, Publishers publishers, Policies policies) {
    this.snapshots = requireNonNull(snapshots, "snapshots is null");
    this.heads = requireNonNull(heads, "heads is null");
    this.publishers = requireNonNull(publishers, "publishers is null");
    this.policies = requireNonNull(policies, "policies is null");
  }

  @Override
  public void listPublishers(
      ListPublishersRequest request, StreamObserver<ListPublishersResponse> observer) {
    String part = Fields.domainPart(request.getDomain());
    PageToken page = PageToken.of(request.getPage(), "publishers|" + part, 0L);
    Replies.send(observer, snapshots.read(tx -> list(tx, part, page)));
  }

  private ListPublishersResponse list(DSLContext tx, String part, PageToken page) {
    List<Long> ids = publishers.list(tx, part, page.after().getFirst(), page.fetch());
    Map<Long, Publisher> loaded = publishers.load(tx, page.items(ids));
    return ListPublishersResponse.newBuilder()
        .addAllPublishers(
            page.items(ids).stream().map(loaded::get).filter(Objects::nonNull).toList())
        .setNextPageToken(page.next(ids, List::of))
        .setAsOf(heads.asOf(tx))
        .build();
  }

  @Override
  public void resolve(ResolveRequest request, StreamObserver<Resolution> observer) {
    ContentUrl url = ContentUrl.parse(request.getUrl());
    Purpose purpose =
        Purpose.of(request.getPurpose())
            .orElseThrow(() ->
                ApiException.invalid(
                    "purpose", "search, agent, training or nothing", request.getPurpose()));
    Replies.send(observer, snapshots.read(tx -> resolve(tx, request.getUrl(), url, purpose)));
  }

  private Resolution resolve(DSLContext tx, String asked, ContentUrl url, Purpose purpose) {
    LicenseId license =
        publishers
            .claims(tx, url.domain())
            .verified()
            .orElseThrow(() ->
                ApiException.of(
                    QueryErrors.UNKNOWN_PUBLISHER,
                    "no licence has a verified claim to " + url.domain()));
    Publisher publisher =
        publishers.find(tx, license).orElseThrow(() -> ApiException.notFound("licence " + license));
    Quote quote =
        policies
            .newest(tx, license)
            .map(stored -> stored.policy().quote(url.path(), purpose))
            .orElse(OPEN);
    return Resolution.newBuilder()
        .setUrl(asked)
        .setPublisher(publisher)
        .setPrice(quote.price().toString())
        .setCategory(quote.category().text())
        .setTermsHash(publisher.getTermsHash())
        .setAsOf(heads.asOf(tx))
        .build();
  }
}
