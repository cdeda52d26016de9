package network.tachi.tx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
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
 * reorg took away. Used by the sender's thread only.
 */
final class InFlight {
  /*
   * A row that waits is looked up by the receipts of all its attempts, whenever the head has moved.
   *
   * A row in a block stays there as long as each head is the child of the one before. If one is not,
   * or if heads were missed, the hashes of all blocks that hold rows are asked anew; so they are for
   * a row that was found above the head known then, and always before a row becomes finalized,
   * after which nobody looks at it any more.
   */
  private static final Logger LOG = System.getLogger(InFlight.class.getName());

  /** What to do with a row that is in no block yet. */
  @FunctionalInterface
  interface Replacer {
    void replace(OutboxRows rows, OutboxRow row);
  }

  private final EthRpc rpc;
  private final Address sender;
  private final Broadcaster broadcaster;
  private final Replacer replacer;
  private @Nullable Heads last;

  InFlight(EthRpc rpc, Address sender, Broadcaster broadcaster, Replacer replacer) {
    this.rpc = rpc;
    this.sender = sender;
    this.broadcaster = broadcaster;
    this.replacer = replacer;
  }

  /** Brings every row up to date; true if one changed. */
  boolean look(OutboxRows rows, List<OutboxRow> inFlight) {
    if (inFlight.isEmpty()) {
      last = null;
      return false;
    }
    Heads heads = Heads.read(rpc, sender);
    List<OutboxRow> waiting =
        new ArrayList<>(inFlight.stream().filter(row -> !row.state().isIncluded()).toList());
    List<OutboxRow> included = inFlight.stream().filter(row -> row.state().isIncluded()).toList();
    Set<Long> lost = lost(included, heads);
    boolean changed = false;
    for (OutboxRow row : included) {
      if (lost.contains(row.id())) {
        waiting.add(row);
      } else {
        changed |= settle(rows, row, heads);
      }
    }
    boolean moved = last == null || !heads.hash().equals(last.hash()) || !lost.isEmpty();
    Map<Long, Receipt> receipts = moved ? receipts(waiting) : Map.of();
    for (OutboxRow row : waiting) {
      @Nullable Receipt receipt = receipts.get(row.id());
      if (receipt != null) {
        found(rows, row, receipt, heads);
        changed = true;
      } else {
        changed |= missing(rows, row, heads, moved);
      }
    }
    last = heads;
    return changed;
  }

  /** The rows whose block is not on the chain any more. */
  private Set<Long> lost(List<OutboxRow> included, Heads heads) {
    List<OutboxRow> doubtful = included.stream().filter(row -> isDoubtful(row, heads)).toList();
    List<Long> numbers = doubtful.stream().map(OutboxRow::requireMinedBlock).distinct().toList();
    if (numbers.isEmpty()) {
      return Set.of();
    }
    List<RpcCall<Optional<BlockHeader>>> calls =
        numbers.stream().map(number -> EthCalls.block(BlockRef.number(number))).toList();
    List<RpcReply<Optional<BlockHeader>>> blocks = rpc.rpc().callAll(calls);
    Map<Long, Hash> hashes = new HashMap<>();
    for (int i = 0; i < numbers.size(); i++) {
      long number = numbers.get(i);
      blocks.get(i).orThrow().ifPresent(block -> hashes.put(number, block.hash()));
    }
    Set<Long> lost = new HashSet<>();
    for (OutboxRow row : doubtful) {
      if (!Objects.equals(hashes.get(row.requireMinedBlock()), row.minedBlockHash())) {
        lost.add(row.id());
      }
    }
    return lost;
  }

  private boolean isDoubtful(OutboxRow row, Heads heads) {
    long block = row.requireMinedBlock();
    return last == null
        || !heads.continues(last)
        || block > last.number()
        || heads.settled(block) == TxState.FINALIZED;
  }

  private static boolean settle(OutboxRows rows, OutboxRow row, Heads heads) {
    TxState state = heads.settled(row.requireMinedBlock());
    if (state == row.state()) {
      return false;
    }
    rows.settled(row, state);
    return true;
  }

  private void found(OutboxRows rows, OutboxRow row, Receipt receipt, Heads heads) {
    // Never finalized at first sight: the block's hash is asked once more before.
    TxState state = heads.settled(receipt.blockNumber());
    rows.included(
        row,
        state == TxState.FINALIZED ? TxState.SAFE : state,
        receipt,
        receipt.success() ? "" : revertReason(row, receipt));
    broadcaster.forget(row);
    if (!receipt.success()) {
      LOG.log(Level.WARNING, row.name() + " reverted in " + receipt.transactionHash());
    }
  }

  private boolean missing(OutboxRows rows, OutboxRow row, Heads heads, boolean lookedUp) {
    if (row.state().isIncluded()) {
      LOG.log(Level.INFO, row.name() + " lost its block to a reorg; the same bytes go out again");
      rows.demoted(row);
      broadcaster.send(row, row.newest().raw());
      return true;
    }
    if (lookedUp && heads.nextNonce() > row.requireNonce() && isNonceLost(row)) {
      LOG.log(
          Level.WARNING,
          row.name()
              + ": its nonce "
              + row.requireNonce()
              + " went to a transaction that is not from here; it gets another");
      rows.requeued(row);
      broadcaster.forget(row);
      return true;
    }
    broadcaster.sendAgain(row, row.newest().raw());
    if (row.requireNonce() == heads.nextNonce()) {
      // Those behind it wait for it, not for higher fees.
      replacer.replace(rows, row);
    }
    return false;
  }

  /**
   * Whether another transaction with this nonce is final. Seldom asked, as many nodes don't keep
   * the state of a block that old; then the row just waits on.
   */
  private boolean isNonceLost(OutboxRow row) {
    try {
      return rpc.transactionCount(sender, BlockTag.FINALIZED) > row.requireNonce()
          && receipts(List.of(row)).isEmpty();
    } catch (RpcException.ErrorReply e) {
      LOG.log(
          Level.WARNING,
          row.name() + ": its nonce is used, but not known whether for good: " + e.getMessage());
      return false;
    }
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

  private Map<Long, Receipt> receipts(List<OutboxRow> waiting) {
    List<RpcCall<Optional<Receipt>>> calls = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    for (OutboxRow row : waiting) {
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
