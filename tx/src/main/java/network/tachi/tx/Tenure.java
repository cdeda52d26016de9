package network.tachi.tx;

import java.time.InstantSource;
import java.util.List;
import network.tachi.evm.ChainId;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcException;
import org.jooq.DSLContext;

/**
 * What a sender does while it holds the lock, and what it remembers meanwhile. All of that is to
 * spare calls: a tenure that begins with nothing gets to the same ends.
 */
final class Tenure {
  /** How a step ended. */
  enum Progress {
    /** Nothing waits for a block. */
    IDLE,
    /** Something waits for a block. */
    WAITING,
    /** Something new was broadcast. */
    SENT
  }

  private final DSLContext session;
  private final ChainId chain;
  private final EthRpc rpc;
  private final Signer signer;
  private final OutboxRows rows;
  private final MinedRows mined;
  private final InFlight inFlight;
  private final Broadcaster broadcaster;
  private final Replacements replacements;
  private final Preparer preparer;
  private boolean chainChecked;

  Tenure(
      DSLContext session,
      OutboxTables tables,
      ChainId chain,
      EthRpc rpc,
      Signer signer,
      SendPolicy policy,
      AlreadyDone alreadyDone,
      InstantSource clock) {
    this.session = session;
    this.chain = chain;
    this.rpc = rpc;
    this.signer = signer;
    TxSigner txSigner = new TxSigner(chain, signer, clock);
    this.rows = new OutboxRows(session, tables, chain, signer.address());
    this.mined = new MinedRows(rows, rpc);
    this.inFlight = new InFlight(rows, mined, rpc, signer.address());
    this.broadcaster = new Broadcaster(rpc, policy, clock);
    this.replacements = new Replacements(rows, txSigner, broadcaster, policy, clock);
    this.preparer = new Preparer(rows, rpc, signer.address(), txSigner, policy, alreadyDone, clock);
  }

  /** Whether this is the tenure of a session. */
  boolean isOf(DSLContext other) {
    return session.equals(other);
  }

  /**
   * Does one step.
   *
   * @throws RpcException if the node can't be asked
   */
  Progress step(StepReport report) {
    List<OutboxRow> sent = rows.sent();
    if (sent.isEmpty() && !mined.any() && !rows.anyQueued()) {
      return Progress.IDLE;
    }
    checkChain();
    Heads heads = Heads.read(rpc, signer.address());
    List<OutboxRow> waiting = inFlight.look(sent, mined.look(heads, report), heads, report);
    List<OutboxRow> uncounted =
        waiting.stream().filter(row -> row.requireNonce() >= heads.nextNonce()).toList();
    broadcaster.keepOnly(waiting);
    broadcaster.sendDue(uncounted);
    replacements.look(uncounted, heads, report);
    List<OutboxRow> prepared = preparer.prepare(heads, waiting, report);
    if (!prepared.isEmpty()) {
      broadcaster.send(prepared);
    }
    tellRefusal(waiting, report);
    tellRefusal(prepared, report);
    if (prepared.isEmpty()) {
      return waiting.isEmpty() ? Progress.IDLE : Progress.WAITING;
    }
    return Progress.SENT;
  }

  private void checkChain() {
    if (!chainChecked) {
      ChainId actual = rpc.chainId();
      if (!actual.equals(chain)) {
        throw new IllegalStateException(
            rpc.rpc().endpoint() + " is on chain " + actual + ", expected " + chain);
      }
      chainChecked = true;
    }
  }

  private void tellRefusal(List<OutboxRow> some, StepReport report) {
    for (OutboxRow row : some) {
      String refusal = broadcaster.refusal(row);
      if (!refusal.isEmpty()) {
        report.trouble("the node does not take " + row.name() + ": " + refusal);
      }
    }
  }
}
