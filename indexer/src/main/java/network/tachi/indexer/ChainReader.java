package network.tachi.indexer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.Attempt;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcReply;

/**
 * Reads headers from a node. Every header that comes out of it hashes to the hash it claims, or has
 * fields unknown to this version and says so. Safe for use by many threads.
 */
final class ChainReader {
  private static final Duration HEAD_PATIENCE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final JsonRpc rpc;
  private final IndexerMetrics metrics;
  private final AgreedFinality finality;
  private volatile long finalizedNumber = -1;

  ChainReader(JsonRpc rpc, IndexerMetrics metrics) {
    this.rpc = rpc;
    this.metrics = metrics;
    this.finality = new AgreedFinality(rpc, this, metrics);
  }

  /**
   * Checks that the node serves a chain.
   *
   * @throws WrongChainException if it serves another one
   * @throws RpcException if there is no answer
   */
  void requireChain(ChainId expected) {
    ChainId found =
        rpc.attempt(
            new Attempt<>(
                "eth_chainId",
                HEAD_PATIENCE,
                node -> node.call(EthCalls.chainId()),
                RejectedAnswerException::blame));
    if (!found.equals(expected)) {
      throw new WrongChainException(expected, found);
    }
  }

  /**
   * The head and, if asked for, the safe and the finalized block where the nodes know them. Where
   * there are several nodes, a block is finalized only if two of them say so.
   *
   * @throws RpcException if there is no answer
   * @throws RejectedAnswerException if a header is false
   */
  Tips tips(boolean settled) {
    Seen seen = attempt(HEAD_PATIENCE, node -> seen(node, settled));
    Tips tips = settled ? seen.tips().withFinalized(finality.agreed(seen)) : seen.tips();
    tips.finalized().ifPresent(tag -> finalizedNumber = tag.number());
    return tips;
  }

  /** The finalized block as of the last look at it, or -1. */
  long finalizedNumber() {
    return finalizedNumber;
  }

  /**
   * What one node said.
   *
   * @param node its name
   * @param tips what it said
   */
  record Seen(String node, Tips tips) {}

  private Seen seen(JsonRpc node, boolean settled) {
    List<RpcReply<Optional<BlockHeader>>> replies =
        node.callAll(
            Stream.of(BlockTag.LATEST, BlockTag.SAFE, BlockTag.FINALIZED)
                .limit(settled ? 3 : 1)
                .map(EthCalls::block)
                .toList());
    BlockHeader latest =
        replies
            .getFirst()
            .orThrow()
            .orElseThrow(
                () -> new RejectedAnswerException(Rejection.BLOCK_MISSING, 0, "no latest block"));
    Tips tips =
        settled
            ? new Tips(check(latest), tagged(replies.get(1)), tagged(replies.get(2)))
            : new Tips(check(latest), Optional.empty(), Optional.empty());
    return new Seen(node.endpoint(), tips);
  }

  private <T> T attempt(Duration patience, Function<JsonRpc, T> work) {
    return rpc.attempt(
        new Attempt<>("eth_getBlockByNumber", patience, work, RejectedAnswerException::blame));
  }

  /** A node that knows no such tag, or has nothing to tag yet, answers with an error or null. */
  Optional<CheckedHeader> tagged(RpcReply<Optional<BlockHeader>> reply) {
    return switch (reply) {
      case RpcReply.Ok<Optional<BlockHeader>>(Optional<BlockHeader> header) ->
          header.map(this::check);
      case RpcReply.Failed<Optional<BlockHeader>>(RpcException.ErrorReply _) -> Optional.empty();
      case RpcReply.Failed<Optional<BlockHeader>>(RpcException error) -> throw error;
    };
  }

  /**
   * The header of a height, if the node has one.
   *
   * @throws RpcException if there is no answer
   * @throws RejectedAnswerException if it is false or of another height
   */
  Optional<CheckedHeader> header(long number) {
    return attempt(
        HEAD_PATIENCE,
        node ->
            node.call(EthCalls.block(BlockRef.number(number)))
                .map(header -> check(number, header)));
  }

  /**
   * The headers of a range in one request, ascending; each names the one before as its parent.
   *
   * @throws RpcException if there is no answer
   * @throws RejectedAnswerException if one is missing, false, or not linked
   */
  List<CheckedHeader> headers(long from, long to) {
    return attempt(PATIENCE, node -> headers(node, from, to));
  }

  private List<CheckedHeader> headers(JsonRpc node, long from, long to) {
    List<RpcReply<Optional<BlockHeader>>> replies =
        node.callAll(
            LongStream.rangeClosed(from, to)
                .mapToObj(number -> EthCalls.block(BlockRef.number(number)))
                .toList());
    List<CheckedHeader> headers = new ArrayList<>(replies.size());
    for (int i = 0; i < replies.size(); i++) {
      long number = from + i;
      CheckedHeader header =
          replies
              .get(i)
              .orThrow()
              .map(found -> check(number, found))
              .orElseThrow(() ->
                  new RejectedAnswerException(
                      Rejection.BLOCK_MISSING, number, "null below the node's head"));
      if (i > 0 && !header.point().follows(headers.getLast().point())) {
        throw new RejectedAnswerException(
            Rejection.PARENT_LINK,
            number,
            "its parent " + header.header().parentHash() + " is not " + headers.getLast().point());
      }
      headers.add(header);
    }
    return headers;
  }

  private CheckedHeader check(long number, BlockHeader header) {
    if (header.number() != number) {
      throw new RejectedAnswerException(
          Rejection.OTHER_BLOCK, number, "the answer is block " + header.number());
    }
    return check(header);
  }

  private CheckedHeader check(BlockHeader header) {
    return switch (header.verifyHash()) {
      case MATCH -> new CheckedHeader(header, true);
      case UNVERIFIABLE -> {
        metrics.unknownHeaderField();
        yield new CheckedHeader(header, false);
      }
      case MISMATCH ->
          throw new RejectedAnswerException(
              Rejection.HEADER_HASH, header.number(), "its fields do not hash to " + header.hash());
    };
  }
}
