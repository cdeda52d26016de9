package network.tachi.tx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.tachi.evm.Address;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.CallRequest;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.Receipt;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcReply;
import org.jspecify.annotations.Nullable;

/**
 * Looks for rows that wait for a block. Only a row whose nonce the head has counted can stand in
 * one; then one of its attempts does, or a transaction that is not from here.
 */
final class InFlight {
  private static final Logger LOG = System.getLogger(InFlight.class.getName());

  private final OutboxRows rows;
  private final MinedRows mined;
  private final EthRpc rpc;
  private final Address sender;

  /** Ids of the rows whose nonce was counted in the last step, though no block held them. */
  private Set<Long> missedBefore = Set.of();

  InFlight(OutboxRows rows, MinedRows mined, EthRpc rpc, Address sender) {
    this.rows = rows;
    this.mined = mined;
    this.rpc = rpc;
    this.sender = sender;
  }

  /**
   * Brings rows up to date.
   *
   * @param sent rows that wait for a block
   * @param lost rows that a reorg took out of theirs
   * @return those that wait from now on, by nonce
   */
  List<OutboxRow> look(List<OutboxRow> sent, List<OutboxRow> lost, Heads heads, StepReport report) {
    List<OutboxRow> counted =
        Stream.concat(sent.stream(), lost.stream())
            .filter(row -> row.requireNonce() < heads.nextNonce())
            .toList();
    Map<Long, Receipt> receipts = receipts(counted);
    // Newer blocks are for the next step: all that this one says is said of the chain up to heads.
    receipts.values().removeIf(receipt -> receipt.blockNumber() > heads.number());
    include(
        counted.stream().filter(row -> receipts.containsKey(row.id())).toList(),
        receipts,
        heads,
        report);
    List<OutboxRow> waiting =
        new ArrayList<>(sent.stream().filter(row -> !receipts.containsKey(row.id())).toList());
    waiting.removeAll(
        requeue(
            waiting.stream().filter(row -> row.requireNonce() < heads.nextNonce()).toList(),
            report));
    waiting.addAll(
        demote(lost.stream().filter(row -> !receipts.containsKey(row.id())).toList(), report));
    waiting.sort(Comparator.comparingLong(OutboxRow::requireNonce));
    return waiting;
  }

  private void include(
      List<OutboxRow> found, Map<Long, Receipt> receipts, Heads heads, StepReport report) {
    if (found.isEmpty()) {
      return;
    }
    List<OutboxRows.Inclusion> inclusions = new ArrayList<>();
    for (OutboxRow row : found) {
      Receipt receipt = receipts.get(row.id());
      if (receipt != null) {
        // Never finalized at first sight: the block's hash is asked once more before.
        TxState state =
            heads.settled(receipt.blockNumber()) == TxState.MINED ? TxState.MINED : TxState.SAFE;
        String reason = receipt.success() ? "" : revertReason(row, receipt);
        inclusions.add(new OutboxRows.Inclusion(row, state, receipt, reason));
      }
    }
    mined.add();
    rows.included(inclusions);
    found.forEach(row -> report.changed(row.name()));
  }

  private String revertReason(OutboxRow row, Receipt receipt) {
    LOG.log(Level.WARNING, row.name() + " reverted in " + receipt.transactionHash());
    try {
      rpc.call(
          new CallRequest(receipt.from(), row.to(), row.value(), row.data()),
          BlockRef.number(receipt.blockNumber()));
      return "reverted";
    } catch (RpcException.ErrorReply e) {
      return NodeErrors.isExecutionFailure(e) ? NodeErrors.reason(e) : "reverted";
    }
  }

  private List<OutboxRow> demote(List<OutboxRow> gone, StepReport report) {
    if (gone.isEmpty()) {
      return List.of();
    }
    rows.demoted(gone);
    for (OutboxRow row : gone) {
      LOG.log(Level.INFO, row.name() + " lost its block to a reorg; the same bytes go out again");
      report.changed(row.name());
    }
    return gone.stream().map(OutboxRow::demoted).toList();
  }

  /** Queues those again whose nonce went to another transaction for good; returns them. */
  private List<OutboxRow> requeue(List<OutboxRow> missed, StepReport report) {
    // A node that has just counted a nonce may be about to know the receipt, too.
    List<OutboxRow> missing =
        missed.stream().filter(row -> missedBefore.contains(row.id())).toList();
    missedBefore = missed.stream().map(OutboxRow::id).collect(Collectors.toSet());
    if (missing.isEmpty()) {
      return List.of();
    }
    List<OutboxRow> requeued = new ArrayList<>();
    @Nullable Long finalNonces = finalNonces(missing.getFirst(), report);
    Map<Long, Receipt> receipts = finalNonces == null ? Map.of() : receipts(missing);
    for (OutboxRow row : missing) {
      if (finalNonces != null
          && row.requireNonce() < finalNonces
          && !receipts.containsKey(row.id())) {
        LOG.log(
            Level.WARNING,
            "{0}: its nonce {1} went to a transaction that is not from here; it gets another",
            row.name(),
            row.nonce());
        rows.requeued(row);
        report.changed(row.name());
        requeued.add(row);
      }
    }
    return requeued;
  }

  /**
   * How many transactions of the sender are final. Seldom asked, as many nodes don't keep the state
   * of a block that old; null then, and the rows wait on.
   */
  private @Nullable Long finalNonces(OutboxRow row, StepReport report) {
    String what = row.name() + " waits, as its nonce was used by a transaction not from here, ";
    try {
      long count = rpc.transactionCount(sender, BlockTag.FINALIZED);
      if (count <= row.requireNonce()) {
        report.trouble(what + "which is not final yet");
      }
      return count;
    } catch (RpcException.ErrorReply e) {
      report.trouble(what + "and the node can't tell whether for good: " + e.nodeMessage());
      return null;
    }
  }

  private Map<Long, Receipt> receipts(List<OutboxRow> some) {
    List<RpcCall<Optional<Receipt>>> calls = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    for (OutboxRow row : some) {
      for (OutboxRow.Attempt attempt : row.attempts()) {
        calls.add(EthCalls.transactionReceipt(attempt.hash()));
        ids.add(row.id());
      }
    }
    Map<Long, Receipt> found = new HashMap<>();
    List<RpcReply<Optional<Receipt>>> replies = rpc.rpc().callAll(calls);
    for (int i = 0; i < ids.size(); i++) {
      long id = ids.get(i);
      replies.get(i).orThrow().ifPresent(receipt -> found.put(id, receipt));
    }
    return found;
  }
}
