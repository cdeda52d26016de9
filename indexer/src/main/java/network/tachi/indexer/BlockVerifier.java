package network.tachi.indexer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
  private final FollowedContracts contracts;
  private final LogDecoder decoder;
  private final EvidenceReader evidenceReader;

  BlockVerifier(
      ChainId chain,
      FollowedContracts contracts,
      EvidenceReader evidenceReader,
      IndexerMetrics metrics) {
    this.contracts = contracts;
    this.decoder = new LogDecoder(chain, contracts, metrics::ignoredLog);
    this.evidenceReader = evidenceReader;
  }

  /** Takes blocks; may wait. */
  @FunctionalInterface
  interface BlockConsumer {
    /** Takes blocks in a row, one or more. */
    void accept(List<VerifiedBlock> blocks) throws InterruptedException;
  }

  /**
   * The blocks of headers, in their order.
   *
   * @throws RpcException if there is no answer
   * @throws RejectedAnswerException if receipts are not proven by the header
   * @throws UndecodableEventException if a followed contract is not what it is configured as
   */
  List<VerifiedBlock> verify(List<CheckedHeader> headers) {
    List<VerifiedBlock> blocks = new ArrayList<>(headers.size());
    for (int at = 0; at < headers.size(); ) {
      int end = endOfRequest(headers, at);
      blocks.addAll(verifyPart(headers.subList(at, end)));
      at = end;
    }
    return blocks;
  }

  /**
   * The blocks of headers, in their order, handed over as soon as the receipts of one request are
   * proven.
   *
   * @throws InterruptedException if the consumer is
   * @throws RpcException if there is no answer
   * @throws RejectedAnswerException if receipts are not proven by the header
   * @throws UndecodableEventException if a followed contract is not what it is configured as
   */
  void verify(List<CheckedHeader> headers, BlockConsumer consumer) throws InterruptedException {
    for (int at = 0; at < headers.size(); ) {
      int end = endOfRequest(headers, at);
      consumer.accept(verifyPart(headers.subList(at, end)));
      at = end;
    }
  }

  /** Where the blocks end whose receipts fit into one request. */
  private int endOfRequest(List<CheckedHeader> headers, int start) {
    int blocks = 0;
    long gas = 0;
    for (int at = start; at < headers.size(); at++) {
      BlockHeader header = headers.get(at).header();
      if (mayHaveEvents(header)) {
        if (!evidenceReader.fits(blocks, gas, header)) {
          return at;
        }
        blocks++;
        gas += header.gasUsed();
      }
    }
    return headers.size();
  }

  private List<VerifiedBlock> verifyPart(List<CheckedHeader> headers) {
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
    return decoder.block(
        header.point(), followed, logs.isEmpty() ? Bytes.EMPTY : followed.encode());
  }

  private static VerifiedBlock withoutEvents(CheckedHeader header) {
    VerifiedBy verifiedBy = proof(header, VerifiedBy.BLOOM);
    return new VerifiedBlock(header.point(), verifiedBy, List.of(), Bytes.EMPTY);
  }

  private static VerifiedBy proof(CheckedHeader header, VerifiedBy ifProven) {
    return header.proven() ? ifProven : VerifiedBy.HASH_PIN;
  }
}
