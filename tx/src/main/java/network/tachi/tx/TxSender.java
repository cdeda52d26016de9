package network.tachi.tx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
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

  /** Queued requests that are looked at in one step. */
  private static final int LOOK_AHEAD = 256;

  private final Outbox outbox;
  private final ChainId chain;
  private final EthRpc rpc;
  private final Signer signer;
  private final SendPolicy policy;
  private final AlreadyDone alreadyDone;
  private final SenderLock lock;
  private final Broadcaster broadcaster;
  private final InFlight inFlight;
  private final InstantSource clock;
  private volatile boolean running;
  private volatile String trouble = "";

  /** What the step under way found wrong. */
  private String stepTrouble = "";

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
    this.inFlight = new InFlight(rpc, signer.address(), broadcaster, this::replace);
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
    boolean interrupted = false;
    while (running && !interrupted) {
      boolean busy = false;
      try {
        busy = step();
      } catch (SQLException | RuntimeException e) {
        // Whatever it is, the next step starts from what the database and the chain say.
        say(String.valueOf(e.getMessage()));
      }
      interrupted = !outbox.waitForChange((busy ? policy.poll() : IDLE).toNanos());
    }
  }

  /** Notes what is wrong, and logs it if it is news. */
  private void say(String now) {
    if (running && !now.isEmpty() && !now.equals(trouble)) {
      LOG.log(Level.WARNING, "chain " + chain + ": the sender waits: " + now);
    }
    trouble = now;
  }

  /**
   * Does one step; false if nothing waits for a block.
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
    stepTrouble = "";
    OutboxRows rows = new OutboxRows(session, outbox.tables(), chain, signer.address(), clock);
    boolean changed = inFlight.look(rows, rows.inFlight());
    List<OutboxRow> waiting =
        rows.inFlight().stream().filter(row -> row.state() == TxState.SENT).toList();
    int room = policy.maxInFlight() - waiting.size();
    int sent = room > 0 ? prepare(rows, room, !waiting.isEmpty()) : 0;
    if (changed || sent > 0) {
      outbox.wake();
    }
    if (stepTrouble.isEmpty() && !broadcaster.refusal().isEmpty()) {
      stepTrouble = "the node does not take a transaction: " + broadcaster.refusal();
    }
    say(stepTrouble);
    return !waiting.isEmpty() || sent > 0;
  }

  /** Gives nonces to queued requests and broadcasts them; returns how many. */
  private int prepare(OutboxRows rows, int room, boolean othersPending) {
    List<OutboxRow> queued = rows.queued(LOOK_AHEAD);
    if (queued.isEmpty()) {
      return 0;
    }
    Fees fees = Fees.suggest(rpc, policy);
    int sent = 0;
    for (OutboxRow row : queued) {
      if (sent == room) {
        break;
      }
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
      broadcaster.send(row, signed.raw());
      sent++;
    }
    return sent;
  }

  /**
   * The gas limit, or empty if the call would revert. While others are pending that may only mean
   * that it is too early, so the request waits. Any other refusal of the node is this request's own
   * trouble: it waits too, and the ones behind it get their turn.
   */
  private Optional<Long> estimate(OutboxRows rows, OutboxRow row, boolean othersPending) {
    try {
      long gas =
          rpc.estimateGas(new CallRequest(signer.address(), row.to(), row.value(), row.data()));
      return Optional.of(OutboxRows.percent(gas, policy.gasPercent()).longValueExact());
    } catch (RpcException.ErrorReply e) {
      if (!isRevert(e)) {
        stepTrouble = "no gas estimate of " + row.name() + ": " + e.nodeMessage();
      } else if (!othersPending) {
        String reason = e.revertReason().map(Object::toString).orElse(e.nodeMessage());
        rows.end(row, TxState.REFUSED, reason);
        LOG.log(Level.WARNING, "chain " + chain + ": " + row.name() + " would revert: " + reason);
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
    Instant signedAt = row.newest().createdAt();
    Instant waitingSince = broadcaster.waitingSince(row);
    Instant from = signedAt.isAfter(waitingSince) ? signedAt : waitingSince;
    if (Duration.between(from, clock.instant()).compareTo(policy.replaceAfter()) < 0) {
      return;
    }
    Optional<Fees> raised = row.newest().fees().bumped(Fees.suggest(rpc, policy), policy);
    if (raised.isEmpty()) {
      stepTrouble =
          row.name() + " is stuck at the fee cap of " + policy.maxFeePerGas() + " wei a gas";
      return;
    }
    SignedTransaction signed = sign(row, row.requireNonce(), row.requireGasLimit(), raised.get());
    rows.replaced(row, signed, raised.get());
    broadcaster.send(row, signed.raw());
  }

  /** The wei this account has, at the head. */
  public BigInteger balance() {
    return rpc.balance(signer.address(), BlockTag.LATEST);
  }
}
