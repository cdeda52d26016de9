package network.tachi.indexer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.tachi.contracts.event.ContractKind;
import network.tachi.contracts.event.EventDecoder;
import network.tachi.contracts.event.MalformedEventException;
import network.tachi.contracts.event.TachiEvent;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.Log;

/**
 * Turns the logs of followed contracts into events, whether they come from a node or from the
 * store. Safe for use by many threads.
 */
final class LogDecoder {
  private final ChainId chain;
  private final FollowedContracts contracts;
  private final Runnable ignored;

  /**
   * Decodes the logs of a chain's contracts.
   *
   * @param ignored runs at each log of a followed contract that is none of its followed events
   */
  LogDecoder(ChainId chain, FollowedContracts contracts, Runnable ignored) {
    this.chain = chain;
    this.contracts = contracts;
    this.ignored = ignored;
  }

  /**
   * A block of logs that are proven.
   *
   * @param point the block
   * @param logs its logs of followed contracts
   * @param encoded the same as the store keeps them
   * @throws UndecodableEventException if a followed contract is not what it is configured as
   */
  VerifiedBlock block(BlockPoint point, BlockLogs logs, Bytes encoded) {
    List<IndexedEvent> events = new ArrayList<>(logs.logs().size());
    for (Log log : logs.logs()) {
      decode(log)
          .ifPresent(event ->
              events.add(new IndexedEvent(position(point, log, logs.verifiedBy()), event)));
    }
    return new VerifiedBlock(point, logs.verifiedBy(), events, encoded);
  }

  /**
   * The event of a log of a followed contract; empty for other contracts and for events that are
   * not followed.
   */
  Optional<TachiEvent> decode(Log log) {
    ContractKind kind = contracts.kind(log.address());
    if (kind == null) {
      return Optional.empty();
    }
    try {
      Optional<TachiEvent> event = EventDecoder.decode(kind, log.topics(), log.data());
      if (event.isEmpty()) {
        ignored.run();
      }
      return event;
    } catch (MalformedEventException e) {
      throw new UndecodableEventException(log.blockNumber(), log.logIndex(), log.address(), e);
    }
  }

  /** Where a log stands. */
  EventPosition position(BlockPoint block, Log log, VerifiedBy verifiedBy) {
    return new EventPosition(
        chain,
        block,
        log.logIndex(),
        log.transactionHash(),
        log.transactionIndex(),
        log.address(),
        verifiedBy);
  }
}
