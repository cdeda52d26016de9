package network.tachi.testkit.chain;

import java.util.List;

/**
 * Says what happens in a block. It must give the same answer each time it is asked for the same
 * place, by any thread: blocks are not kept but made again when they are served.
 */
@FunctionalInterface
public interface Workload {
  /** Nothing ever happens. */
  Workload EMPTY = _ -> List.of();

  /** The transactions of a block, in order, without the deposits that begin a block of Base. */
  List<PlannedTransaction> transactions(BlockPlace place);
}
