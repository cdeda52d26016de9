package network.tachi.tx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import network.tachi.evm.rpc.BlockHeader;
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
 * Looks at what has a nonce: which attempt stands in a block, how settled that block is, and what a
 * reorg took away.
 */
final class InFlight {
  private static final Logger LOG = System.getLogger(InFlight.class.getName());

  /** What to do with a row that is in no block. */
  @FunctionalInterface
  interface Replacer {
    void replace(OutboxRows rows, OutboxRow row);
  }

  private final OutboxRows rows;
  private final EthRpc rpc;
  private final Broadcaster broadcaster;
  private final Replacer replacer;

  InFlight(OutboxRows rows, EthRpc rpc, Broadcaster broadcaster, Replacer replacer) {
    this.rows = rows;
    this.rpc = rpc;
    this.broadcaster = broadcaster;
    this.replacer = replacer;
  }

  /** Brings every row up to date; true if one changed. */
  boolean look(List<OutboxRow> inFlight) {
    if (inFlight.isEmpty()) {
      return false;
    }
    long safe = height(BlockTag.SAFE);
    long finalized = height(BlockTag.FINALIZED);
    List<Optional<Receipt>> receipts = receipts(inFlight);
    boolean changed = false;
    int next = 0;
    for (OutboxRow row : inFlight) {
      @Nullable Receipt receipt = null;
      for (int i = 0; i < row.attempts().size(); i++) {
        receipt = receipts.get(next++).orElse(receipt);
      }
      changed |= receipt == null ? missing(row) : found(row, receipt, safe, finalized);
    }
    return changed;
  }

  private boolean found(OutboxRow row, Receipt receipt, long safe, long finalized) {
    TxState state = TxState.MINED;
    if (receipt.blockNumber() <= finalized) {
      state = TxState.FINALIZED;
    } else if (receipt.blockNumber() <= safe) {
      state = TxState.SAFE;
    }
    if (state == row.state() && Objects.equals(receipt.blockHash(), row.minedBlockHash())) {
      return false;
    }
    boolean first = !row.state().isIncluded();
    rows.included(row, state, receipt, receipt.success() ? "" : revertReason(row, receipt));
    broadcaster.forget(row.id());
    if (first && !receipt.success()) {
      LOG.log(
          Level.WARNING,
          row.kind() + " " + row.key() + " reverted in " + receipt.transactionHash());
    }
    return true;
  }

  private boolean missing(OutboxRow row) {
    if (row.state() != TxState.SENT) {
      LOG.log(
          Level.INFO,
          row.kind() + " " + row.key() + " lost its block to a reorg; the same bytes go out again");
      rows.demoted(row);
      broadcaster.send(row.id(), row.newest().raw());
      return true;
    }
    broadcaster.sendAgain(row.id(), row.newest().raw());
    replacer.replace(rows, row);
    return false;
  }

  private String revertReason(OutboxRow row, Receipt receipt) {
    try {
      rpc.call(
          new CallRequest(receipt.from(), row.to(), row.value(), row.data()),
          BlockRef.number(receipt.blockNumber()));
      return "reverted";
    } catch (RpcException.ErrorReply e) {
      return e.revertReason().map(Object::toString).orElse(e.nodeMessage());
    }
  }

  private List<Optional<Receipt>> receipts(List<OutboxRow> inFlight) {
    List<RpcCall<Optional<Receipt>>> calls = new ArrayList<>();
    for (OutboxRow row : inFlight) {
      for (OutboxRow.Attempt attempt : row.attempts()) {
        calls.add(EthCalls.transactionReceipt(attempt.hash()));
      }
    }
    return rpc.rpc().callAll(calls).stream().map(RpcReply::orThrow).toList();
  }

  private long height(BlockTag tag) {
    return rpc.block(tag).map(BlockHeader::number).orElse(-1L);
  }
}
