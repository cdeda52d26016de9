package network.tachi.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import network.tachi.contracts.call.HeaderAnchorCalls;
import network.tachi.contracts.call.MeteringLedgerCalls;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.PairLeaf;
import network.tachi.contracts.wire.SettlementTrees;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.UsageAttestation.Service;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.proto.v1.EntryResult;
import network.tachi.proto.v1.GetPairRequest;
import network.tachi.proto.v1.Pair;
import network.tachi.proto.v1.ReportRequest;
import network.tachi.proto.v1.ReportResponse;
import network.tachi.proto.v1.UsageEntry;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.TestDatabase;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** An oracle on a database of its own, with rows as the indexer and the query API write them. */
final class Rig implements AutoCloseable {
  static final Hash TERMS = Keccak.hash("{}");

  final Chains chains;
  private final TestDatabase postgres = TestDatabase.create();
  final Database owner = postgres.as(DatabaseRole.OWNER);
  final OracleConfig config;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<Running> open = new ArrayList<>();
  private int block;

  Rig(Chains chains, Path directory) {
    this.chains = chains;
    OracleConfig local = OracleConfig.local(directory);
    this.config =
        new OracleConfig(
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Duration.ofMillis(20),
            UsdcAmount.parseUsdc("10"),
            directory,
            Duration.ofMillis(800),
            local.maxBatch(),
            local.maxQueued(),
            local.maxIndexAge(),
            local.settlementPolicy(),
            local.anchorPolicy());
    // The node must have come as far as the index, which must not be old by the clock.
    Instant now = Instant.now();
    if (chains.now() < now.getEpochSecond()) {
      chains.base.mineAt(now);
    }
    checkpoint();
  }

  /** An oracle process: its own pool, and its own role. */
  final class Running implements AutoCloseable {
    final Database database = Database.open(postgres.settings(), DatabaseRole.ORACLE, 8);
    final OracleRole role;

    Running(OracleConfig config, OracleKeys keys) {
      role =
          OracleRole.create(
              config,
              keys,
              chains.network,
              database,
              chains.base.rpc(),
              chains.ethereum.rpc(),
              meters,
              InstantSource.system());
    }

    Running started() {
      role.start();
      try {
        return awaitReady();
      } catch (AssertionError e) {
        close();
        throw e;
      }
    }

    Running awaitReady() {
      Await.until(
          "taking reports",
          () -> role.readiness().failures().toString(),
          () -> role.readiness().failures().isEmpty());
      return this;
    }

    UsageGrpcService service() {
      return (UsageGrpcService) role.usageService();
    }

    List<EntryResult> report(PaidRequest... requests) {
      return report(Arrays.stream(requests).map(Entries::of).toList());
    }

    List<EntryResult> report(List<UsageEntry> entries) {
      Answer<ReportResponse> answer = new Answer<>();
      service().report(ReportRequest.newBuilder().addAllEntries(entries).build(), answer);
      return answer.value.join().getResultsList();
    }

    Pair pair(Address crawler, LicenseId license) {
      Answer<Pair> answer = new Answer<>();
      service()
          .getPair(
              GetPairRequest.newBuilder()
                  .setCrawler(crawler.toString())
                  .setLicenseId(license.toString())
                  .build(),
              answer);
      return answer.value.join();
    }

    @Override
    public void close() {
      role.close();
      database.close();
    }
  }

  /** Takes the one message of a unary call. */
  private static final class Answer<T> implements StreamObserver<T> {
    private final CompletableFuture<T> value = new CompletableFuture<>();

    @Override
    public void onNext(T message) {
      value.complete(message);
    }

    @Override
    public void onError(Throwable cause) {
      value.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {}
  }

  Running start() {
    Running running = new Running(config, chains.keys).started();
    open.add(running);
    return running;
  }

  /** Starts one that the test closes. */
  Running startUnowned() {
    return startUnowned(chains.keys);
  }

  Running startUnowned(OracleKeys keys) {
    return new Running(config, keys).started();
  }

