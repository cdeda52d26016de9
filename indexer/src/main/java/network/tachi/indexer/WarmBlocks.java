package network.tachi.indexer;

import java.util.ArrayList;
import java.util.List;
import network.tachi.evm.rpc.RpcException;

/**
 * The newest blocks of the chain, fetched and verified by a standby before it may write them, so
 * that its first commit needs no more than a look at the head. Linked, ascending, bounded in blocks
 * and events. Confined to one thread.
 */
final class WarmBlocks {
  private static final int MAX_BLOCKS = 256;
  private static final int MAX_EVENTS = 20_000;

  private final ChainReader reader;
  private final BlockVerifier verifier;
  private final List<VerifiedBlock> blocks = new ArrayList<>();

  WarmBlocks(ChainReader reader, BlockVerifier verifier) {
    this.reader = reader;
    this.verifier = verifier;
  }

  /** The number of blocks. */
  int size() {
    return blocks.size();
  }

  /**
   * Follows the chain to a head.
   *
   * @param from the lowest block that is of use; of a longer way only the newest part is kept
   * @throws RpcException if there is no answer
   * @throws RejectedAnswerException if an answer is not proven
   */
  void follow(CheckedHeader head, long from) {
    BlockPoint point = head.point();
    if (!blocks.isEmpty() && point.hash().equals(tip().hash())) {
      return;
    }
    if (!blocks.isEmpty() && point.follows(tip())) {
      blocks.addAll(verifier.verify(List.of(head)));
    } else {
      replace(point, from);
    }
    trim();
  }

  private BlockPoint tip() {
    return blocks.getLast().point();
  }

  /** Fetches what is missing below a head, of this branch or another. */
  private void replace(BlockPoint head, long from) {
    long lowest = Math.max(from, head.number() - MAX_BLOCKS + 1);
    long first = lowest;
    if (!blocks.isEmpty() && tip().number() < head.number()) {
      first = Math.max(lowest, tip().number() + 1);
    }
    List<CheckedHeader> headers = reader.headers(Math.min(first, head.number()), head.number());
    if (!linked(headers, head)) {
      blocks.clear();
      return;
    }
    if (blocks.isEmpty() || !headers.getFirst().point().follows(tip())) {
      blocks.clear();
      if (first > lowest) {
        replace(head, from);
        return;
      }
    }
    blocks.addAll(verifier.verify(headers));
  }

  private static boolean linked(List<CheckedHeader> headers, BlockPoint head) {
    return headers.getLast().point().hash().equals(head.hash());
  }

  private void trim() {
    int events = 0;
    int kept = 0;
    for (VerifiedBlock block : blocks.reversed()) {
      events += block.events().size();
      if (kept == MAX_BLOCKS || (kept > 0 && events > MAX_EVENTS)) {
        break;
      }
      kept++;
    }
    blocks.subList(0, blocks.size() - kept).clear();
  }

  /** All blocks from a height to a head; empty if one of them is not here. */
  List<VerifiedBlock> range(long from, BlockPoint head) {
    if (blocks.isEmpty()) {
      return List.of();
    }
    long first = blocks.getFirst().point().number();
    long end = head.number() - first;
    if (from < first || from > head.number() || end >= blocks.size()) {
      return List.of();
    }
    List<VerifiedBlock> found = blocks.subList((int) (from - first), (int) end + 1);
    return found.getLast().point().hash().equals(head.hash()) ? List.copyOf(found) : List.of();
  }

  /** Forgets all. */
  void clear() {
    blocks.clear();
  }
}
