package network.tachi.queryapi;

import static network.tachi.store.jooq.projection.Tables.DISPUTE_OPENED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_CLAIMED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_VERIFIED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_LINKED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_MINTED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_TRANSFER;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_MADE;
import static network.tachi.store.jooq.projection.Tables.PAYOUT_SCHEDULED;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import network.tachi.chainconfig.ContractAt;
import network.tachi.chainconfig.ContractName;
import network.tachi.chainconfig.Deployment;
import network.tachi.chainconfig.Network;
import network.tachi.contracts.policy.Policy;
import network.tachi.contracts.wire.PolicyPublication;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.PublishPolicyRequest;
import network.tachi.server.Health;
import network.tachi.server.Metrics;
import network.tachi.server.ServerLimits;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.MutableClock;
import network.tachi.testkit.TestDatabase;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A query API over a database that holds two chains and a usage log, and its clients. */
final class World implements AutoCloseable {
  static final ChainId BASE = ChainId.BASE_SEPOLIA;
  static final ChainId ETHEREUM = ChainId.SEPOLIA;
  static final Hash INIT_CODE_HASH = Keccak.hash("vault");
  static final Instant NOW = Instant.ofEpochSecond(1_700_001_000);
  private static final JsonMapper JSON = new JsonMapper();

  final TestDatabase database = TestDatabase.create();
  final Network network = network();
  final TestChain base = new TestChain(database.as(DatabaseRole.INDEXER), BASE);
  final TestChain ethereum = new TestChain(database.as(DatabaseRole.INDEXER), ETHEREUM);
  final WireDomain.Metering metering =
      WireDomain.metering(BASE, address("METERING_LEDGER on " + BASE));
  final Signer attestationKey = signer("attestation");
  final TestLog log =
      new TestLog(
          database.as(DatabaseRole.ORACLE),
          metering,
          attestationKey,
          network.deploymentId().orElseThrow());
  final Health health = Health.create();
  final Metrics metrics = Metrics.create();
  final QueryApiRole role;
  final ManagedChannel channel;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  World() {
    role =
        QueryApiRole.start(
            new QueryApiConfig(
                "127.0.0.1",
                0,
                network,
                INIT_CODE_HASH,
                new QueryApiConfig.Limits(ServerLimits.defaults(), 100_000, 100_000)),
            database.as(DatabaseRole.QUERY_API),
            metrics,
            health,
            new MutableClock(NOW));
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", role.port())
            .usePlaintext()
            .disableRetry()
            .build();
  }

  static Signer signer(String name) {
    return Signer.of(PrivateKey.of(Keccak.hash("test account " + name).toBytes()));
  }

  static Address address(String name) {
    return signer(name).address();
  }

  private static Network network() {
    Map<ChainId, List<ContractAt>> contracts =
        Map.of(
            BASE,
            List.of(
                contract(ContractName.CRAWL_LICENSE, BASE),
                contract(ContractName.PAYMENT_PROCESSOR, BASE),
                contract(ContractName.DISPUTE_RESOLVER, BASE),
                contract(ContractName.CREDIT_ESCROW, BASE),
                contract(ContractName.METERING_LEDGER, BASE)),
            ETHEREUM,
            List.of(contract(ContractName.HEADER_ANCHOR, ETHEREUM)));
    return Network.bare("local", Map.of())
        .with(
            new Deployment(
                "local",
                WireIds.deploymentId(BASE, address("METERING_LEDGER on " + BASE)),
                contracts));
  }

  private static ContractAt contract(ContractName name, ChainId chain) {
    return new ContractAt(name, address(name + " on " + chain), 0);
  }

  /** Mints a licence. */
  static void mint(TestChain.Block block, long license, Signer holder) {
    block
        .event(LICENSE_TRANSFER)
        .set(LICENSE_TRANSFER.FROM_ADDRESS, Address.ZERO)
        .set(LICENSE_TRANSFER.TO_ADDRESS, holder.address())
        .set(LICENSE_TRANSFER.LICENSE_ID, license)
        .emit();
    block
        .event(LICENSE_MINTED)
        .set(LICENSE_MINTED.PUBLISHER, holder.address())
        .set(LICENSE_MINTED.LICENSE_ID, license)
        .set(LICENSE_MINTED.TERMS_URI, "https://example.org/terms/" + license)
        .emit();
    block
        .event(PAYOUT_SCHEDULED)
        .set(PAYOUT_SCHEDULED.LICENSE_ID, license)
        .set(PAYOUT_SCHEDULED.PAYOUT, address("payout " + license))
        .set(PAYOUT_SCHEDULED.EFFECTIVE_AT, TestChain.GENESIS_TIME)
        .emit();
  }

