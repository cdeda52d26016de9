package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;
import network.tachi.contracts.policy.Policy;
import network.tachi.contracts.policy.Purpose;
import network.tachi.contracts.policy.Quote;
import network.tachi.server.ApiException;

/** Decides what becomes of a request: free, refused, to be paid, or paid. */
final class Gatekeeper {
  private static final String ROBOTS = "/robots.txt";
  private static final String PURPOSE = "crawler-purpose";

  private final Sites sites;
  private final Vaults vaults;
  private final OriginClient origin;
  private final Challenge challenge;
  private final ExactFlow exact;
  private final CreditFlow credit;
  private final GatewayMetrics metrics;
  private final Settlement settlement;
  private final String scheme;

  /**
   * Creates the gatekeeper.
   *
   * @param scheme by which clients reach the gateway
   */
  Gatekeeper(
      Parts parts, Sites sites, Vaults vaults, ExactFlow exact, CreditFlow credit, String scheme) {
    this.origin = parts.origin();
    this.challenge = parts.challenge();
    this.metrics = parts.metrics();
    this.settlement = parts.settlement();
    this.sites = requireNonNull(sites, "sites is null");
    this.vaults = requireNonNull(vaults, "vaults is null");
    this.exact = requireNonNull(exact, "exact is null");
    this.credit = requireNonNull(credit, "credit is null");
    this.scheme = requireNonNull(scheme, "scheme is null");
  }

  /**
   * Answers a request.
   *
   * @throws ApiException for everything that is neither content nor a 402
   */
  Reply answer(ClientRequest request) {
    String domain = request.target().domain();
    Site site =
        sites.find(domain).filter(_ -> origin.serves(domain)).orElseThrow(() -> unknown(domain));
    boolean reads = request.method().equals("GET") || request.isHead();
    if (reads && request.target().path().path().equals(ROBOTS)) {
      return origin.fetch(request);
    }
    Quote quote = quote(site, request);
    return switch (quote.category()) {
      case PUBLIC -> origin.fetch(request);
      case RESTRICTED ->
          throw ApiException.of(
              GatewayErrors.RESTRICTED,
              "the publisher lets no crawler read " + request.target().path().path());
      case PREMIUM -> premium(request, site, quote);
    };
  }

  private static ApiException unknown(String domain) {
    return ApiException.of(GatewayErrors.UNKNOWN_HOST, "no verified licence holds " + domain);
  }

  private static Quote quote(Site site, ClientRequest request) {
    if (!site.payable()) {
      throw ApiException.of(
          GatewayErrors.LICENSE_INACTIVE, "licence " + site.licenseId() + " is not active");
    }
    Policy policy = site.policy();
    if (policy == null) {
      throw ApiException.of(
          GatewayErrors.NO_POLICY,
          "licence " + site.licenseId() + " has not published a policy yet");
    }
    String text = request.fields().first(PURPOSE).orElse("").strip().toLowerCase(Locale.ROOT);
    Purpose purpose =
        Purpose.of(text)
            .orElseThrow(() ->
                ApiException.invalid("Crawler-Purpose", "search, agent, training or *", text));
    return policy.quote(request.target().path(), purpose);
  }

  private Reply premium(ClientRequest request, Site site, Quote quote) {
    Optional<Credential> payment = payment(request);
    boolean free = request.method().equals("OPTIONS") || (request.isHead() && payment.isPresent());
    if (free) {
      return origin.fetch(request).withoutBody();
    }
    if (payment.isEmpty()) {
      metrics.challenged();
      return challenge.unpaid(offer(request, site, quote));
    }
    return paid(request, site, quote, payment.get());
  }

  private static Optional<Credential> payment(ClientRequest request) {
    try {
      return CredentialReader.read(request.fields());
    } catch (MalformedPaymentException e) {
      throw ApiException.invalid(e.field(), e.expected(), e.found());
    }
  }

  private Reply paid(ClientRequest request, Site site, Quote quote, Credential payment) {
    if (isOutdated(site, quote, payment)) {
      String domain = request.target().domain();
      Site now = sites.reload(domain).orElseThrow(() -> unknown(domain));
      if (!now.termsHash().equals(site.termsHash())) {
        return answer(request);
      }
    }
    Offer offer = offer(request, site, quote);
    return switch (payment) {
      case Credential.Exact authorization -> exact.handle(request, offer, authorization);
      case Credential.Voucher voucher -> credit.handle(request, offer, voucher);
      case Credential.Unsupported other -> {
        Refusal refusal =
            other.network().equals(settlement.chain())
                ? Refusal.of(Refusal.UNSUPPORTED_SCHEME, "schemes are exact and tachi-credit")
                : Refusal.of(Refusal.INVALID_NETWORK, "expected " + settlement.chain().toCaip2());
        metrics.refused(refusal.code());
        yield challenge.refused(offer, refusal);
      }
    };
  }

  /**
   * Whether the payment was made for other terms than the cached ones, so that these may be old.
   */
  private static boolean isOutdated(Site site, Quote quote, Credential payment) {
    return switch (payment) {
      case Credential.Exact exact -> !exact.authorization().value().equals(quote.price());
      case Credential.Voucher voucher -> !voucher.voucher().termsHash().equals(site.termsHash());
      case Credential.Unsupported _ -> false;
    };
  }

  private Offer offer(ClientRequest request, Site site, Quote quote) {
    return new Offer(
        site.licenseId(),
        quote.price(),
        site.termsHash(),
        vaults.of(site.licenseId()),
        request.target().url(scheme));
  }
}
