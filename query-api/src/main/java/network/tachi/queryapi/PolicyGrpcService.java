package network.tachi.queryapi;

import static java.util.Objects.requireNonNull;

import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.Optional;
import network.tachi.contracts.policy.InvalidPathException;
import network.tachi.contracts.policy.InvalidPolicyException;
import network.tachi.contracts.policy.Policy;
import network.tachi.contracts.policy.RequestPath;
import network.tachi.contracts.wire.PolicyPublication;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signature;
import network.tachi.proto.v1.GetPolicyRequest;
import network.tachi.proto.v1.PolicyServiceGrpc;
import network.tachi.proto.v1.PublishPolicyRequest;
import network.tachi.proto.v1.SignedPolicy;
import network.tachi.server.ApiError;
import network.tachi.server.ApiException;
import org.jooq.DSLContext;

/**
 * {@code tachi.v1.PolicyService}: takes a policy if the licence's holder signed it and it is the
 * next version. Publishing the same again gives the same answer.
 */
final class PolicyGrpcService extends PolicyServiceGrpc.PolicyServiceImplBase {
  private final Snapshots snapshots;
  private final Publishers publishers;
  private final Policies policies;
  private final WireDomain.License domain;
  private final Secp256k1 curve;
  private final InstantSource clock;

  PolicyGrpcService(
      Snapshots snapshots,
      Publishers publishers,
      Policies policies,
      WireDomain.License domain,
      Secp256k1 curve,
      InstantSource clock) {
    this.snapshots = requireNonNull(snapshots, "snapshots is null");
    this.publishers = requireNonNull(publishers, "publishers is null");
    this.policies = requireNonNull(policies, "policies is null");
    this.domain = requireNonNull(domain, "domain is null");
    this.curve = requireNonNull(curve, "curve is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public void getPolicy(GetPolicyRequest request, StreamObserver<SignedPolicy> observer) {
    LicenseId license = Fields.license(request.getLicenseId());
    long version = Fields.number("version", request.getVersion());
    Optional<Policies.Stored> found =
        snapshots.read(tx ->
            version == 0 ? policies.newest(tx, license) : policies.find(tx, license, version));
    Replies.send(
        observer,
        found
            .map(Policies.Stored::message)
            .orElseThrow(() ->
                ApiException.notFound(
                    (version == 0 ? "a policy" : "version " + version + " of the policy")
                        + " of licence "
                        + license)));
  }

  @Override
  public void publishPolicy(PublishPolicyRequest request, StreamObserver<SignedPolicy> observer) {
    LicenseId license = Fields.license(request.getLicenseId());
    Policy policy = document(request, license);
    Signature signature = Fields.signature("signature", request.getSignature());
    Hash digest = new PolicyPublication(license, policy.version(), policy.hash()).digest(domain);
    Address signer =
        curve
            .recoverAddress(digest, signature)
            .orElseThrow(() ->
                ApiException.invalid("signature", "a signature by a key", request.getSignature()));
    Policies.Stored offered =
        new Policies.Stored(
            license, policy.version(), request.getDocument(), policy.hash(), signer, signature);
    Replies.send(observer, snapshots.write(tx -> publish(tx, offered)).message());
  }

  private Policies.Stored publish(DSLContext tx, Policies.Stored offered) {
    LicenseId license = offered.license();
    Address holder = publishers.requireHolder(tx, license);
    if (!offered.signer().equals(holder)) {
      throw ApiException.of(
          ApiError.ofField(
              QueryErrors.WRONG_SIGNER,
              "signature",
              "one by the licence's holder " + holder,
              "one by " + offered.signer()));
    }
    long last = policies.newest(tx, license).map(Policies.Stored::version).orElse(0L);
    if (offered.version() <= last) {
      Optional<Policies.Stored> same =
          policies
              .find(tx, license, offered.version())
              .filter(stored -> stored.hash().equals(offered.hash()));
      if (same.isPresent()) {
        return same.get();
      }
    }
    if (offered.version() != last + 1 || !policies.insert(tx, offered, clock.instant())) {
      throw wrongVersion(last + 1, offered.version());
    }
    return offered;
  }

  private static Policy document(PublishPolicyRequest request, LicenseId license) {
    Policy policy;
    try {
      policy = Policy.parse(request.getDocument());
    } catch (InvalidPolicyException e) {
      throw ApiException.of(
          ApiError.ofField(
              QueryErrors.INVALID_POLICY,
              e.field().equals("document") ? "document" : "document." + e.field(),
              "canonical JSON of a valid policy",
              String.valueOf(e.getMessage())));
    }
    policy.rules().forEach(rule -> checkPath(rule.path()));
    if (!policy.licenseId().equals(license)) {
      throw ApiException.of(
          ApiError.ofField(
              QueryErrors.INVALID_POLICY,
              "document.licenseId",
              license.toString(),
              policy.licenseId().toString()));
    }
    if (policy.version() != request.getVersion()) {
      throw ApiException.of(
          ApiError.ofField(
              QueryErrors.INVALID_POLICY,
              "document.version",
              Long.toUnsignedString(request.getVersion()),
              Long.toString(policy.version())));
    }
    return policy;
  }

  private static void checkPath(String path) {
    try {
      RequestPath.requireRule(path);
    } catch (InvalidPathException e) {
      throw ApiException.of(
          ApiError.ofField(QueryErrors.INVALID_POLICY, "document.rules", e.expected(), e.found()));
    }
  }

  private static ApiException wrongVersion(long expected, long found) {
    return ApiException.of(
        ApiError.ofField(
            QueryErrors.WRONG_VERSION, "version", Long.toString(expected), Long.toString(found)));
  }
}
