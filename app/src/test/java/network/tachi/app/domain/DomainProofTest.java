package network.tachi.app.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocketFactory;
import network.tachi.app.UserError;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.LicenseId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ways to prove a claim, against a real DNS responder and a real HTTPS server. */
class DomainProofTest {
  private static final String DOMAIN = "news.example";
  private static final String NAME = "_tachi." + DOMAIN;
  private static final DomainClaim CLAIM = claim(12);

  @TempDir static Path folder;

  private static DomainClaim claim(long license) {
    return new DomainClaim(
        DomainName.parse(DOMAIN),
        ChainId.of(8453),
        Address.parse("0x036CbD53842c5426634e7929541eC2318f3dCF7e"),
        LicenseId.of(license));
  }

  private static Proof dns(String... texts) {
    try (LocalDns dns = LocalDns.with(Map.of(NAME, List.of(texts)))) {
      return new DnsProof(dns.server()).look(CLAIM);
    }
  }

  @Test
  void claim_shouldNameChainContractAndLicence() {
    assertThat(CLAIM.text()).isEqualTo("8453:0x036cbd53842c5426634e7929541ec2318f3dcf7e:12");
  }

  @Test
  void record_shouldProveOnlyWhenItIsWhole() {
    String record = "tachi-license=" + CLAIM.text();
    assertThat(dns("v=spf1 -all", record).outcome()).isEqualTo(Proof.Outcome.PROVEN);
    assertThat(dns(record + "3").outcome()).isEqualTo(Proof.Outcome.ABSENT);
    assertThat(dns("x" + record).outcome()).isEqualTo(Proof.Outcome.ABSENT);
    assertThat(dns("tachi-license=" + claim(13).text()).outcome()).isEqualTo(Proof.Outcome.ABSENT);
    assertThat(dns().outcome()).isEqualTo(Proof.Outcome.ABSENT);
  }

  @Test
  void missingName_shouldBeAbsent_butFailingServerShouldBeUnknown() {
    try (LocalDns empty = LocalDns.with(Map.of());
        LocalDns failing = LocalDns.failing()) {
      assertThat(new DnsProof(empty.server()).look(CLAIM))
          .extracting(Proof::outcome)
          .isEqualTo(Proof.Outcome.ABSENT);
      Proof proof = new DnsProof(failing.server()).look(CLAIM);
      assertThat(proof.outcome()).isEqualTo(Proof.Outcome.UNKNOWN);
      assertThat(proof.says()).contains(NAME, "no answer");
    }
  }

  private static WellKnownProof at(LocalSite site, SSLSocketFactory tls, Duration patience) {
    return new WellKnownProof(
        _ -> new InetAddress[] {InetAddress.getLoopbackAddress()},
        _ -> true,
        tls,
        site.port(),
        patience);
  }

  private static Proof https(HttpHandler handler) throws Exception {
    try (LocalSite site = new LocalSite(folder, DOMAIN, handler)) {
      return at(site, site.trusting(), Duration.ofSeconds(10)).look(CLAIM);
    }
  }

