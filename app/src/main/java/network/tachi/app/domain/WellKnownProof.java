package network.tachi.app.domain;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks for a claim in {@code https://<domain>/.well-known/tachi.json}: {@code
 * {"licenses":["<claim>"]}}.
 *
 * <p>The domain is a stranger's, so the request can't be led anywhere else: it goes to an address
 * that was looked up once and found to be public, by TLS with a certificate of the domain, follows
 * no redirect, and reads a bounded answer in a bounded time.
 */
public final class WellKnownProof {
  static final int MAX_BYTES = 64 * 1024;
  static final String PATH = "/.well-known/tachi.json";
  private static final JsonMapper JSON = new JsonMapper();

  /** Finds a host's addresses. */
  @FunctionalInterface
  interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  private final Lookup lookup;
  private final Predicate<InetAddress> allowed;
  private final SSLSocketFactory tls;
  private final int port;
  private final Duration patience;

  /** A look at the public Internet, with the certificates that Java trusts. */
  public WellKnownProof() {
    this(
        InetAddress::getAllByName,
        PublicAddress::is,
        (SSLSocketFactory) SSLSocketFactory.getDefault(),
        443,
        Duration.ofSeconds(10));
  }

  WellKnownProof(
      Lookup lookup,
      Predicate<InetAddress> allowed,
      SSLSocketFactory tls,
      int port,
      Duration patience) {
    this.lookup = lookup;
    this.allowed = allowed;
    this.tls = tls;
    this.port = port;
    this.patience = patience;
  }

  /** The file that a domain needs. */
  public static String file(DomainClaim claim) {
    return "https://" + claim.domain().text() + PATH + " {\"licenses\":[\"" + claim.text() + "\"]}";
  }

  /** Looks once. */
  public Proof look(DomainClaim claim) {
    String host = claim.domain().text();
    String where = "https://" + host + PATH;
    InetAddress address;
    try {
      List<InetAddress> all = List.of(lookup.addresses(host));
      if (all.isEmpty() || !all.stream().allMatch(allowed)) {
        return Proof.unknown(where + ": " + host + " has an address that is not public; not asked");
      }
      address = all.getFirst();
    } catch (UnknownHostException _) {
      return Proof.unknown(where + ": the host has no address");
    }
    try {
      HttpAnswer answer = get(host, address);
      return judge(answer, where, claim);
    } catch (SSLException e) {
      return Proof.unknown(where + ": TLS failed (" + e.getMessage() + ")");
    } catch (IOException e) {
      return Proof.unknown(where + ": no answer (" + e.getMessage() + ")");
    }
  }

  private HttpAnswer get(String host, InetAddress address) throws IOException {
    CountDownLatch done = new CountDownLatch(1);
    try (Socket plain = new Socket()) {
      Thread.ofVirtual().start(() -> closeLate(plain, done));
      int millis = Math.toIntExact(patience.toMillis());
      plain.connect(new InetSocketAddress(address, port), millis);
      plain.setSoTimeout(millis);
      try (SSLSocket socket = (SSLSocket) tls.createSocket(plain, host, port, true)) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        String request =
            "GET "
                + PATH
                + " HTTP/1.1\r\nHost: "
                + host
                + "\r\nAccept: application/json\r\nUser-Agent: tachi-verify-domain\r\n"
                + "Connection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return HttpAnswer.read(socket.getInputStream(), MAX_BYTES);
      }
    } finally {
      done.countDown();
    }
  }

  /** Ends the whole exchange in time, even one that goes on byte by byte. */
  private void closeLate(Socket socket, CountDownLatch done) {
    try {
      if (!done.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        socket.close();
      }
    } catch (IOException e) {
      System.getLogger(WellKnownProof.class.getName())
          .log(System.Logger.Level.DEBUG, "closing a late connection", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static Proof judge(HttpAnswer answer, String where, DomainClaim claim) {
    if (answer.status() >= 300 && answer.status() < 400) {
      return Proof.absent(
          where
              + ": status "
              + answer.status()
              + "; redirects are not followed, so that the"
              + " domain itself must answer");
    }
    if (answer.status() == 404 || answer.status() == 410) {
      return Proof.absent(where + ": status " + answer.status());
    }
    if (answer.status() != 200) {
      return Proof.unknown(where + ": status " + answer.status());
    }
    try {
      JsonNode licenses = JSON.readTree(answer.body().toArray()).path("licenses");
      for (JsonNode each : licenses.values()) {
        if (each.isString() && each.asString().equals(claim.text())) {
          return Proof.proven(where + ": names the licence");
        }
      }
      return Proof.absent(where + ": does not name this licence under \"licenses\"");
    } catch (JacksonException _) {
      return Proof.absent(where + ": is no JSON");
    }
  }
}
