package network.tachi.tx;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcReply;

/**
 * Where the chain stood at one moment, and the sender's account on it.
 *
 * @param number the head
 * @param hash the head
 * @param parent the block before the head
 * @param baseFee the head's, in wei a gas
 * @param gasLimit the head's
 * @param safe number of the newest safe block; -1 if none
 * @param finalized number of the newest finalized block; -1 if none
 * @param nextNonce how many transactions of the sender the head counts
 * @param tip the priority fee that the node suggests, in wei a gas
 */
record Heads(
    long number,
    Hash hash,
    Hash parent,
    BigInteger baseFee,
    long gasLimit,
    long safe,
    long finalized,
    long nextNonce,
    BigInteger tip) {

  /** Answers of several kinds, to fit one batch. */
  private sealed interface Part {
    record Block(Optional<BlockHeader> header) implements Part {}

    record Amount(BigInteger value) implements Part {}
  }

  /**
   * Asks the node, in one request.
   *
   * @throws RpcException if there is no usable answer
   */
  static Heads read(EthRpc rpc, Address sender) {
    List<RpcCall<Part>> calls =
        List.of(
            block(BlockTag.LATEST),
            block(BlockTag.SAFE),
            block(BlockTag.FINALIZED),
            EthCalls.transactionCount(sender, BlockTag.LATEST)
                .map(count -> new Part.Amount(BigInteger.valueOf(count))),
            EthCalls.maxPriorityFeePerGas().map(Part.Amount::new));
    List<RpcReply<Part>> replies = rpc.rpc().callAll(calls);
    BlockHeader head =
        header(replies.get(0).orThrow())
            .orElseThrow(() -> new IllegalStateException("the chain has no head"));
    return new Heads(
        head.number(),
        head.hash(),
        head.parentHash(),
        Objects.requireNonNullElse(head.baseFeePerGas(), BigInteger.ZERO),
        head.gasLimit(),
        settledNumber(replies.get(1), head),
        settledNumber(replies.get(2), head),
        amount(replies.get(3).orThrow()).longValueExact(),
        amount(replies.get(4).orThrow()));
  }

  /** How settled a block of this chain is. */
  TxState settled(long block) {
    if (block <= finalized) {
      return TxState.FINALIZED;
    }
    return block <= safe ? TxState.SAFE : TxState.MINED;
  }

  /**
   * Asks whether the head of this moment still stands on the chain, maybe under newer blocks.
   *
   * @throws RpcException if there is no usable answer
   */
  boolean isOnChain(EthRpc rpc) {
    return rpc.blockByNumber(number).filter(block -> block.hash().equals(hash)).isPresent();
  }

  /** True if nothing that concerns blocks is new. */
  boolean sameBlocks(Heads other) {
    return hash.equals(other.hash) && safe == other.safe && finalized == other.finalized;
  }

  private static RpcCall<Part> block(BlockTag tag) {
    return EthCalls.block(tag).map(Part.Block::new);
  }

  /**
   * A chain that is young or has no finality answers with null or an error. No block above the head
   * is settled, whatever the node says.
   */
  private static long settledNumber(RpcReply<Part> reply, BlockHeader head) {
    return switch (reply) {
      case RpcReply.Failed<Part>(RpcException.ErrorReply _) -> -1;
      case RpcReply.Failed<Part>(RpcException error) -> throw error;
      case RpcReply.Ok<Part>(Part part) ->
          Math.min(header(part).map(BlockHeader::number).orElse(-1L), head.number());
    };
  }

  private static Optional<BlockHeader> header(Part part) {
    return switch (part) {
      case Part.Block(Optional<BlockHeader> header) -> header;
      case Part.Amount _ -> throw new IllegalStateException("expected a block");
    };
  }

  private static BigInteger amount(Part part) {
    return switch (part) {
      case Part.Amount(BigInteger value) -> value;
      case Part.Block _ -> throw new IllegalStateException("expected a number");
    };
  }
}
