package network.tachi.queryapi;

import static network.tachi.queryapi.World.address;
import static network.tachi.queryapi.World.signer;
import static network.tachi.store.jooq.projection.Tables.CLAIMED;
import static network.tachi.store.jooq.projection.Tables.CREDIT_WITHDRAWN;
import static network.tachi.store.jooq.projection.Tables.DEPOSITED;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_RESOLVED;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_HELD;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_REFUNDED;
import static network.tachi.store.jooq.projection.Tables.SWEPT;
import static network.tachi.store.jooq.projection.Tables.THAW_STARTED;
import static network.tachi.store.jooq.projection.Tables.WITHDRAWN;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import java.net.http.HttpResponse;
import java.util.List;
import network.tachi.chainconfig.ContractName;
import network.tachi.contracts.policy.Category;
import network.tachi.contracts.policy.Policy;
import network.tachi.contracts.policy.PolicyRule;
import network.tachi.contracts.policy.Purpose;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.AsOf;
import network.tachi.proto.v1.Finality;
import network.tachi.proto.v1.LinkedLicense;
import network.tachi.proto.v1.PolicyServiceGrpc;
import network.tachi.proto.v1.Publisher;
import network.tachi.server.ProtoJson;

/** A world with publishers, payments, disputes, credits, a usage log and three epochs. */
final class Filled implements AutoCloseable {
  static final Signer ALICE = signer("alice");
  static final Signer BOB = signer("bob");
  static final Address CRAWLER = address("crawler");
  static final Address OTHER = address("other crawler");

  final World world = new World();
  final Committed finalised;
  final Committed posted;
  final Committed closed;
  final Hash postTx;
  final Hash anchorTx;
  final Hash payTx;
  final Policy policy = policy(1, 1, 1000);

  Filled() {
    licenses(world);
    payTx = money(world.base);
    usage(world.log);
    long now = TestChain.time(world.base.head());
    finalised = world.log.close(now);
    world.log.credit(CRAWLER, World.license(1), 1000);
    posted = world.log.close(now);
    world.log.credit(CRAWLER, World.license(2), 100);
    closed = world.log.close(now);
    world.log.credit(CRAWLER, World.license(2), 100);
    postTx = world.base.mine(block -> TestLog.post(block, finalised));
    world.base.block(block -> {
      TestLog.finalise(block, finalised);
      TestLog.post(block, posted);
    });
    world.base.block(block -> claim(block, 1, 6000));
    anchorTx = world.ethereum.mine(block -> TestLog.anchor(block, finalised));
    world.call(PolicyServiceGrpc.getPublishPolicyMethod(), world.publication(policy, ALICE));
  }

  private static void licenses(World world) {
    world.ethereum.block(block -> {
      World.mint(block, 9, ALICE);
      World.link(block, 9, World.BASE, 1);
    });
    world.base.block(block -> {
      World.mint(block, 1, ALICE);
      World.claimDomain(block, 1, "news.example");
      World.verifyDomain(block, 1, "news.example");
      World.claimDomain(block, 1, "archive.example");
      World.verifyDomain(block, 1, "archive.example");
      World.link(block, 1, World.ETHEREUM, 9);
    });
    world.base.block(block -> {
      World.mint(block, 2, BOB);
      World.claimDomain(block, 2, "blog.test");
      World.verifyDomain(block, 2, "blog.test");
      // Says it is Ethereum's 9, which has named Base's 1.
      World.link(block, 2, World.ETHEREUM, 9);
      World.mint(block, 3, BOB);
      World.claimDomain(block, 3, "news.example");
      World.claimDomain(block, 3, "wish.example");
    });
  }

  private static Hash money(TestChain base) {
    Hash first = base.mine(block -> World.pay(block, 1, CRAWLER, 1000, "first"));
    base.block(block -> {
      World.pay(block, 1, CRAWLER, 2000, "second");
      World.pay(block, 2, OTHER, 4000, "third");
      deposit(block, CRAWLER, 100_000);
    });
    base.block(block -> {
      World.dispute(block, 1, 1, CRAWLER, "second", 2000);
      block.event(PAYMENT_HELD).set(PAYMENT_HELD.PAYMENT_ID, Keccak.hash("second")).emit();
      World.dispute(block, 2, 2, OTHER, "third", 4000);
      block.event(PAYMENT_HELD).set(PAYMENT_HELD.PAYMENT_ID, Keccak.hash("third")).emit();
    });
    base.block(block -> {
      block
          .event(DISPUTE_RESOLVED)
          .set(DISPUTE_RESOLVED.DISPUTE_ID, 1L)
          .set(DISPUTE_RESOLVED.OUTCOME, (short) 1)
          .set(DISPUTE_RESOLVED.CAUSE, (short) 1)
          .emit();
      block
          .event(PAYMENT_REFUNDED)
          .set(PAYMENT_REFUNDED.PAYMENT_ID, Keccak.hash("second"))
          .set(PAYMENT_REFUNDED.PAYER, CRAWLER)
          .set(PAYMENT_REFUNDED.AMOUNT, UsdcAmount.of(2000))
          .emit();
      withdrawals(block);
    });
    return first;
  }

