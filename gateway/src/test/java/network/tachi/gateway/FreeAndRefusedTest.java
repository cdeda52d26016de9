package network.tachi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import network.tachi.contracts.policy.Category;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requests that cost nothing, and those that are not answered at all. */
class FreeAndRefusedTest {
  private final Rig rig = new Rig().start();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void publicPath_shouldBePassedOnFree() {
    HttpResponse<String> response =
        rig.get("/open/a?b=c", "Authorization", "Bearer x", "X-Custom", "kept");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).startsWith("content of /open/a");
    assertThat(response.headers().firstValue("etag")).hasValue("\"v1\"");
    assertThat(response.headers().firstValue("payment-response")).isEmpty();
    TestOrigin.Seen seen = rig.origin.seen().getFirst();
    assertThat(seen.uri()).isEqualTo("/open/a?b=c");
    assertThat(seen.headers()).doesNotContainKey("Authorization").containsKey("X-custom");
    assertThat(seen.headers().get("X-forwarded-host")).containsExactly(rig.domain);
    assertThat(seen.headers().get("X-forwarded-for")).containsExactly("127.0.0.1");
    assertThat(seen.headers().get("X-forwarded-proto")).containsExactly("http");
  }

  @Test
  void restrictedPath_shouldBe403() {
    HttpResponse<String> response = rig.get("/closed/a");

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(code(response)).isEqualTo("restricted");
    assertThat(rig.origin.seen()).isEmpty();
  }

  @Test
  void robots_shouldBeFree_evenIfNothingElseIs() {
    rig.policy(2, Rig.rule("/*", Category.PREMIUM, 1));
    assertThat(rig.get("/robots.txt").statusCode()).isEqualTo(200);
    rig.deactivated();
    assertThat(rig.get("/robots.txt").statusCode()).isEqualTo(200);
  }

  @Test
  void unknownHost_shouldBe404() {
    HttpResponse<String> response = rig.get("/open", "Host", "nobody.example");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(code(response)).isEqualTo("unknown_host");
  }

  @Test
  void unverifiedClaim_shouldNotResolve() {
    rig.claimOnly(rig.licenseId, "claimed.example");
    assertThat(rig.get("/open", "Host", "claimed.example").statusCode()).isEqualTo(404);
  }

  @Test
  void inactiveLicence_shouldSaySo() {
    rig.deactivated();
    HttpResponse<String> response = rig.get("/open");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(code(response)).isEqualTo("license_inactive");
  }

  @Test
  void licenceWithoutPolicy_shouldSaySo() {
    rig.owner().dsl().execute("DELETE FROM account.policy");
    assertThat(code(rig.get("/open"))).isEqualTo("no_policy");
  }

  @Test
  void unknownPurpose_shouldBe400() {
    HttpResponse<String> response = rig.get("/premium/a", "Crawler-Purpose", "resale");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("Crawler-Purpose");
  }

  @Test
  void malformedPayment_shouldBe400NamingTheField() {
    HttpResponse<String> response = rig.get("/premium/a", "PAYMENT-SIGNATURE", "not base64!");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("PAYMENT-SIGNATURE");
  }

  @Test
  void twoPayments_shouldBe400() {
    HttpResponse<String> response =
        rig.get("/premium/a", "PAYMENT-SIGNATURE", "e30=", "X-PAYMENT", "e30=");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(code(response)).isEqualTo("conflicting_payments");
  }

  @Test
  void otherSpellingOfAPricedPath_shouldCostTheSame() {
    for (String path :
        new String[] {
          "/%70remium/a",
          "//premium/a",
          "/premium//a",
          "/PREMIUM/../premium/a",
          "/premium;x/a",
          "/premium%3Bx/a",
          "/premium/;x/a",
          "/premium"
        }) {
      assertThat(rig.get(path).statusCode()).as(path).isIn(402, 400);
    }
    assertThat(rig.origin.seen()).isEmpty();
  }

  @Test
  void options_shouldNotGiveTheContentAway() {
    HttpResponse<String> response = rig.send("OPTIONS", "/premium/a");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void robots_shouldBeFreeToReadersOnly() {
    rig.policy(2, Rig.rule("/*", Category.PREMIUM, 1));
    assertThat(rig.send("HEAD", "/robots.txt").statusCode()).isEqualTo(200);
    assertThat(rig.send("POST", "/robots.txt").statusCode()).isEqualTo(402);
  }

  @Test
  void requestThatSaysItIsAnother_shouldNotBeBelieved() {
    String[] overrides = {
      "X-Original-URL",
      "X-Original-URI",
      "X-Rewrite-URL",
      "X-HTTP-Method",
      "X-HTTP-Method-Override",
      "X-Method-Override"
    };
    for (String header : overrides) {
      assertThat(rig.get("/open/a", header, "/premium/a").statusCode()).isEqualTo(200);
    }
    assertThat(rig.origin.seen())
        .allSatisfy(seen ->
            assertThat(seen.headers().keySet())
                .noneMatch(name -> Arrays.stream(overrides).anyMatch(name::equalsIgnoreCase)));
  }

  @Test
  void head_shouldTellThePrice_andNeverCharge() {
    HttpResponse<String> unpaid = rig.send("HEAD", "/premium/a");
    assertThat(unpaid.statusCode()).isEqualTo(402);
    assertThat(unpaid.headers().firstValue("payment-required")).isPresent();

    JsonNode required = rig.required("/premium/a");
    HttpResponse<String> paid =
        rig.send(
            "HEAD", "/premium/a", "PAYMENT-SIGNATURE", rig.pay(required, rig.authorize(required)));
    assertThat(paid.statusCode()).isEqualTo(200);
    assertThat(rig.settlements()).isZero();
  }

  @Test
  void redirect_shouldBePassedOn_notFollowed() {
    HttpResponse<String> response = rig.get("/open/moved");
    assertThat(response.statusCode()).isEqualTo(302);
    assertThat(rig.origin.seen()).hasSize(1);
  }

  @Test
  void http2_shouldBeServedOnTheSamePort() throws Exception {
    rig.domain(rig.licenseId, "localhost");
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      for (String path : new String[] {"/open/a", "/premium/a", "/open/b"}) {
        URI uri = URI.create("http://localhost:" + rig.running().port() + path);
        HttpResponse<String> response =
            http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(path.startsWith("/open") ? 200 : 402);
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
    }
  }

  static String code(HttpResponse<String> response) {
    return JsonFields.MAPPER.readTree(response.body()).get("code").asString();
  }
}
