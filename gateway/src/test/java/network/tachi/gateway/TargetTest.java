package network.tachi.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import network.tachi.evm.InvalidValueException;
import network.tachi.server.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  @ParameterizedTest
  @CsvSource({
    "/a/b, /a/b",
    "/%61/b, /a/b",
    "/a%7Eb, /a~b",
    "/a%c3%a4, /a%C3%A4",
    "//a///b, /a/b",
    "/a/, /a/",
    "/a/...;x, /a/...;x",
    "/@:!$&'()*+=, /@:!$&'()*+="
  })
  void path_shouldHaveOneForm(String raw, String normal) {
    assertThat(Target.of("x.example", raw, null).path().path()).isEqualTo(normal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "/a/../b",
        "/a/.",
        "/%2e%2e/b",
        "/..;x/b",
        "/a%2fb",
        "/a%5Cb",
        "/a%00",
        "/a%",
        "/a%4",
        "/a%zz",
        "/a b",
        "/a\\b",
        "/a\u00e4"
      })
  void pathThatCouldBeReadInTwoWays_shouldBeRefused(String raw) {
    assertThatThrownBy(() -> Target.of("x.example", raw, null))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("path");
  }

  @ParameterizedTest
  @CsvSource({
    "Pub.Example, pub.example",
    "pub.example:8402, pub.example",
    "pub.example., pub.example",
    "xn--bcher-kva.example, xn--bcher-kva.example"
  })
  void host_shouldBeTheDomain(String host, String domain) {
    assertThat(Target.of(host, "/", null).domain()).isEqualTo(domain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "-a.example", "a..b", "http://a", "a/b", "[::1]", "a@b"})
  void hostThatIsNoDomain_shouldBeRefused(String host) {
    assertThatThrownBy(() -> Target.of(host, "/", null))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("Host");
  }

  @Test
  void url_shouldHoldWhatContentIdsAreMadeOf() {
    assertThat(Target.of("A.example:80", "/x", "q=%20&r").url("https"))
        .isEqualTo("https://a.example/x?q=%20&r");
    assertThat(Target.of("a.example", "/x", "").url("https")).isEqualTo("https://a.example/x");
  }

  @Test
  void origins_shouldGoByTheClosestPattern() {
    Origins origins =
        new Origins(
            Map.of(
                "a.example", URI.create("http://one"),
                "*.example", URI.create("http://two"),
                "*", URI.create("http://three")));
    assertThat(origins.of("a.example")).hasValue(URI.create("http://one"));
    assertThat(origins.of("b.example")).hasValue(URI.create("http://two"));
    assertThat(origins.of("x.b.example")).hasValue(URI.create("http://two"));
    assertThat(origins.of("b.test")).hasValue(URI.create("http://three"));
    assertThat(new Origins(Map.of("a.example", URI.create("http://one"))).of("b.test")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///etc/passwd", "http://u:p@host", "http://host/?x", "ftp://host", "/x"})
  void originThatIsNoPlainHttpUrl_shouldBeRefused(String base) {
    assertThatThrownBy(() -> Origins.forAll(URI.create(base)))
        .isInstanceOf(InvalidValueException.class);
  }
}
