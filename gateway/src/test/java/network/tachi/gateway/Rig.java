package network.tachi.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import network.tachi.contracts.policy.Category;
import network.tachi.contracts.policy.Policy;
import network.tachi.contracts.policy.PolicyRule;
import network.tachi.contracts.policy.Purpose;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip3009.Authorization;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.server.Health;
import network.tachi.server.Metrics;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.TestDatabase;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A gateway with everything around it real: PostgreSQL, anvil, contracts, an origin and a usage log
 * on sockets.
 */
final class Rig implements AutoCloseable {
  static final long PRICE = 2_500;

  final World world = World.instance();
  final TestDatabase db = TestDatabase.create();
  final TestOrigin origin = new TestOrigin();
  final TestOracle oracle = new TestOracle(world.settlement, world.attestationKey);
  final Metrics metrics = Metrics.create();
  final String domain = World.unique("pub") + ".example";
  final LicenseId licenseId;
  final Address vault;
  final Crawler crawler;
  private final Signer facilitator;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<GatewayRole> others = new ArrayList<>();
  private Duration settleTimeout = Duration.ofSeconds(20);
  private Duration attestTimeout = Duration.ofSeconds(5);
  private Duration window = Duration.ofMinutes(15);
  private int block;
  private @Nullable Database database;
  private @Nullable GatewayRole gateway;

  Rig() {
    Signer publisher = World.signer(World.unique("publisher"));
    licenseId = world.license(domain, publisher.address());
    crawler = new Crawler(World.signer(World.unique("crawler")), world.settlement);
    facilitator = world.base.account(World.unique("facilitator"));
    world.fund(crawler.address(), "10");
    checkpoint();
    deposit(crawler.address(), UsdcAmount.parseUsdc("10"));
    license(licenseId, domain);
    signerConfig(world.attestationKey.address());
    vault =
        new Vaults(
                world.settlement,
                initCodeHash(),
                new Sites(owner(), world.base.chain(), Duration.ofSeconds(1)))
            .of(licenseId);
    policy(
        1, rule("/premium/*", Category.PREMIUM, PRICE), rule("/closed/*", Category.RESTRICTED, 0));
  }

  private network.tachi.evm.Hash initCodeHash() {
    return network.tachi.contracts.call.PaymentProcessorCalls.vaultInitCodeHash()
        .ask(
            world.base.rpc(),
            world.settlement.paymentProcessor(),
            network.tachi.evm.rpc.BlockTag.LATEST);
  }

  static PolicyRule rule(String path, Category category, long price) {
    return new PolicyRule(path, Purpose.ANY, category, UsdcAmount.of(price));
  }

  Rig waiting(Duration settle, Duration attest) {
    settleTimeout = settle;
    attestTimeout = attest;
    return this;
  }

  Rig keeping(Duration newWindow) {
    window = newWindow;
    return this;
  }

  Rig start() {
    database = db.another(DatabaseRole.GATEWAY);
    gateway = role("gateway", database);
    return this;
  }

  /** Starts a further gateway on the same database; closed with this rig. */
  GatewayRole startAnother(String name) {
    GatewayRole another = role(name, db.another(DatabaseRole.GATEWAY));
    others.add(another);
    return another;
  }

  private GatewayRole role(String name, Database pool) {
    GatewayConfig defaults =
        GatewayConfig.of(world.settlement, Origins.forAll(origin.uri()), oracle.target());
    GatewayConfig config =
        new GatewayConfig(
            name,
            defaults.settlement(),
            defaults.host(),
            0,
            "http",
            defaults.origins(),
            defaults.oracleTarget(),
            window,
            settleTimeout,
            attestTimeout,
            Duration.ofSeconds(5),
            Duration.ofMillis(200),
            new GatewayConfig.Limits(1 << 20, 16 << 10, 200_000, 512, 10_000, 10_000),
            defaults.sendPolicy());
    return GatewayRole.start(
        config,
        pool,
        world.base.rpc(),
        facilitator,
        metrics,
        Health.create(),
        InstantSource.system());
  }

