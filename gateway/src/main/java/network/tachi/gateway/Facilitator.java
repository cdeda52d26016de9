package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.rpc.RpcException;
import network.tachi.gateway.AuthorizationRow.State;
import network.tachi.server.ApiException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An x402 facilitator for other gateways of our licences: it settles only to vaults, through our
 * contract. The same authorisation settles once, however often it is asked for.
 */
final class Facilitator {
  private final Settlement settlement;
  private final ExactVerifier verifier;
  private final Authorizations authorizations;
  private final PayerLimits limits;
  private final SettlementDesk desk;
  private final Vaults vaults;
  private final ContentIds contentIds;
  private final Address signer;
  private final Bell bell;
  private final InstantSource clock;
  private final Duration patience;

  Facilitator(
      Parts parts,
      ExactVerifier verifier,
      Authorizations authorizations,
      PayerLimits limits,
      SettlementDesk desk,
      Vaults vaults,
      Address signer) {
    this.settlement = parts.settlement();
    this.contentIds = parts.contentIds();
    this.patience = parts.patience();
    this.bell = parts.bell();
    this.clock = parts.clock();
    this.verifier = requireNonNull(verifier, "verifier is null");
    this.authorizations = requireNonNull(authorizations, "authorizations is null");
    this.limits = requireNonNull(limits, "limits is null");
    this.desk = requireNonNull(desk, "desk is null");
    this.vaults = requireNonNull(vaults, "vaults is null");
    this.signer = requireNonNull(signer, "signer is null");
  }

  void routes(HttpRules rules) {
    rules.get("/facilitator/supported", (_, response) -> send(response, supported()));
    rules.post("/facilitator/verify", (request, response) -> send(response, verify(read(request))));
    rules.post("/facilitator/settle", (request, response) -> send(response, settle(read(request))));
  }

  private static void send(ServerResponse response, ObjectNode json) {
    response.header(HeaderValues.create("Content-Type", "application/json"));
    response.header(HeaderValues.create("Cache-Control", "no-store"));
    response.send(JsonFields.write(json));
  }

  private ObjectNode supported() {
    ObjectNode json = JsonFields.object();
    ArrayNode kinds = json.putArray("kinds");
    kinds
        .addObject()
        .put("x402Version", 2)
        .put("scheme", CredentialReader.EXACT)
        .put("network", settlement.chain().toCaip2());
    X402Networks.v1(settlement.chain())
        .ifPresent(name ->
            kinds
                .addObject()
                .put("x402Version", 1)
                .put("scheme", CredentialReader.EXACT)
                .put("network", name));
    json.putArray("extensions").add("payment-identifier");
    json.putObject("signers").putArray("eip155:*").add(signer.toString());
    return json;
  }

  /** A payment with what it shall pay, or why these make no sense together. */
  private sealed interface Asked {
    record Payment(Credential.Exact payment, ExactRequirement requirement) implements Asked {}

    record Wrong(Refusal refusal, Optional<Address> payer) implements Asked {}
  }

  private Asked read(ServerRequest request) {
    try {
      return asked(JsonFields.json("body", request.content().as(byte[].class)));
    } catch (MalformedPaymentException e) {
      throw ApiException.invalid(e.field(), e.expected(), e.found());
    }
  }

  private Asked asked(JsonFields body) {
    JsonFields payload = body.object("paymentPayload");
    JsonFields wanted = body.object("paymentRequirements");
    boolean old = payload.integer("x402Version") == 1;
    Credential credential = old ? CredentialReader.v1(payload) : CredentialReader.v2(payload);
    if (!(credential instanceof Credential.Exact payment)) {
      return new Asked.Wrong(
          Refusal.of(Refusal.UNSUPPORTED_SCHEME, "the only scheme is exact"), Optional.empty());
    }
    Optional<Address> payer = Optional.of(payment.payer());
    boolean ours =
        wanted.text("scheme").equals(CredentialReader.EXACT)
            && (old
                ? X402Networks.v1(wanted.text("network")).equals(settlement.chain())
                : wanted.caip2("network").equals(settlement.chain()))
            && wanted.address("asset").equals(settlement.usdc());
    if (!ours) {
      return new Asked.Wrong(
          Refusal.of(
              Refusal.REQUIREMENTS,
              "expected exact, " + settlement.chain().toCaip2() + ", " + settlement.usdc()),
          payer);
    }
    Address payTo = wanted.address("payTo");
    Optional<LicenseId> licenseId = vaults.licenseOf(payTo);
    if (licenseId.isEmpty()) {
      return new Asked.Wrong(
          Refusal.of(Refusal.REQUIREMENTS, payTo + " is no licence's vault"), payer);
    }
    return new Asked.Payment(
        payment,
        new ExactRequirement(
            licenseId.get(), payTo, wanted.amount(old ? "maxAmountRequired" : "amount")));
  }

