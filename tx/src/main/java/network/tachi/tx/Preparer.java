package network.tachi.tx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.CallRequest;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcReply;
import org.jspecify.annotations.Nullable;

/** Gives queued rows their nonce and signed bytes. Used by the sender's thread only. */
final class Preparer {
  /*
   * Each row is simulated on the head. If it would revert, that may only mean that an earlier
   * request has not done its part yet: so it waits as long as an earlier one is open, and is refused
   * if none is. Later ones don't count, so steady traffic keeps no row from its verdict. Nor is one
   * refused if a reorg has undone the head meanwhile, and with it maybe the part of an earlier one.
   * Whatever waits is left alone until there is another head, and those behind it get their turn.
   */
  private static final Logger LOG = System.getLogger(Preparer.class.getName());
  private static final int ROUNDS = 4;

  /** The most gas of a transaction, by EIP-7825. */
  private static final long MAX_GAS = 1 << 24;

  private static final BigInteger HUNDRED = BigInteger.valueOf(100);

  /** A row to send and its gas limit. */
  private record Ready(OutboxRow row, long gas) {}

  private final OutboxRows rows;
  private final EthRpc rpc;
  private final Address sender;
  private final TxSigner signer;
  private final SendPolicy policy;
  private final DoneFilter doneFilter;
  private final InstantSource clock;

  /** Ids of the queued rows that wait for another head. */
  private final Set<Long> waiting = new TreeSet<>();

  private @Nullable Hash head;
  private Instant lookedAt = Instant.MIN;

  Preparer(
      OutboxRows rows,
      EthRpc rpc,
      Address sender,
      TxSigner signer,
      SendPolicy policy,
      AlreadyDone alreadyDone,
      InstantSource clock) {
    this.rows = rows;
    this.rpc = rpc;
    this.sender = sender;
    this.signer = signer;
    this.policy = policy;
    this.doneFilter = new DoneFilter(alreadyDone);
    this.clock = clock;
  }

  /**
   * Prepares what there is room for.
   *
   * @param pending rows that wait for a block
   * @return the prepared rows, stored and to be broadcast, by nonce
   */
  List<OutboxRow> prepare(Heads heads, List<OutboxRow> pending, StepReport report) {
    forgetWaiting(heads);
    int room = policy.maxInFlight() - pending.size();
    List<Ready> ready = new ArrayList<>();
    for (int round = 0; round < ROUNDS && ready.size() < room; round++) {
      List<Long> known =
          Stream.concat(waiting.stream(), ready.stream().map(one -> one.row().id())).toList();
      List<OutboxRow> queued = rows.queued(room - ready.size(), known);
      if (queued.isEmpty()) {
        break;
      }
      simulate(undone(queued, report), heads, pending, ready, report);
    }
    return ready.isEmpty() ? List.of() : sign(ready, heads, report);
  }

  private void forgetWaiting(Heads heads) {
    Instant now = clock.instant();
    boolean old = Duration.between(lookedAt, now).compareTo(policy.rebroadcastAfter()) >= 0;
    if (old || head == null || !heads.hash().equals(head)) {
      waiting.clear();
      head = heads.hash();
      lookedAt = now;
    }
  }

  /** Ends the rows that are done already; returns the others. */
  private List<OutboxRow> undone(List<OutboxRow> queued, StepReport report) {
    List<OutboxRow> undone = new ArrayList<>();
    List<DoneFilter.Verdict> verdicts = doneFilter.ask(queued);
    for (int i = 0; i < queued.size(); i++) {
      OutboxRow row = queued.get(i);
      switch (verdicts.get(i)) {
        case DoneFilter.Verdict.Done _ ->
            end(row, TxState.SKIPPED, "already done on chain", report);
        case DoneFilter.Verdict.ToDo _ -> undone.add(row);
        case DoneFilter.Verdict.Unknown(String why) -> {
          waiting.add(row.id());
          report.trouble("can't tell whether " + row.name() + " is done already: " + why);
        }
      }
    }
    return undone;
  }

  private void simulate(
      List<OutboxRow> some,
      Heads heads,
      List<OutboxRow> pending,
      List<Ready> ready,
      StepReport report) {
    List<RpcCall<Long>> calls =
        some.stream()
            .map(row ->
                EthCalls.estimateGas(
                    new CallRequest(sender, row.to(), row.value(), row.data()),
                    BlockRef.number(heads.number())))
            .toList();
    List<RpcReply<Long>> replies = rpc.rpc().callAll(calls);
    boolean credible = replies.stream().noneMatch(Preparer::isRevert) || heads.isOnChain(rpc);
    for (int i = 0; i < some.size(); i++) {
      OutboxRow row = some.get(i);
      switch (replies.get(i)) {
        case RpcReply.Ok<Long>(Long gas) -> ready.add(new Ready(row, gasLimit(gas, heads)));
        case RpcReply.Failed<Long>(RpcException.ErrorReply e) -> {
          boolean verdict = NodeErrors.isExecutionFailure(e);
          if (verdict && credible && !anyEarlier(row, pending, ready)) {
            end(row, TxState.REFUSED, NodeErrors.reason(e), report);
            LOG.log(Level.WARNING, row.name() + " would revert: " + NodeErrors.reason(e));
          } else {
            waiting.add(row.id());
            if (!verdict) {
              report.trouble("no gas estimate of " + row.name() + ": " + e.nodeMessage());
            }
          }
        }
        case RpcReply.Failed<Long>(RpcException e) -> throw e;
      }
    }
  }

  private static boolean isRevert(RpcReply<Long> reply) {
    return reply instanceof RpcReply.Failed<Long>(RpcException.ErrorReply e)
        && NodeErrors.isExecutionFailure(e);
  }

  private boolean anyEarlier(OutboxRow row, List<OutboxRow> pending, List<Ready> ready) {
    return Stream.of(
            pending.stream().map(OutboxRow::id),
            ready.stream().map(one -> one.row().id()),
            waiting.stream())
        .flatMap(ids -> ids)
        .anyMatch(id -> id < row.id());
  }

  private long gasLimit(long estimate, Heads heads) {
    long roomy =
        BigInteger.valueOf(estimate)
            .multiply(BigInteger.valueOf(policy.gasPercent()))
            .divide(HUNDRED)
            .min(BigInteger.valueOf(Math.min(MAX_GAS, heads.gasLimit())))
            .longValueExact();
    return Math.max(estimate, roomy);
  }

  /**
   * Gives each the first nonce that the chain has not counted and nobody has here, so that a gap
   * that a reorg left is filled.
   */
  private List<OutboxRow> sign(List<Ready> ready, Heads heads, StepReport report) {
    Map<Long, TxState> given = rows.noncesFrom(heads.nextNonce());
    if (given.containsValue(TxState.FINALIZED)) {
      report.trouble(
          "the chain lost transactions of "
              + sender
              + " that were final: it counts only "
              + heads.nextNonce()
              + "; nothing more is sent");
      return List.of();
    }
    Fees fees = Fees.suggest(heads, policy);
    List<OutboxRow> signed = new ArrayList<>();
    long nonce = heads.nextNonce();
    for (Ready one : ready) {
      while (given.containsKey(nonce)) {
        nonce++;
      }
      signed.add(signer.sign(one.row(), nonce++, one.gas(), fees));
    }
    rows.prepared(signed);
    signed.forEach(row -> report.changed(row.name()));
    return signed;
  }

  private void end(OutboxRow row, TxState state, String reason, StepReport report) {
    rows.end(row, state, reason);
    report.changed(row.name());
  }
}
