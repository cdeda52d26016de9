package network.tachi.indexer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import network.tachi.contracts.event.ContractKind;
import network.tachi.contracts.event.EventDecoder;
import network.tachi.contracts.event.MalformedEventException;
import network.tachi.contracts.event.TachiEvent;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.Receipt;
import network.tachi.evm.rpc.RpcException;

/**
 * Turns headers into blocks with their events, and proves both: a bloom that excludes the followed
 * contracts proves that there is none; otherwise the logs are found with the best proof there is.
 * Safe for use by many threads.
 */
final class BlockVerifier {
  private final ChainId chain;
  private final FollowedContracts contracts;
  private final EvidenceReader evidenceReader;
  private final IndexerMetrics metrics;

  BlockVerifier(
      ChainId chain,
      FollowedContracts contracts,
      EvidenceReader evidenceReader,
      IndexerMetrics metrics) {
    this.chain = chain;
    this.contracts = contracts;
    this.evidenceReader = evidenceReader;
    this.metrics = metrics;
  }

  /**
   * The blocks of headers, in their order.
   *
   * @throws RpcException if there is no answer
   * @throws RejectedAnswerException if receipts are not proven by the header
   * @throws UndecodableEventException if a followed contract is not what it is configured as
   */
  List<VerifiedBlock> verify(List<CheckedHeader> headers) {
    List<BlockHeader> positive =
        headers.stream().map(CheckedHeader::header).filter(this::mayHaveEvents).toList();
    Iterator<Evidence> evidence = evidenceReader.evidence(positive).iterator();
    List<VerifiedBlock> blocks = new ArrayList<>(headers.size());
    for (CheckedHeader header : headers) {
      blocks.add(
          mayHaveEvents(header.header())
              ? withEvents(header, evidence.next())
              : withoutEvents(header));
    }
    return blocks;
  }

  /**
   * The block of a header whose receipts are proven already.
   *
   * @throws UndecodableEventException if a followed contract is not what it is configured as
   */
  VerifiedBlock verify(CheckedHeader header, List<Receipt> receipts) {
    return mayHaveEvents(header.header())
        ? withEvents(header, EvidenceReader.ofReceipts(receipts))
        : withoutEvents(header);
  }

  private boolean mayHaveEvents(BlockHeader header) {
    return contracts.mayHaveEvents(header.logsBloom());
  }

  private VerifiedBlock withEvents(CheckedHeader header, Evidence evidence) {
    List<Log> logs = new ArrayList<>();
    for (Log log : evidence.logs()) {
      if (contracts.kind(log.address()) != null) {
        logs.add(log);
      }
    }
    BlockLogs followed = new BlockLogs(proof(header, evidence.verifiedBy()), logs);
    return block(header.point(), followed, logs.isEmpty() ? Bytes.EMPTY : followed.encode());
  }

  private static VerifiedBlock withoutEvents(CheckedHeader header) {
    VerifiedBy verifiedBy = proof(header, VerifiedBy.BLOOM);
    return new VerifiedBlock(header.point(), verifiedBy, List.of(), Bytes.EMPTY);
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

  private static VerifiedBy proof(CheckedHeader header, VerifiedBy ifProven) {
    return header.proven() ? ifProven : VerifiedBy.HASH_PIN;
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
        metrics.ignoredLog();
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
