package network.tachi.tx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcException;
import network.tachi.tx.Tenure.Progress;
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
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofMillis(500);

  /** A node that mines at once is done after so long; it doubles from look to look. */
  private static final Duration FIRST_LOOK = Duration.ofMillis(2);

  private final Outbox outbox;
  private final ChainId chain;
  private final EthRpc rpc;
  private final Signer signer;
  private final SendPolicy policy;
  private final AlreadyDone alreadyDone;
  private final SenderLock lock;
  private final InstantSource clock;
  private volatile boolean running;
  private volatile String trouble = "";
  private @Nullable Tenure tenure;
  private @Nullable Thread thread;
  private @Nullable Semaphore signal;

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

  /** Starts the sending thread; a sender that was closed stays closed. */
  public synchronized void start() {
    if (thread == null) {
      running = true;
      Semaphore wakes = outbox.signals().sender();
      signal = wakes;
      thread =
          Thread.ofPlatform()
              .name("tx-" + chain + "-" + signer.address().toString().substring(0, 8))
              .daemon()
              .start(() -> run(wakes));
    }
  }

  /** Stops after the step under way. What is in flight stays in the outbox. */
  @Override
  public synchronized void close() {
    running = false;
    if (thread != null && signal != null) {
      signal.release();
      try {
        thread.join(STOP_WITHIN);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      outbox.signals().senderLeft(signal);
      thread = null;
    }
    lock.close();
  }

  private void run(Semaphore wakes) {
    Duration pause = IDLE;
    boolean interrupted = false;
    while (running && !interrupted) {
      try {
        pause = pause(step(), pause);
      } catch (SQLException | RuntimeException e) {
        // Whatever it is, the next step starts from what the database and the chain say.
        say(String.valueOf(e.getMessage()));
        pause = IDLE;
      }
      interrupted = !Signals.await(wakes, pause.toNanos());
    }
  }

  private Duration pause(Progress progress, Duration before) {
    return switch (progress) {
      case IDLE -> IDLE;
      case SENT -> FIRST_LOOK;
      case WAITING -> {
        Duration twice = before.multipliedBy(2);
        yield twice.compareTo(policy.poll()) < 0 ? twice : policy.poll();
      }
    };
  }

  /** Notes what is wrong, and logs it if it is news. */
  private void say(String now) {
    if (running && !now.isEmpty() && !now.equals(trouble)) {
      LOG.log(Level.WARNING, "chain {0}: the sender waits: {1}", chain, now);
    }
    trouble = now;
  }

  /**
   * Does one step.
   *
   * @throws RpcException if the node can't be asked
   * @throws SQLException if the database can't be asked
   */
  Progress step() throws SQLException {
    DSLContext session = lock.session();
    if (session == null) {
      tenure = null;
      trouble = "another process sends for " + signer.address() + " on chain " + chain;
      return Progress.IDLE;
    }
    Tenure current = tenure;
    if (current == null || !current.isOf(session)) {
      current =
          new Tenure(session, outbox.tables(), chain, rpc, signer, policy, alreadyDone, clock);
      tenure = current;
    }
    StepReport report = new StepReport(outbox.signals()::changed);
    Progress progress = current.step(report);
    say(report.trouble());
    return progress;
  }

  /** The wei this account has, at the head. */
  public BigInteger balance() {
    return rpc.balance(signer.address(), BlockTag.LATEST);
  }
}