  /** Ends the process as kill -9 does: what it does after this moment reaches no database. */
  void crash() {
    GatewayRole dying = running();
    if (database != null) {
      database.close();
    }
    others.add(dying);
    Thread.ofVirtual().start(dying::close);
    gateway = null;
  }

  void stop() {
    running().close();
    gateway = null;
  }

  GatewayRole running() {
    if (gateway == null) {
      throw new IllegalStateException("no gateway runs");
    }
    return gateway;
  }

  Database owner() {
    return db.as(DatabaseRole.OWNER);
  }

  // requests

  HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, headers);
  }

  HttpResponse<String> send(String method, String path, String... headers) {
    return getAsync(method, path, headers).join();
  }

  CompletableFuture<HttpResponse<String>> getAsync(String method, String path, String... headers) {
    return getAsync(running(), method, path, headers);
  }

  CompletableFuture<HttpResponse<String>> getAsync(
      GatewayRole role, String method, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(role.url() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(60));
    List<String> all = new ArrayList<>(List.of(headers));
    if (!all.contains("Host")) {
      all.addAll(List.of("Host", domain));
    }
    request.headers(all.toArray(String[]::new));
    return http.sendAsync(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String json) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(running().url() + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The PaymentRequired of a 402. */
  JsonNode required(String path) {
    return header(get(path), "PAYMENT-REQUIRED");
  }

  static JsonNode header(HttpResponse<String> response, String name) {
    String value =
        response
            .headers()
            .firstValue(name)
            .orElseThrow(() ->
                new AssertionError(
                    response.statusCode() + " without " + name + ": " + response.body()));
    return JsonFields.MAPPER.readTree(Base64.getDecoder().decode(value));
  }

  /** An authorisation for a path that the crawler has signed. */
  Authorization authorize(JsonNode required) {
    return crawler.authorization(required, world.now() + 300);
  }

  String pay(JsonNode required, Authorization authorization) {
    return Crawler.exact(required, authorization, crawler.sign(authorization), null);
  }

  // rows as the indexer and the query API write them

  private void checkpoint() {
    owner()
        .dsl()
        .execute(
            "INSERT INTO chain.checkpoint VALUES (?, ?, 1000, ?, ?, 1000, ?, 1000, ?, 0, 1, now())",
            world.base.chain().value(),
            new byte[32],
            new byte[32],
            world.now(),
            new byte[32],
            new byte[32]);
  }

  private void event(String table, String columns, Object... values) {
    Object[] all = new Object[values.length + 5];
    all[0] = world.base.chain().value();
    all[1] = ++block;
    all[2] = new byte[32];
    all[3] = new byte[32];
    all[4] = new byte[20];
    System.arraycopy(values, 0, all, 5, values.length);
    owner()
        .dsl()
        .execute(
            "INSERT INTO chain."
                + table
                + " (chain_id, block_number, log_index, block_hash, block_timestamp, tx_hash,"
                + " tx_index, contract, "
                + columns
                + ") VALUES (?, ?, 0, ?, 1, ?, 0, ?"
                + ", ?".repeat(values.length)
                + ")",
            all);
  }

  void license(LicenseId id, String name) {
    event(
        "license_minted",
        "publisher, license_id, terms_uri",
        new byte[20],
        id.value(),
        "https://x/");
    domain(id, name);
  }

  /** A verified claim to a domain. */
  void domain(LicenseId id, String name) {
    claimOnly(id, name);
    event(
        "domain_verified",
        "license_id, domain_hash",
        id.value(),
        WireIds.domainHash(name).toBytes());
  }

  void claimOnly(LicenseId id, String name) {
    event(
        "domain_claimed",
        "license_id, domain_hash, domain",
        id.value(),
        WireIds.domainHash(name).toBytes(),
        name);
  }

  void deactivated() {
    event("license_deactivated", "license_id", licenseId.value());
  }

  void signerConfig(Address attestationKey) {
    event(
        "signer_config_proposed",
        "version, config_digest, threshold, signers, attestation_key, effective_at",
        1L,
        new byte[32],
        1,
        new byte[][] {new byte[20]},
        attestationKey.toBytes(),
        1L);
    event("signer_config_activated", "version, config_digest", 1L, new byte[32]);
  }

  /** A deposit that is safe. */
  void deposit(Address who, UsdcAmount amount) {
    event(
        "deposited",
        "crawler, from_address, amount",
        who.toBytes(),
        who.toBytes(),
        amount.toBigInteger());
  }

  /** What the log has charged to a crawler for another licence. */
  void chargedElsewhere(Address who, UsdcAmount amount) {
    owner()
        .dsl()
        .execute(
            "INSERT INTO metering.pair (crawler, license_id, cumulative, last_pair_seq,"
                + " last_log_index, voucher_hash) VALUES (?, ?, ?, 1, 1, ?)",
            who.toBytes(),
            licenseId.value() + 1_000,
            amount.toBigInteger(),
            new byte[32]);
  }

  void registerSigner(Address signer, long expiry) {
    event(
        "signer_registered",
        "crawler, signer, valid_from, expiry",
        crawler.address().toBytes(),
        signer.toBytes(),
        1L,
        expiry);
  }

  void revokeSigner(Address signer) {
    event(
        "signer_revoked",
        "crawler, signer, revoked_at",
        crawler.address().toBytes(),
        signer.toBytes(),
        2L);
  }

  Policy policy(long version, PolicyRule... rules) {
    Policy policy = new Policy(licenseId, version, List.of(rules));
    owner()
        .dsl()
        .execute(
            "INSERT INTO account.policy (license_id, version, policy_hash, document, signer,"
                + " signature, valid_from) VALUES (?, ?, ?, ?, ?, ?, now())",
            licenseId.value(),
            version,
            policy.hash().toBytes(),
            policy.document(),
            new byte[20],
            new byte[65]);
    return policy;
  }

  // what became of it

  long count(String sql, Object... bindings) {
    return owner().dsl().fetchSingle(sql, bindings).into(Long.class);
  }

  /**
   * Lets the window of all stored responses and identifiers end, and adds a response that only
   * waits to be purged.
   */
  void windowEnds() {
    owner().dsl().execute("UPDATE gateway.response SET expires_at = now() - interval '1 s'");
    owner()
        .dsl()
        .execute("UPDATE gateway.payment_identifier SET expires_at = now() - interval '1 s'");
    toBePurged();
  }

  /** Adds a response that only waits to be purged. */
  void toBePurged() {
    owner()
        .dsl()
        .execute(
            "INSERT INTO gateway.response (status, headers, body, created_at, expires_at)"
                + " VALUES (200, '[]', 'purge me', now(), now() - interval '1 s')");
  }

  /** Settlements that were ever asked of the outbox. */
  long settlements() {
    return count("SELECT count(*) FROM gateway.outbox WHERE kind = 'settle'");
  }

  String authorizationState(Authorization authorization) {
    return owner()
        .dsl()
        .fetchOptional(
            "SELECT state FROM gateway.\"authorization\" WHERE nonce = ?",
            authorization.nonce().toBytes())
        .map(row -> row.get(0, String.class))
        .orElse("none");
  }

  PairStanding standing() {
    return new Pairs(InstantSource.system())
        .standing(owner().dsl(), crawler.address(), licenseId)
        .orElseThrow();
  }

  UsdcAmount vaultBalance() {
    return world.balance(vault);
  }

  static Bytes hex(String text) {
    return Bytes.parse(text);
  }

  @Override
  public void close() {
    origin.close();
    if (gateway != null) {
      gateway.close();
    }
    others.forEach(GatewayRole::close);
    oracle.close();
    db.close();
  }
}
