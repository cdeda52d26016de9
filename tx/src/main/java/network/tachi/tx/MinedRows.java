package network.tachi.tx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcReply;
import network.tachi.tx.OutboxRows.MinedBlock;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the rows that stand in a block: how settled it is, and whether a reorg took it away.
 * Used by the sender's thread only.
 */
final class MinedRows {
  /*
   * Rows stay here for as long as finality takes, so there may be thousands in hundreds of blocks.
   * They are looked at only when the head, the safe or the finalized block is another one, and then
   * by their blocks. A block that was seen on the chain stays there as long as the head of then is
   * still on the chain. If it is not, the hashes of all blocks are asked anew; so they are for
   * blocks that are new here, and always before rows become finalized, after which nobody looks at
   * them any more.
   */
  private static final int BATCH = 100;

  private final OutboxRows rows;
  private final EthRpc rpc;
  private final Set<MinedBlock> seen = new HashSet<>();
  private @Nullable Heads last;
  private boolean any = true;
  private boolean added;

  MinedRows(OutboxRows rows, EthRpc rpc) {
    this.rows = rows;
    this.rpc = rpc;
  }

  /** Whether there may be rows to look after. */
  boolean any() {
    return any;
  }

  /** Some rows are about to be included. */
  void add() {
    any = true;
    added = true;
  }

  /** Settles the rows whose block stands; returns those whose block is gone. */
  List<OutboxRow> look(Heads heads, StepReport report) {
    if (!any || (!added && last != null && heads.sameBlocks(last))) {
      return List.of();
    }
    List<MinedBlock> blocks = rows.minedBlocks();
    if (last == null || !isStillThere(last, heads)) {
      seen.clear();
    }
    List<MinedBlock> gone = gone(blocks, heads);
    seen.addAll(blocks);
    gone.forEach(seen::remove);
    seen.retainAll(Set.copyOf(blocks));
    List<OutboxRow> lost = rows.in(gone);
    if (lost.isEmpty()) {
      settle(heads, report);
      any = blocks.stream().anyMatch(block -> block.number() > heads.finalized());
      added = false;
      last = heads;
    } else {
      // They are dealt with first; all is looked at again in the next step.
      last = null;
    }
    return lost;
  }

  private void settle(Heads heads, StepReport report) {
    rows.settled(TxState.FINALIZED, heads.finalized()).forEach(report::changed);
    rows.settled(TxState.SAFE, heads.safe()).forEach(report::changed);
  }

  private List<MinedBlock> gone(List<MinedBlock> blocks, Heads heads) {
    List<MinedBlock> doubtful =
        blocks.stream()
            .filter(block ->
                !seen.contains(block) || heads.settled(block.number()) == TxState.FINALIZED)
            .toList();
    List<MinedBlock> gone = new ArrayList<>();
    for (int from = 0; from < doubtful.size(); from += BATCH) {
      List<MinedBlock> some = doubtful.subList(from, Math.min(doubtful.size(), from + BATCH));
      Map<Long, Hash> hashes = hashes(some.stream().map(MinedBlock::number).distinct().toList());
      some.stream()
          .filter(block -> !Objects.equals(hashes.get(block.number()), block.hash()))
          .forEach(gone::add);
    }
    return gone;
  }

  private Map<Long, Hash> hashes(List<Long> numbers) {
    List<RpcCall<Optional<BlockHeader>>> calls =
        numbers.stream().map(number -> EthCalls.block(BlockRef.number(number))).toList();
    List<RpcReply<Optional<BlockHeader>>> replies = rpc.rpc().callAll(calls);
    Map<Long, Hash> hashes = new HashMap<>();
    for (int i = 0; i < numbers.size(); i++) {
      long number = numbers.get(i);
      replies.get(i).orThrow().ifPresent(block -> hashes.put(number, block.hash()));
    }
    return hashes;
  }

  private boolean isStillThere(Heads earlier, Heads now) {
    return now.hash().equals(earlier.hash())
        || now.parent().equals(earlier.hash())
        || Objects.equals(hashes(List.of(earlier.number())).get(earlier.number()), earlier.hash());
  }
}