  private static HttpHandler says(int status, String body, boolean chunked) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      boolean right =
          exchange.getRequestURI().toString().equals("/.well-known/tachi.json")
              && DOMAIN.equals(exchange.getRequestHeaders().getFirst("Host"));
      exchange.getResponseHeaders().add("Location", "https://other.example/");
      exchange.sendResponseHeaders(right ? status : 500, chunked ? 0 : Math.max(1, bytes.length));
      try (var out = exchange.getResponseBody()) {
        out.write(bytes.length == 0 ? new byte[1] : bytes);
      }
    };
  }

  @Test
  void file_shouldProveOnlyWhenItNamesTheLicence() throws Exception {
    String good = "{\"licenses\":[\"1:0x0:1\",\"" + CLAIM.text() + "\"]}";
    assertThat(https(says(200, good, false)).outcome()).isEqualTo(Proof.Outcome.PROVEN);
    assertThat(https(says(200, good, true)).outcome()).isEqualTo(Proof.Outcome.PROVEN);
    assertThat(https(says(200, "{\"licenses\":[\"" + claim(13).text() + "\"]}", false)).outcome())
        .isEqualTo(Proof.Outcome.ABSENT);
    assertThat(https(says(200, CLAIM.text(), false)).outcome()).isEqualTo(Proof.Outcome.ABSENT);
    assertThat(https(says(404, good, false)).outcome()).isEqualTo(Proof.Outcome.ABSENT);
    assertThat(https(says(503, good, false)).outcome()).isEqualTo(Proof.Outcome.UNKNOWN);
  }

  @Test
  void redirect_shouldNotBeFollowed() throws Exception {
    Proof proof = https(says(302, "{\"licenses\":[\"" + CLAIM.text() + "\"]}", false));
    assertThat(proof.outcome()).isEqualTo(Proof.Outcome.ABSENT);
    assertThat(proof.says()).contains("redirects are not followed");
  }

  @Test
  void longAnswer_shouldBeCut() throws Exception {
    String body = "{\"x\":\"" + "y".repeat(WellKnownProof.MAX_BYTES) + "\"}";
    for (boolean chunked : new boolean[] {false, true}) {
      Proof proof = https(says(200, body, chunked));
      assertThat(proof.outcome()).isEqualTo(Proof.Outcome.UNKNOWN);
      assertThat(proof.says()).contains("more than 65536 bytes");
    }
  }

  @Test
  void slowAnswer_shouldEndInTime() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    HttpHandler slow =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try {
            done.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        };
    try (LocalSite site = new LocalSite(folder, DOMAIN, slow)) {
      Proof proof = at(site, site.trusting(), Duration.ofMillis(700)).look(CLAIM);
      assertThat(proof.outcome()).isEqualTo(Proof.Outcome.UNKNOWN);
      assertThat(proof.says()).contains("no answer");
      done.countDown();
    }
  }

  @Test
  void certificate_shouldBeTheDomainsAndTrusted() throws Exception {
    HttpHandler good = says(200, "{\"licenses\":[\"" + CLAIM.text() + "\"]}", false);
    try (LocalSite other = new LocalSite(folder, "other.example", good)) {
      assertThat(at(other, other.trusting(), Duration.ofSeconds(10)).look(CLAIM).says())
          .contains("TLS failed");
    }
    try (LocalSite site = new LocalSite(folder, DOMAIN, good)) {
      SSLSocketFactory usual = (SSLSocketFactory) SSLSocketFactory.getDefault();
      assertThat(at(site, usual, Duration.ofSeconds(10)).look(CLAIM).says()).contains("TLS failed");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "192.0.2.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "ff02::1",
        "2001:db8::1"
      })
  void privateAddress_shouldNotBeAsked(String address) throws Exception {
    AtomicBoolean asked = new AtomicBoolean();
    try (LocalSite site = new LocalSite(folder, DOMAIN, exchange -> asked.set(true))) {
      InetAddress inside = InetAddress.getByName(address);
      WellKnownProof proof =
          new WellKnownProof(
              _ -> new InetAddress[] {InetAddress.getByName("1.1.1.1"), inside},
              PublicAddress::is,
              site.trusting(),
              site.port(),
              Duration.ofSeconds(1));
      assertThat(proof.look(CLAIM).says()).contains("not public");
      assertThat(asked).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"})
  void publicAddress_shouldBeAllowed(String address) throws UnknownHostException {
    assertThat(PublicAddress.is(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "News.Example, news.example",
    "bücher.example, xn--bcher-kva.example",
    "a.b-c.example, a.b-c.example"
  })
  void name_shouldBecomeTheContractsForm(String text, String expected) {
    assertThat(DomainName.parse(text).text()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "127.0.0.1",
        "news.example.",
        "news.example:443",
        "https://news.example",
        "news.example/path",
        "a..example",
        "-a.example",
        "user@news.example",
        "[::1]",
        " "
      })
  void otherText_shouldBeRefused(String text) {
    assertThatThrownBy(() -> DomainName.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("domain: expected a public name");
  }
}
