package network.tachi.tx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Eip1559Transaction;
import network.tachi.evm.SignedTransaction;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.CallRequest;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcException;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Sends the outbox of one schema on one chain with one key, exactly once each, whatever crashes in
 * between.
 *
 * <p>A step does three things: it looks at what is in flight (included, replaced, gone by a reorg),
 * gives queued requests a nonce and signed bytes in one database transaction, and only then
 * broadcasts. A payload is never rebuilt: after a reorg the same bytes go out again. Only one
 * process a (chain, key) gets to do a step.
 */
public final class TxSender implements AutoCloseable {
  private static final Logger LOG = System.getLogger(TxSender.class.getName());
  private static final Duration IDLE = Duration.ofMillis(500);

  private final Outbox outbox;
  private final ChainId chain;
  private final EthRpc rpc;
  private final Signer signer;
  private final SendPolicy policy;
  private final AlreadyDone alreadyDone;
  private final SenderLock lock;
  private final Broadcaster broadcaster;
  private final InstantSource clock;
  private volatile boolean running;
  private volatile String trouble = "";
  private @Nullable Thread thread;

  /**
   * A sender; {@link #start} makes it work.
   *
   * @param outbox whose requests to send
   * @param source sessions of the outbox's database; one is held while this sender is the active
   *     one
   * @param chain the chain, which the node must be on
   * @param rpc the node
   * @param signer the account that sends and pays
   * @param policy how hard to try
   * @param alreadyDone asked before a request gets a nonce
   * @param clock for the times of replacement
   */
  public TxSender(
      Outbox outbox,
      DataSource source,
      ChainId chain,
      EthRpc rpc,
      Signer signer,
      SendPolicy policy,
      AlreadyDone alreadyDone,
      InstantSource clock) {
    this.outbox = outbox;
    this.chain = chain;
    this.rpc = rpc;
    this.signer = signer;
    this.policy = policy;
    this.alreadyDone = alreadyDone;
    this.lock = new SenderLock(source, chain, signer.address());
    this.broadcaster = new Broadcaster(rpc, policy, clock);
    this.clock = clock;
  }

  /** The account that sends and pays. */
  public Address address() {
    return signer.address();
  }

  /** Why nothing is sent at the moment; empty when all is well. */
  public String trouble() {
    return trouble;
  }

  /** Starts the sending thread. */
  public synchronized void start() {
    if (thread == null) {
      running = true;
      thread =
          Thread.ofPlatform()
              .name("tx-" + chain + "-" + signer.address().toString().substring(0, 8))
              .daemon()
              .start(this::run);
    }
  }