  static void claimDomain(TestChain.Block block, long license, String domain) {
    block
        .event(DOMAIN_CLAIMED)
        .set(DOMAIN_CLAIMED.LICENSE_ID, license)
        .set(DOMAIN_CLAIMED.DOMAIN_HASH, WireIds.domainHash(domain))
        .set(DOMAIN_CLAIMED.DOMAIN, domain)
        .emit();
  }

  static void verifyDomain(TestChain.Block block, long license, String domain) {
    block
        .event(DOMAIN_VERIFIED)
        .set(DOMAIN_VERIFIED.LICENSE_ID, license)
        .set(DOMAIN_VERIFIED.DOMAIN_HASH, WireIds.domainHash(domain))
        .emit();
  }

  static void link(TestChain.Block block, long license, ChainId otherChain, long other) {
    block
        .event(LICENSE_LINKED)
        .set(LICENSE_LINKED.LICENSE_ID, license)
        .set(LICENSE_LINKED.OTHER_CHAIN_ID, BigInteger.valueOf(otherChain.value()))
        .set(LICENSE_LINKED.OTHER_LICENSE_ID, BigInteger.valueOf(other))
        .emit();
  }

  /** Pays a licence; the payment's id and nonce come from its name. */
  static Hash pay(TestChain.Block block, long license, Address payer, long amount, String name) {
    return block
        .event(PAYMENT_MADE)
        .set(PAYMENT_MADE.PAYMENT_ID, Keccak.hash(name))
        .set(PAYMENT_MADE.LICENSE_ID, license)
        .set(PAYMENT_MADE.PAYER, payer)
        .set(PAYMENT_MADE.AMOUNT, UsdcAmount.of(amount))
        .set(PAYMENT_MADE.NONCE, Keccak.hash("nonce " + name))
        .set(PAYMENT_MADE.METHOD, (short) 2)
        .set(PAYMENT_MADE.PAID_AT, TestChain.time(block.number()))
        .emit();
  }

  static void dispute(
      TestChain.Block block, long id, long license, Address crawler, String payment, long amount) {
    block
        .event(DISPUTE_OPENED)
        .set(DISPUTE_OPENED.DISPUTE_ID, id)
        .set(DISPUTE_OPENED.LICENSE_ID, license)
        .set(DISPUTE_OPENED.CRAWLER, crawler)
        .set(DISPUTE_OPENED.PAYMENT_IDS, List.of(Keccak.hash(payment)))
        .set(DISPUTE_OPENED.AMOUNT, UsdcAmount.of(amount))
        .set(DISPUTE_OPENED.EVIDENCE_HASH, Keccak.hash("evidence " + id))
        .set(DISPUTE_OPENED.EVIDENCE_URI, "ipfs://evidence/" + id)
        .set(DISPUTE_OPENED.ANSWER_BY, TestChain.time(block.number()) + 60)
        .emit();
  }

  static LicenseId license(long id) {
    return LicenseId.of(id);
  }

  /** A policy, signed for publication. */
  PublishPolicyRequest publication(Policy policy, Signer signer) {
    WireDomain.License domain =
        WireDomain.license(BASE, network.settlement().address(ContractName.CRAWL_LICENSE));
    PolicyPublication publication =
        new PolicyPublication(policy.licenseId(), policy.version(), policy.hash());
    return PublishPolicyRequest.newBuilder()
        .setLicenseId(policy.licenseId().toString())
        .setVersion(policy.version())
        .setDocument(policy.document())
        .setSignature(signer.sign(publication.digest(domain)).toString())
        .build();
  }

  /** Calls a method by gRPC. */
  <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
    return ClientCalls.blockingUnaryCall(
        channel, method, CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS), request);
  }

  /** Calls a method that must fail. */
  <Q, A> StatusRuntimeException refused(MethodDescriptor<Q, A> method, Q request) {
    try {
      throw new AssertionError("expected an error, found " + call(method, request));
    } catch (StatusRuntimeException e) {
      return e;
    }
  }

  HttpResponse<String> get(String path) {
    return getAt(role.url() + path);
  }

  /** Gets from another server. */
  HttpResponse<String> getAt(String url) {
    return send(
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).GET().build());
  }

  HttpResponse<String> post(String path, String body) {
    return send(
        HttpRequest.newBuilder(URI.create(role.url() + path))
            .timeout(Duration.ofSeconds(30))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The JSON of an answer, whatever its status. */
  static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    http.shutdownNow();
    role.close();
    database.close();
  }
}
