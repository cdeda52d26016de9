package network.tachi.contracts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {
  private static final Policy POLICY =
      new Policy(
          LicenseId.of(7),
          1,
          List.of(
              rule("/articles/*", Purpose.ANY, Category.PREMIUM, 5000),
              rule("/articles/*", Purpose.TRAINING, Category.PREMIUM, 9000),
              rule("/articles/free*", Purpose.ANY, Category.PUBLIC, 0),
              rule("/admin*", Purpose.ANY, Category.RESTRICTED, 0),
              rule("/about", Purpose.ANY, Category.PREMIUM, 1),
              rule("/@alice/*", Purpose.ANY, Category.PREMIUM, 7),
              rule("/caf%C3%A9/*", Purpose.ANY, Category.PREMIUM, 8)));

  private static PolicyRule rule(String path, Purpose purpose, Category category, long price) {
    return new PolicyRule(path, purpose, category, UsdcAmount.of(price));
  }

  @ParameterizedTest
  @CsvSource({
    "/articles/1, SEARCH, PREMIUM, 5000",
    "/articles/1, TRAINING, PREMIUM, 9000",
    "/articles/1, ANY, PREMIUM, 9000",
    "/articles/free-1, TRAINING, PUBLIC, 0",
    "/admin/x, AGENT, RESTRICTED, 0",
    "/about, AGENT, PREMIUM, 1",
    "/about/, AGENT, PREMIUM, 1",
    "/articles, SEARCH, PREMIUM, 5000",
    "/%61rticles/1, SEARCH, PREMIUM, 5000",
    "//articles//1, SEARCH, PREMIUM, 5000",
    "/articles;x=1/1, SEARCH, PREMIUM, 5000",
    "/articles/;x/1, SEARCH, PREMIUM, 5000",
    "/about%3Bx, AGENT, PREMIUM, 1",
    "/%40alice/x, AGENT, PREMIUM, 7",
    "/@alice/x, AGENT, PREMIUM, 7",
    "/caf%c3%a9/x, AGENT, PREMIUM, 8",
    "/caf%C3%A9/x, AGENT, PREMIUM, 8",
    "/about/us, AGENT, PUBLIC, 0",
    "/, ANY, PUBLIC, 0"
  })
  void quote_shouldTakeLongestPathThenPurpose(
      String path, Purpose purpose, Category category, long price) {
    assertThat(POLICY.quote(RequestPath.parse(path), purpose))
        .isEqualTo(new Quote(category, UsdcAmount.of(price)));
  }

  @Test
  void document_shouldRoundTripAndBeCanonical() {
    assertThat(Policy.parse(POLICY.document())).isEqualTo(POLICY);
    assertThat(
            new Policy(
                    LicenseId.of(1),
                    2,
                    List.of(rule("/\"\u0001\u00e9", Purpose.ANY, Category.PREMIUM, 3)))
                .document())
        .isEqualTo(
            "{\"licenseId\":\"1\",\"rules\":[{\"category\":\"premium\",\"path\":\"/\\\"\\u0001\u00e9\",\"price\":\"3\",\"purpose\":\"*\"}],\"version\":\"2\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[] | document",
        "{ | document",
        "{\"licenseId\":\"1\",\"rules\":[],\"version\":\"1\"} x | document",
        "{ \"licenseId\":\"1\",\"rules\":[],\"version\":\"1\"} | document",
        "{\"licenseId\":\"0\",\"rules\":[],\"version\":\"1\"} | licenseId",
        "{\"licenseId\":\"1\",\"rules\":[],\"version\":\"0\"} | version",
        "{\"licenseId\":\"1\",\"version\":\"1\"} | rules",
        "{\"extra\":\"1\",\"licenseId\":\"1\",\"rules\":[],\"version\":\"1\"} | extra",
        "{\"licenseId\":\"1\",\"rules\":[{\"category\":\"gold\",\"path\":\"/\",\"price\":\"1\",\"purpose\":\"*\"}],\"version\":\"1\"}"
            + " | rules[0].category",
        "{\"licenseId\":\"1\",\"rules\":[{\"category\":\"premium\",\"path\":\"/\",\"price\":\"-1\",\"purpose\":\"*\"}],\"version\":\"1\"}"
            + " | rules[0].price",
        "{\"licenseId\":\"1\",\"rules\":[{\"category\":\"premium\",\"path\":\"/\",\"price\":\"0\",\"purpose\":\"*\"}],\"version\":\"1\"}"
            + " | price",
        "{\"licenseId\":\"1\",\"rules\":[{\"category\":\"premium\",\"path\":\"x\",\"price\":\"1\",\"purpose\":\"*\"}],\"version\":\"1\"}"
            + " | path"
      })
  void wrongDocument_shouldNameTheField(String document, String field) {
    assertThatThrownBy(() -> Policy.parse(document))
        .isInstanceOfSatisfying(
            InvalidPolicyException.class, e -> assertThat(e.field()).isEqualTo(field));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/*", "/a*", "/a/b", "/@x/*", "/a%20b", "/caf%C3%A9/*"})
  void ruleInTheFormOfRequests_shouldBeTaken(String path) {
    RequestPath.requireRule(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%40x",
        "/caf%c3%a9",
        "/%61",
        "/a;b",
        "/a//b",
        "/a/../b",
        "/a b",
        "/\u00e9",
        "a",
        "/%2f",
        "/%"
      })
  void ruleInAnotherForm_shouldBeRefused(String path) {
    assertThatThrownBy(() -> RequestPath.requireRule(path))
        .isInstanceOf(InvalidPathException.class)
        .hasMessageStartingWith("path: expected");
  }

  @Test
  void samePathAndPurposeTwice_shouldBeRefused() {
    PolicyRule rule = rule("/a", Purpose.ANY, Category.PREMIUM, 1);
    assertThatThrownBy(() -> new Policy(LicenseId.of(1), 1, List.of(rule, rule)))
        .isInstanceOf(InvalidPolicyException.class)
        .hasMessageContaining("/a");
  }
}
