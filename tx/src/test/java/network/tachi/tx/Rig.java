package network.tachi.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip1559Transaction;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.jooq.deploy.Tables;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.MutableClock;
import network.tachi.testkit.TestDatabase;

/** A chain with a counter on it, an outbox, and an account of its own, for one test. */
final class Rig {
  /** With call data it opens, without it reverts until it is open. */
  static final Bytes GATE =
      Bytes.parse("0x36600c5760005415601357005b600160005500" + "5b60006000fd");

  /** {@code slot0 += 1}. */
  private static final Bytes COUNTER = Bytes.parse("0x60016000540160005500");

  private static final BigInteger GWEI = BigInteger.TEN.pow(9);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final AtomicInteger COUNT = new AtomicInteger();

  final Anvil anvil;
  final Database database;
  final MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));
  final Outbox outbox;
  final Signer signer;
  final Address counter;

  Rig(Anvil anvil, TestDatabase database) {
    this.anvil = anvil;
    this.database = database.as(DatabaseRole.DEPLOY);
    this.outbox = new Outbox(this.database.dsl(), "deploy");
    int number = COUNT.incrementAndGet();
    this.signer = anvil.account("sender " + number);
    this.counter = contract(number, COUNTER);
  }

  /** Puts code at an address of its own. */
  Address contract(int number, Bytes code) {
    byte[] hash = Keccak.hash("contract " + number + code).toBytes();
    Address address = Address.read(hash, 0);
    anvil.setCode(address, code);
    return address;
  }

  TxSender sender() {
    return sender(anvil.rpc().rpc(), SendPolicy.BASE);
  }

  TxSender sender(JsonRpc rpc, SendPolicy policy) {
    return sender(database, rpc, policy, AlreadyDone.NEVER, clock);
  }

  TxSender sender(
      Database pool, JsonRpc rpc, SendPolicy policy, AlreadyDone alreadyDone, InstantSource time) {
    return new TxSender(
        outbox,
        pool.dataSource(),
        anvil.chain(),
        new EthRpc(rpc),
        signer,
        policy,
        alreadyDone,
        time);
  }

  /** A transaction of the sender's account that its outbox does not know. */
  Hash sendForeign(long nonce) {
    return anvil
        .rpc()
        .sendRawTransaction(
            new Eip1559Transaction(
                    anvil.chain(),
                    nonce,
                    GWEI,
                    GWEI.multiply(BigInteger.TEN),
                    21_000,
                    Address.ZERO,
                    BigInteger.ONE,
                    Bytes.EMPTY,
                    List.of())
                .sign(signer));
  }

  /** The nonce of a request's newest attempt. */
  long nonce(String key) {
    return Eip1559Transaction.decode(attempts(key).getLast()).transaction().nonce();
  }

  /** Ends the sessions that hold a sender's lock, as a broken network does. */
  void endLockedSessions() {
    database
        .dsl()
        .execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks"
                + " WHERE locktype = 'advisory' AND database ="
                + " (SELECT oid FROM pg_database WHERE datname = current_database())");
  }

  TxRequest count(String key) {
    return TxRequest.call(anvil.chain(), "count", key, counter, Bytes.EMPTY);
  }

  TxStatus status(String key) {
    return outbox.status(anvil.chain(), "count", key).orElseThrow();
  }

  boolean isIncluded(String key) {
    return status(key).state().isIncluded();
  }

  /** How often the counter was called, on the head. */
  long counted() {
    return anvil.rpc().storage(counter, Hash.ZERO, BlockTag.LATEST).toUint().longValueExact();
  }

  /** All raw transactions ever signed for a request, oldest first. */
  List<Bytes> attempts(String key) {
    return database
        .dsl()
        .select(Tables.OUTBOX_ATTEMPT.RAW)
        .from(Tables.OUTBOX_ATTEMPT)
        .where(Tables.OUTBOX_ATTEMPT.OUTBOX_ID.eq(status(key).id()))
        .orderBy(Tables.OUTBOX_ATTEMPT.ATTEMPT)
        .fetch(row -> row.value1());
  }

  /** Steps until something is so. */
  void stepUntil(TxSender sender, BooleanSupplier wanted) throws SQLException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    do {
      sender.step();
      if (System.nanoTime() > deadline) {
        fail("not so after " + PATIENCE + "; trouble: " + sender.trouble());
      }
    } while (!wanted.getAsBoolean());
  }

  /** Waits, while others step, until something is so. */
  static void await(BooleanSupplier wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!wanted.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not so after " + PATIENCE).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  static SendPolicy policyWithCap(BigInteger maxFeePerGas) {
    SendPolicy base = SendPolicy.BASE;
    return new SendPolicy(
        base.poll(),
        base.rebroadcastAfter(),
        base.replaceAfter(),
        base.bumpPercent(),
        maxFeePerGas,
        base.gasPercent(),
        base.maxInFlight());
  }
}
