package network.tachi.indexer;

import java.util.List;
import java.util.Optional;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcReply;
import org.jspecify.annotations.Nullable;

/**
 * Takes a block for finalized only if two nodes say so, where more than one is configured: the
 * lower of what the two call finalized, if both have the same block there. A second node is asked
 * only when the first says something new. Confined to one thread.
 */
final class AgreedFinality {
  private static final System.Logger LOG = System.getLogger(AgreedFinality.class.getName());

  private final JsonRpc rpc;
  private final ChainReader reader;
  private final IndexerMetrics metrics;
  private final boolean alone;
  private @Nullable BlockId agreed;
  private boolean disputed;

  AgreedFinality(JsonRpc rpc, ChainReader reader, IndexerMetrics metrics) {
    this.rpc = rpc;
    this.reader = reader;
    this.metrics = metrics;
    this.alone = rpc.nodes().size() < 2;
  }

  /** The finalized block that two nodes agree on; empty if no two do. */
  Optional<CheckedHeader> agreed(HeadReader.Seen seen) {
    Optional<CheckedHeader> said = seen.tips().finalized();
    if (alone || said.isEmpty() || said.get().id().equals(agreed)) {
      return said;
    }
    Optional<CheckedHeader> found = ask(seen.node(), said.get());
    if (found.isPresent()) {
      agreed = found.get().id();
      disputed = false;
    } else if (!disputed) {
      disputed = true;
      LOG.log(
          System.Logger.Level.WARNING,
          "no second endpoint agrees that block {0} is finalized; nothing is taken for final until"
              + " one does",
          said.get().id());
    }
    metrics.finalityDisputed(disputed);
    return found;
  }

  private Optional<CheckedHeader> ask(String first, CheckedHeader said) {
    List<JsonRpc> nodes = rpc.nodes();
    Optional<JsonRpc> source =
        nodes.stream().filter(node -> node.endpoint().equals(first)).findFirst();
    return nodes.stream()
        .filter(node -> !node.endpoint().equals(first))
        .flatMap(node -> agreed(source, node, said).stream())
        .findFirst();
  }

  private Optional<CheckedHeader> agreed(
      Optional<JsonRpc> source, JsonRpc second, CheckedHeader said) {
    try {
      List<RpcReply<Optional<BlockHeader>>> replies =
          second.callAll(
              List.of(
                  EthCalls.block(BlockTag.FINALIZED),
                  EthCalls.block(BlockRef.number(said.number()))));
      Optional<CheckedHeader> other = reader.tagged(replies.getFirst().orThrow());
      if (other.isEmpty()) {
        return Optional.empty();
      }
      if (other.get().number() >= said.number()) {
        return isSame(replies.getLast().orThrow(), said) ? Optional.of(said) : Optional.empty();
      }
      BlockRef lower = BlockRef.number(other.get().number());
      boolean same =
          source.isPresent() && isSame(source.get().call(EthCalls.block(lower)), other.get());
      return same ? other : Optional.empty();
    } catch (RpcException | RejectedAnswerException e) {
      LOG.log(System.Logger.Level.DEBUG, "no second word on finality: {0}", e.getMessage());
      return Optional.empty();
    }
  }

  private static boolean isSame(Optional<BlockHeader> header, CheckedHeader expected) {
    return header.filter(found -> found.hash().equals(expected.header().hash())).isPresent();
  }
}
