package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK_LOGS;

import java.util.ArrayList;
import java.util.List;
import network.tachi.contracts.event.ContractKind;
import network.tachi.contracts.event.EventDecoder;
import network.tachi.contracts.event.MalformedEventException;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.Log;
import network.tachi.store.jooq.chain.tables.records.BlockLogsRecord;
import org.jooq.DSLContext;

/** Makes blocks of the verified logs that the store keeps, without asking a node. */
final class StoredLogs {
  private final ChainId chain;
  private final FollowedContracts contracts;

  StoredLogs(ChainId chain, FollowedContracts contracts) {
    this.chain = chain;
    this.contracts = contracts;
  }

  /**
   * The next blocks that have logs, ascending.
   *
   * @param after the height above which they are
   * @param limit the most blocks
   * @throws CorruptLogsException if what is stored cannot be read
   * @throws UndecodableEventException if a followed contract is not what it is configured as
   */
  List<VerifiedBlock> read(DSLContext tx, long after, int limit) {
    return tx.selectFrom(BLOCK_LOGS)
        .where(BLOCK_LOGS.CHAIN_ID.eq(chain.value()))
        .and(BLOCK_LOGS.NUMBER.gt(after))
        .orderBy(BLOCK_LOGS.NUMBER)
        .limit(limit)
        .fetch(this::block);
  }

  private VerifiedBlock block(BlockLogsRecord row) {
    // Its parent is of no use to a projection.
    BlockPoint point =
        new BlockPoint(row.getNumber(), row.getBlockHash(), Hash.ZERO, row.getTimestamp());
    BlockLogs logs = BlockLogs.decode(point.id(), row.getLogs());
    List<IndexedEvent> events = new ArrayList<>();
    for (Log log : logs.logs()) {
      ContractKind kind = contracts.kind(log.address());
      if (kind != null) {
        EventPosition position =
            new EventPosition(
                chain,
                point,
                log.logIndex(),
                log.transactionHash(),
                log.transactionIndex(),
                log.address(),
                logs.verifiedBy());
        try {
          EventDecoder.decode(kind, log.topics(), log.data())
              .ifPresent(event -> events.add(new IndexedEvent(position, event)));
        } catch (MalformedEventException e) {
          throw new UndecodableEventException(log.blockNumber(), log.logIndex(), log.address(), e);
        }
      }
    }
    return new VerifiedBlock(point, logs.verifiedBy(), events, row.getLogs());
  }
}
