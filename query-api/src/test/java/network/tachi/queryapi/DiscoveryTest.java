package network.tachi.queryapi;

import static org.assertj.core.api.Assertions.assertThat;

import network.tachi.proto.v1.DiscoveryServiceGrpc;
import network.tachi.proto.v1.ListPublishersRequest;
import network.tachi.proto.v1.ListPublishersResponse;
import network.tachi.proto.v1.Publisher;
import network.tachi.proto.v1.Resolution;
import network.tachi.proto.v1.ResolveRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Publishers and prices: gRPC and REST say the same, and it is right. */
class DiscoveryTest {
  private static final Filled FILLED = new Filled();

  @AfterAll
  static void stop() {
    FILLED.close();
  }

  @Test
  void listPublishers_shouldGiveVerifiedOnesAscending() {
    ListPublishersResponse all =
        FILLED.ask(
            DiscoveryServiceGrpc.getListPublishersMethod(),
            ListPublishersRequest.getDefaultInstance(),
            "/v1/publishers");
    assertThat(all.getPublishersList())
        .extracting(Publisher::getLicenseId)
        .containsExactly("1", "2");
    assertThat(all.getPublishers(0)).isEqualTo(FILLED.first());
    assertThat(all.getPublishers(1).getLinkedList()).isEmpty();
    assertThat(all.getAsOf()).isEqualTo(FILLED.baseHead());
    assertThat(all.getNextPageToken()).isEmpty();
  }

  @Test
  void listPublishers_filtered_shouldTakeTheTextAsItIs() {
    ListPublishersResponse some =
        FILLED.ask(
            DiscoveryServiceGrpc.getListPublishersMethod(),
            ListPublishersRequest.newBuilder().setDomain("BLOG").build(),
            "/v1/publishers?domain=BLOG");
    assertThat(some.getPublishersList()).extracting(Publisher::getLicenseId).containsExactly("2");
    assertThat(
            FILLED
                .world
                .call(
                    DiscoveryServiceGrpc.getListPublishersMethod(),
                    ListPublishersRequest.newBuilder().setDomain("%").build())
                .getPublishersList())
        .isEmpty();
  }

  @Test
  void resolve_shouldGivePriceOfPathAndPurpose() {
    Resolution any =
        FILLED.ask(
            DiscoveryServiceGrpc.getResolveMethod(),
            ResolveRequest.newBuilder().setUrl("https://news.example/articles/7?x=1").build(),
            "/v1/resolve?url=https%3A%2F%2Fnews.example%2Farticles%2F7%3Fx%3D1");
    assertThat(any.getPrice()).isEqualTo("9000");
    assertThat(any.getCategory()).isEqualTo("premium");
    assertThat(any.getPublisher()).isEqualTo(FILLED.first());
    assertThat(any.getTermsHash()).isEqualTo(FILLED.policy.hash().toString());
    assertThat(any.getAsOf()).isEqualTo(FILLED.baseHead());
    assertThat(price("https://news.example", "")).isEqualTo("0 public");
    assertThat(price("https://archive.example/internal/a", "")).isEqualTo("0 restricted");
    assertThat(price("https://blog.test/anything", "agent")).isEqualTo("0 public");
  }

  @Test
  void resolve_otherSpellingsOfAPage_shouldCostTheSame() {
    String price = "1000 premium";
    assertThat(price("http://NEWS.example.:8080//articles/%37", "search")).isEqualTo(price);
    assertThat(price("HTTPS://news.example/%61rticles/x", "search")).isEqualTo(price);
    assertThat(price("https://news.example/articles///x?a#b", "search")).isEqualTo(price);
  }

  private static String price(String url, String purpose) {
    Resolution found =
        FILLED.world.call(
            DiscoveryServiceGrpc.getResolveMethod(),
            ResolveRequest.newBuilder().setUrl(url).setPurpose(purpose).build());
    return found.getPrice() + " " + found.getCategory();
  }
}
