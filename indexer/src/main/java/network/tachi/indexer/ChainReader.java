package network.tachi.indexer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.Attempt;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockRef;
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

  ChainReader(JsonRpc rpc, IndexerMetrics metrics) {
    this.rpc = rpc;
    this.metrics = metrics;
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

  private <T> T attempt(Duration patience, Function<JsonRpc, T> work) {
    return rpc.attempt(
        new Attempt<>("eth_getBlockByNumber", patience, work, RejectedAnswerException::blame));
  }

  /** The block of a tag, if the node knows one; it may have nothing to tag yet. */
  Optional<CheckedHeader> tagged(Optional<BlockHeader> header) {
    return header.map(this::check);
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

  /**
   * A header, if it hashes to the hash it claims.
   *
   * @throws RejectedAnswerException if it does not
   */
  CheckedHeader check(BlockHeader header) {
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