  /** Stops after the step under way. What is in flight stays in the outbox. */
  @Override
  public synchronized void close() {
    running = false;
    outbox.wake();
    if (thread != null) {
      try {
        thread.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      thread = null;
    }
    lock.close();
  }

  private void run() {
    while (running) {
      boolean busy = false;
      try {
        busy = step();
        trouble = "";
      } catch (RpcException | DataAccessException | SQLException e) {
        if (running) {
          report(e);
        }
      }
      outbox.waitForChange((busy ? policy.poll() : IDLE).toNanos());
    }
  }

  private void report(Exception e) {
    String now = String.valueOf(e.getMessage());
    if (!now.equals(trouble)) {
      LOG.log(Level.WARNING, "chain " + chain + ": the sender waits: " + now);
    }
    trouble = now;
  }

  /**
   * Does one step; false if there is nothing in flight.
   *
   * @throws RpcException if the node can't be asked
   * @throws SQLException if the database can't be asked
   */
  boolean step() throws SQLException {
    DSLContext session = lock.session();
    if (session == null) {
      trouble = "another process sends for " + signer.address() + " on chain " + chain;
      return false;
    }
    OutboxRows rows = new OutboxRows(session, outbox.tables(), chain, signer.address());
    List<OutboxRow> inFlight = rows.inFlight();
    boolean changed = new InFlight(rows, rpc, broadcaster, this::replace).look(inFlight);
    long unmined = inFlight.stream().filter(row -> row.state() == TxState.SENT).count();
    int room = (int) (policy.maxInFlight() - unmined);
    int sent = room > 0 ? prepare(rows, rows.queued(room), unmined > 0) : 0;
    if (changed || sent > 0) {
      outbox.wake();
    }
    return unmined > 0 || sent > 0;
  }

  /** Gives nonces to queued requests and broadcasts them; returns how many. */
  private int prepare(OutboxRows rows, List<OutboxRow> queued, boolean othersPending) {
    if (queued.isEmpty()) {
      return 0;
    }
    Fees fees = Fees.suggest(rpc, policy);
    int sent = 0;
    for (OutboxRow row : queued) {
      if (alreadyDone.test(row.kind(), row.key())) {
        rows.end(row, TxState.SKIPPED, "already done on chain");
        outbox.wake();
        continue;
      }
      Optional<Long> gas = estimate(rows, row, othersPending || sent > 0);
      if (gas.isEmpty()) {
        continue;
      }
      long nonce = nextNonce(rows);
      SignedTransaction signed = sign(row, nonce, gas.get(), fees);
      rows.prepared(row, nonce, gas.get(), signed, fees);
      broadcaster.send(row.id(), signed.raw());
      sent++;
    }
    return sent;
  }

  /**
   * The gas limit, or empty if the call would revert. While others are pending that may only mean
   * that it is too early, so the request waits.
   */
  private Optional<Long> estimate(OutboxRows rows, OutboxRow row, boolean othersPending) {
    try {
      long gas =
          rpc.estimateGas(new CallRequest(signer.address(), row.to(), row.value(), row.data()));
      return Optional.of(OutboxRows.percent(gas, policy.gasPercent()).longValueExact());
    } catch (RpcException.ErrorReply e) {
      if (!isRevert(e)) {
        throw e;
      }
      if (!othersPending) {
        String reason = e.revertReason().map(Object::toString).orElse(e.nodeMessage());
        rows.end(row, TxState.REFUSED, reason);
        LOG.log(
            Level.WARNING,
            "chain " + chain + ": " + row.kind() + " " + row.key() + " would revert: " + reason);
        outbox.wake();
      }
      return Optional.empty();
    }
  }

  private static boolean isRevert(RpcException.ErrorReply e) {
    return e.data().isPresent() || e.code() == 3 || e.nodeMessage().contains("revert");
  }

  /**
   * The next nonce: after the highest given here, and never below what the chain has already
   * counted.
   */
  private long nextNonce(OutboxRows rows) {
    long onChain = rpc.transactionCount(signer.address(), BlockTag.LATEST);
    OptionalLong highest = rows.highestNonce();
    return highest.isPresent() ? Math.max(highest.getAsLong() + 1, onChain) : onChain;
  }

  private SignedTransaction sign(OutboxRow row, long nonce, long gas, Fees fees) {
    return new Eip1559Transaction(
            chain,
            nonce,
            fees.priority(),
            fees.maxFee(),
            gas,
            row.to(),
            row.value(),
            row.data(),
            List.of())
        .sign(signer);
  }

  /** A row that is in no block for too long gets higher fees, under the same nonce. */
  private void replace(OutboxRows rows, OutboxRow row) {
    Duration age = Duration.between(row.newest().createdAt().toInstant(), clock.instant());
    if (age.compareTo(policy.replaceAfter()) < 0) {
      return;
    }
    Optional<Fees> raised = row.newest().fees().bumped(Fees.suggest(rpc, policy), policy);
    if (raised.isEmpty()) {
      trouble =
          row.kind()
              + " "
              + row.key()
              + " is stuck at the fee cap of "
              + policy.maxFeePerGas()
              + " wei a gas";
      return;
    }
    SignedTransaction signed = sign(row, row.requireNonce(), gasLimit(row), raised.get());
    rows.replaced(row, signed, raised.get());
    broadcaster.send(row.id(), signed.raw());
  }

  private static long gasLimit(OutboxRow row) {
    if (row.gasLimit() == null) {
      throw new IllegalStateException(
          row.kind() + " " + row.key() + " has a nonce but no gas limit");
    }
    return row.gasLimit();
  }

  /** The wei this account has, at the head. */
  public BigInteger balance() {
    return rpc.balance(signer.address(), BlockTag.LATEST);
  }
}
