package network.tachi.indexer;

import java.util.List;
import java.util.OptionalLong;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.RpcException;

/** Searches the highest block that the store and the node's chain share. */
final class AncestorSearch {
  private static final int FIRST_STEP = 8;
  private static final int MAX_STEP = 256;
  private static final int GROWTH = 4;

  private final ChainId chain;
  private final ChainReader reader;

  AncestorSearch(ChainId chain, ChainReader reader) {
    this.chain = chain;
    this.reader = reader;
  }

  /**
   * The height of the highest shared block; empty if none is shared and none of the window is
   * final.
   *
   * @param window the store's blocks from the finalized one up
   * @param finality how far the window is settled
   * @param head the height of the node's head
   * @throws ReorgBelowFinalizedException if the finalized block is not shared
   * @throws RpcException if there is no answer
   * @throws RejectedAnswerException if an answer is not proven
   */
  OptionalLong find(ChainWindow window, Finality finality, long head) {
    long base = window.base().orElseThrow().number();
    long to = Math.min(head, window.tip().orElseThrow().number());
    int step = FIRST_STEP;
    while (to >= base) {
      long from = Math.max(base, to - step + 1);
      List<CheckedHeader> headers = reader.headers(from, to);
      for (CheckedHeader header : headers.reversed()) {
        if (window.holds(header.number(), header.header().hash())) {
          return OptionalLong.of(header.number());
        }
      }
      BlockId finalized = finality.finalized();
      if (finalized.number() == from) {
        throw new ReorgBelowFinalizedException(
            chain, finalized, headers.getFirst().header().hash());
      }
      to = from - 1;
      step = Math.min(step * GROWTH, MAX_STEP);
    }
    return OptionalLong.empty();
  }
}