  /** One that is not started, and that the test closes. */
  Running running(OracleConfig other, OracleKeys keys) {
    return new Running(other, keys);
  }

  // what became of it

  private String state() {
    return open.stream().map(r -> r.role.readiness().failures() + " " + r.role.warnings()).toList()
        + " "
        + owner
            .dsl()
            .fetch("SELECT epoch, generation, log_size, state FROM metering.epoch ORDER BY 2, 1")
        + " "
        + owner.dsl().fetch("SELECT kind, key, state, reason FROM metering.outbox ORDER BY id")
        + " "
        + head();
  }

  MeteringLedgerCalls.Head head() {
    return MeteringLedgerCalls.head().ask(chains.base.rpc(), chains.ledger(), BlockTag.LATEST);
  }

  long newestEpoch() {
    return owner.snapshot(new EpochTable()::newest).map(ClosedEpoch::number).orElse(0L);
  }

  ClosedEpoch epoch(long number) {
    return owner.snapshot(tx -> new EpochTable().find(tx, number)).orElseThrow();
  }

  /** The header hash of an epoch; zero while there is none. */
  Hash epochHash(long number) {
    return owner
        .snapshot(tx -> new EpochTable().find(tx, number))
        .map(ClosedEpoch::headerHash)
        .orElse(Hash.ZERO);
  }

  /** Lets time pass and waits for an epoch that covers so many entries; its number. */
  long awaitEpochOver(long entries) {
    chains.base.increaseTime(config.epochLength().plusSeconds(1));
    Await.until(
        "an epoch over " + entries + " entries",
        this::state,
        () ->
            owner
                .snapshot(new EpochTable()::newest)
                .filter(epoch -> epoch.body().logSize() >= entries)
                .isPresent());
    return newestEpoch();
  }

  /** Waits until the ledger holds our header of an epoch. */
  void awaitPosted(long epoch) {
    Await.until(
        "posting epoch " + epoch, this::state, () -> newestEpoch() >= epoch && isPosted(epoch));
  }

  private boolean isPosted(long epoch) {
    return MeteringLedgerCalls.headerAt(epoch)
        .ask(chains.base.rpc(), chains.ledger(), BlockTag.LATEST)
        .headerHash()
        .equals(epoch(epoch).headerHash());
  }

  void awaitGeneration(long generation) {
    Await.until(
        "generation " + generation,
        this::state,
        () -> owner.snapshot(new LogTable()::generation).equals(Optional.of(generation)));
  }

  List<UsageAttestation> log() {
    return owner.snapshot(tx -> new LogTable().entries(tx, 0, Long.MAX_VALUE));
  }

  void awaitFinalised(long epoch) {
    Await.until("finalising epoch " + epoch, this::state, () -> head().lastFinalised() >= epoch);
  }

  void awaitAnchored(long epoch) {
    Await.until(
        "anchoring epoch " + epoch,
        this::state,
        () ->
            HeaderAnchorCalls.latest()
                    .ask(chains.ethereum.rpc(), chains.anchor(), BlockTag.LATEST)
                    .epoch()
                >= epoch);
  }

  /** The settlement of an epoch as its snapshot gives it. */
  SettlementTrees settlement(long epoch) {
    return SettlementTrees.of(
        owner
            .dsl()
            .fetch(
                "SELECT * FROM metering.pair_settlement WHERE epoch = ? AND generation = ?",
                epoch,
                epoch(epoch).header().generation())
            .map(row ->
                new PairLeaf(
                    Rows.address(row, "crawler"),
                    Rows.license(row),
                    Rows.amount(row, "cumulative"),
                    Rows.number(row, "last_pair_seq"),
                    Rows.number(row, "last_log_index"),
                    Rows.hash(row, "voucher_hash"))));
  }