  private static void withdrawals(TestChain.Block block) {
    block
        .event(WITHDRAWN)
        .set(WITHDRAWN.LICENSE_ID, 1L)
        .set(WITHDRAWN.PAYOUT, address("payout 1"))
        .set(WITHDRAWN.AMOUNT, UsdcAmount.of(1000))
        .set(WITHDRAWN.FEE, UsdcAmount.of(10))
        .emit();
    block
        .event(SWEPT)
        .set(SWEPT.LICENSE_ID, 1L)
        .set(SWEPT.PAYOUT, address("payout 1"))
        .set(SWEPT.AMOUNT, UsdcAmount.of(500))
        .set(SWEPT.FEE, UsdcAmount.of(5))
        .emit();
    block
        .event(CREDIT_WITHDRAWN)
        .set(CREDIT_WITHDRAWN.CRAWLER, CRAWLER)
        .set(CREDIT_WITHDRAWN.TO_ADDRESS, CRAWLER)
        .set(CREDIT_WITHDRAWN.AMOUNT, UsdcAmount.of(7000))
        .set(CREDIT_WITHDRAWN.TOTAL_WITHDRAWN, UsdcAmount.of(7000))
        .emit();
    block
        .event(THAW_STARTED)
        .set(THAW_STARTED.CRAWLER, CRAWLER)
        .set(THAW_STARTED.AMOUNT, UsdcAmount.of(3000))
        .set(THAW_STARTED.THAW_ENDS_AT, TestChain.time(block.number()) + 30)
        .emit();
  }

  private static void deposit(TestChain.Block block, Address crawler, long amount) {
    block
        .event(DEPOSITED)
        .set(DEPOSITED.CRAWLER, crawler)
        .set(DEPOSITED.FROM_ADDRESS, crawler)
        .set(DEPOSITED.AMOUNT, UsdcAmount.of(amount))
        .emit();
  }

  private static void claim(TestChain.Block block, long license, long amount) {
    block
        .event(CLAIMED)
        .set(CLAIMED.LICENSE_ID, license)
        .set(CLAIMED.PAYOUT, address("payout " + license))
        .set(CLAIMED.EPOCH, 1L)
        .set(CLAIMED.AMOUNT, UsdcAmount.of(amount))
        .set(CLAIMED.CUMULATIVE, UsdcAmount.of(amount))
        .emit();
  }

  private static void usage(TestLog log) {
    for (int i = 0; i < 5; i++) {
      log.credit(CRAWLER, World.license(1), 1000);
    }
    log.credit(OTHER, World.license(1), 2500);
    log.credit(OTHER, World.license(2), 1500);
    log.direct(CRAWLER, World.license(1), 1000, Keccak.hash("first"));
  }

  /** Articles cost a price, nine times that for training; internal pages are closed. */
  static Policy policy(long license, long version, long price) {
    return new Policy(
        LicenseId.of(license),
        version,
        List.of(
            new PolicyRule("/articles/*", Purpose.ANY, Category.PREMIUM, UsdcAmount.of(price)),
            new PolicyRule(
                "/articles/*", Purpose.TRAINING, Category.PREMIUM, UsdcAmount.of(9 * price)),
            new PolicyRule("/internal/*", Purpose.ANY, Category.RESTRICTED, UsdcAmount.ZERO)));
  }

  /** Asks on both protocols, which must give the same answer. */
  <Q extends Message, A extends Message> A ask(
      MethodDescriptor<Q, A> method, Q request, String path) {
    A byGrpc = world.call(method, request);
    HttpResponse<String> response = world.get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    Message.Builder byRest = byGrpc.newBuilderForType();
    ProtoJson.merge(response.body(), byRest);
    assertThat(byRest.build()).isEqualTo(byGrpc);
    return byGrpc;
  }

  /** The newest block of Base. */
  AsOf baseHead() {
    return AsOf.newBuilder()
        .setChainId(World.BASE.value())
        .setBlockNumber(world.base.head())
        .setBlockHash(world.base.hash(world.base.head()).toString())
        .setFinality(Finality.UNSAFE)
        .build();
  }

  /** Licence 1. */
  Publisher first() {
    Address vault =
        WireIds.vaultAddress(
            world.network.settlement().address(ContractName.PAYMENT_PROCESSOR),
            World.BASE,
            World.license(1),
            World.INIT_CODE_HASH);
    return Publisher.newBuilder()
        .setLicenseId("1")
        .setHolder(ALICE.address().toString())
        .setPayout(address("payout 1").toString())
        .setVault(vault.toString())
        .setActive(true)
        .setTermsUri("https://example.org/terms/1")
        .addDomains("archive.example")
        .addDomains("news.example")
        .setTermsHash(policy.hash().toString())
        .addLinked(LinkedLicense.newBuilder().setChainId(World.ETHEREUM.value()).setLicenseId("9"))
        .build();
  }

  @Override
  public void close() {
    world.close();
  }
}