  private ObjectNode verify(Asked asked) {
    return switch (asked) {
      case Asked.Wrong(Refusal refusal, Optional<Address> payer) -> invalid(refusal, payer);
      case Asked.Payment(Credential.Exact payment, ExactRequirement requirement) ->
          check(payment, requirement)
              .map(refusal -> invalid(refusal, Optional.of(payment.payer())))
              .orElseGet(() ->
                  JsonFields.object()
                      .put("isValid", true)
                      .put("payer", payment.payer().toString()));
    };
  }

  private Optional<Refusal> check(Credential.Exact payment, ExactRequirement requirement) {
    try {
      return verifier.verify(payment, requirement);
    } catch (RpcException e) {
      throw GatewayErrors.tryAgain("the chain can't be asked now", e);
    }
  }

  private static ObjectNode invalid(Refusal refusal, Optional<Address> payer) {
    ObjectNode json = JsonFields.object();
    json.put("isValid", false);
    json.put("invalidReason", refusal.code());
    json.put("invalidMessage", refusal.message());
    payer.ifPresent(address -> json.put("payer", address.toString()));
    return json;
  }

  private ObjectNode settle(Asked asked) {
    return switch (asked) {
      case Asked.Wrong(Refusal refusal, Optional<Address> payer) ->
          result(false, refusal, payer.map(Address::toString).orElse(""), "");
      case Asked.Payment(Credential.Exact payment, ExactRequirement requirement) ->
          settle(payment, requirement);
    };
  }

  private ObjectNode settle(Credential.Exact payment, ExactRequirement requirement) {
    PaymentKey key = PaymentKey.of(settlement.chain(), payment.authorization());
    Instant deadline = clock.instant().plus(patience);
    while (true) {
      Optional<AuthorizationRow> known = taken(key);
      boolean starting = known.isPresent() && known.get().state() == State.RESERVED;
      if (known.isPresent() && !(starting && clock.instant().isBefore(deadline))) {
        return outcome(known.get());
      }
      if (starting) {
        if (!bell.await()) {
          return outcome(known.get());
        }
        continue;
      }
      Optional<Refusal> refusal = check(payment, requirement);
      if (refusal.isPresent()) {
        if (taken(key).isPresent()) {
          continue;
        }
        return result(false, refusal.get(), payment.payer().toString(), "");
      }
      begin(payment, requirement, key);
    }
  }

  private Optional<AuthorizationRow> taken(PaymentKey key) {
    return authorizations.find(key).filter(row -> !row.isFree(clock.instant()));
  }

  private void begin(Credential.Exact payment, ExactRequirement requirement, PaymentKey key) {
    Authorizations.Wanted wanted =
        new Authorizations.Wanted(
            key,
            requirement.licenseId(),
            payment.authorization(),
            payment.signature(),
            Hash.ZERO,
            WireIds.requestId(requirement.licenseId(), key.from(), contentIds.draw()),
            Hash.ZERO,
            WireIds.paymentId(key.chain(), settlement.usdc(), key.from(), key.nonce()));
    if (!limits.reserve(wanted, false, _ -> {})) {
      return;
    }
    AuthorizationRow reserved =
        authorizations
            .find(key)
            .orElseThrow(() -> GatewayErrors.tryAgain("the reservation was lost"));
    if (!desk.begin(reserved, payment.authorization(), payment.signature(), null, null)) {
      throw GatewayErrors.tryAgain("the reservation was lost");
    }
  }

  private ObjectNode outcome(AuthorizationRow first) {
    AuthorizationRow row =
        first.state() == State.SETTLING ? desk.await(first, patience).orElse(first) : first;
    String payer = row.key().from().toString();
    if (row.isPaid()) {
      return result(true, null, payer, row.receipt().transaction().toString())
          .put("amount", row.value().toString());
    }
    if (row.state() == State.FAILED) {
      String code = row.failure() == null ? Refusal.TRANSACTION_FAILED : row.failure();
      return result(false, Refusal.of(code, "the settlement failed"), payer, "");
    }
    String transaction = desk.transaction(row).map(Hash::toString).orElse("");
    return result(
        false,
        Refusal.of("settlement_pending", "ask again with the same payload"),
        payer,
        transaction);
  }

  private ObjectNode result(
      boolean success,
      @org.jspecify.annotations.Nullable Refusal refusal,
      String payer,
      String transaction) {
    ObjectNode json = JsonFields.object();
    json.put("success", success);
    if (refusal != null) {
      json.put("errorReason", refusal.code());
      json.put("errorMessage", refusal.message());
    }
    json.put("payer", payer);
    json.put("transaction", transaction);
    json.put("network", settlement.chain().toCaip2());
    return json;
  }
}