  /** The sum of the CREDIT entries among the log's first. */
  UsdcAmount creditInLog(long size) {
    return owner.snapshot(tx -> new LogTable().entries(tx, 0, size)).stream()
        .filter(UsageAttestation::isCredit)
        .map(UsageAttestation::amount)
        .reduce(UsdcAmount.ZERO, UsdcAmount::plus);
  }

  /** Waits for a warning whose detail has these words, in the role's list and as a metric. */
  void awaitWarning(Running oracle, String code, String words) {
    Await.until(
        code,
        () -> oracle.role.warnings().toString(),
        () ->
            oracle.role.warnings().stream()
                    .anyMatch(w -> w.code().equals(code) && w.detail().contains(words))
                && meters.find("tachi.oracle.warnings").tag("code", code).gauge() != null);
  }

  long outboxRows(String kind) {
    return owner.dsl().fetchCount(DSL.table("metering.outbox"), DSL.condition("kind = ?", kind));
  }

  // rows of the indexer and the query API

  private void checkpoint() {
    owner
        .dsl()
        .execute(
            """
            INSERT INTO chain.checkpoint VALUES (?, ?, 1000, ?, ?, 1000, ?, 1000, ?, 0, 1, now())
            """,
            chains.base.chain().value(),
            new byte[32],
            new byte[32],
            chains.now(),
            new byte[32],
            new byte[32]);
  }

  /** Up to which block the indexer calls blocks safe. */
  void safe(long number) {
    owner
        .dsl()
        .execute("UPDATE chain.checkpoint SET finalized_number = 0, safe_number = ?", number);
  }

  /** The newest indexed block's time, in seconds since 1970. */
  void indexHead(long timestamp) {
    owner.dsl().execute("UPDATE chain.checkpoint SET head_timestamp = ?", timestamp);
  }

  /** How old the newest indexed block is. */
  void indexAge(Duration age) {
    owner
        .dsl()
        .execute(
            "UPDATE chain.checkpoint SET head_timestamp = ?",
            Instant.now().minus(age).getEpochSecond());
  }

  private void event(String table, String columns, Object... values) {
    Object[] all = new Object[values.length + 5];
    all[0] = chains.base.chain().value();
    all[1] = ++block;
    all[2] = new byte[32];
    all[3] = new byte[32];
    all[4] = new byte[20];
    System.arraycopy(values, 0, all, 5, values.length);
    owner
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

  /** A licence that may earn, with a published policy. */
  void license(LicenseId id) {
    Hash domain = Keccak.hash("domain " + id);
    event("license_minted", "publisher, license_id, terms_uri", new byte[20], id.value(), "");
    event(
        "domain_claimed",
        "license_id, domain_hash, domain",
        id.value(),
        domain.toBytes(),
        "site" + id + ".example");
    event("domain_verified", "license_id, domain_hash", id.value(), domain.toBytes());
    policy(id, 1, TERMS);
  }

  void suspend(LicenseId id) {
    event("license_suspended", "license_id", id.value());
  }

  void policy(LicenseId id, long version, Hash hash) {
    owner
        .dsl()
        .execute(
            """
            INSERT INTO account.policy (license_id, version, policy_hash, document, signer, signature, valid_from)
            VALUES (?, ?, ?, '{}', ?, ?, now())
            """,
            id.value(),
            version,
            hash.toBytes(),
            new byte[20],
            new byte[65]);
  }

  /** A deposit as indexed. */
  int indexDeposit(Address crawler, UsdcAmount amount) {
    event(
        "deposited",
        "crawler, from_address, amount",
        crawler.toBytes(),
        crawler.toBytes(),
        amount.toBigInteger());
    return block;
  }

  /** A deposit on chain and as indexed. */
  void deposit(Signer crawler, String usdc) {
    UsdcAmount amount = UsdcAmount.parseUsdc(usdc);
    chains.deposit(crawler, amount);
    indexDeposit(crawler.address(), amount);
  }

  /** A thaw that began long ago. */
  int thaw(Address crawler, long amount) {
    event(
        "thaw_started", "crawler, amount, thaw_ends_at", crawler.toBytes(), amount, 4_000_000_000L);
    return block;
  }

  int cancelThaw(Address crawler) {
    event("thaw_cancelled", "crawler", new Object[] {crawler.toBytes()});
    return block;
  }

  int withdraw(Address crawler, long amount, long total) {
    event(
        "credit_withdrawn",
        "crawler, to_address, amount, total_withdrawn",
        crawler.toBytes(),
        crawler.toBytes(),
        amount,
        total);
    return block;
  }

  void registerSigner(Address crawler, Address signer, long expiry) {
    event(
        "signer_registered",
        "crawler, signer, valid_from, expiry",
        crawler.toBytes(),
        signer.toBytes(),
        1L,
        expiry);
  }

  void payment(Hash id, LicenseId license, Address payer, long amount) {
    event(
        "payment_made",
        "payment_id, license_id, payer, amount, nonce, method, paid_at",
        id.toBytes(),
        license.value(),
        payer.toBytes(),
        amount,
        new byte[32],
        1,
        1L);
  }

  // requests

  WireDomain.Credit creditDomain() {
    return WireDomain.credit(chains.base.chain(), chains.escrow());
  }

  WireDomain.Metering meteringDomain() {
    return WireDomain.metering(chains.base.chain(), chains.ledger());
  }

  CreditRequest credit(Signer crawler, LicenseId id, String request, long price, long max) {
    return credit(crawler, crawler, id, request, price, max, TERMS);
  }

  CreditRequest credit(
      Signer crawler,
      Signer signer,
      LicenseId id,
      String request,
      long price,
      long max,
      Hash terms) {
    CrawlVoucher voucher = new CrawlVoucher(crawler.address(), id, UsdcAmount.of(max), terms);
    Service service =
        new Service(
            crawler.address(),
            id,
            Keccak.hash("content"),
            Keccak.hash(request),
            1,
            UsdcAmount.of(price));
    return new CreditRequest(
        service,
        SignedVoucher.of(
                voucher,
                signer.sign(voucher.digest(creditDomain())),
                creditDomain(),
                Secp256k1.best())
            .orElseThrow());
  }

  DirectRequest direct(
      Address crawler, LicenseId id, String request, long price, Hash payment, Hash transaction) {
    return new DirectRequest(
        new Service(
            crawler, id, Keccak.hash("content"), Keccak.hash(request), 1, UsdcAmount.of(price)),
        chains.base.chain(),
        payment,
        transaction);
  }

  @Override
  public void close() {
    for (Running one : open.reversed()) {
      one.close();
    }
    assertFeedTellsAll();
    postgres.close();
  }

  /** Whoever follows the feed from its first row on knows which lines and epochs stand. */
  private void assertFeedTellsAll() {
    long sequence = 0;
    long size = 0;
    TreeSet<Long> epochs = new TreeSet<>();
    for (Record row : owner.dsl().fetch("SELECT * FROM metering.feed_entry ORDER BY seq")) {
      assertThat(Rows.number(row, "seq")).as("without a gap").isEqualTo(++sequence);
      long first = Rows.number(row, "first");
      long last = Rows.number(row, "last");
      switch (row.get("kind", String.class)) {
        case "entries" -> {
          assertThat(first).as("the next line").isEqualTo(size);
          size = last + 1;
        }
        case "entries_cut" -> {
          assertThat(last + 1).as("up to the end").isEqualTo(size);
          size = first;
        }
        case "epochs" -> LongStream.rangeClosed(first, last).forEach(epochs::add);
        default -> epochs.tailSet(first, true).clear();
      }
    }
    assertThat(size).isEqualTo(owner.dsl().fetchCount(DSL.table("metering.log_leaf")));
    assertThat(epochs)
        .containsExactlyElementsOf(
            owner
                .dsl()
                .fetch("SELECT epoch FROM metering.epoch WHERE state <> 'voided' ORDER BY epoch")
                .getValues("epoch", Long.class));
  }
}
