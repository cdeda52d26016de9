package network.tachi.tx;

import java.util.List;
import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcReply;

/**
 * Where the chain stood at one moment.
 *
 * @param number the head
 * @param hash the head
 * @param parent the block before the head
 * @param safe number of the newest safe block; -1 if none
 * @param finalized number of the newest finalized block; -1 if none
 * @param nextNonce how many transactions of the sender the head counts
 */
record Heads(long number, Hash hash, Hash parent, long safe, long finalized, long nextNonce) {

  /** Asks the node. */
  static Heads read(EthRpc rpc, Address sender) {
    List<Optional<BlockHeader>> blocks =
        rpc
            .rpc()
            .callAll(
                List.of(
                    EthCalls.block(BlockTag.LATEST),
                    EthCalls.block(BlockTag.SAFE),
                    EthCalls.block(BlockTag.FINALIZED)))
            .stream()
            .map(RpcReply::orThrow)
            .toList();
    BlockHeader head =
        blocks.get(0).orElseThrow(() -> new IllegalStateException("the chain has no head"));
    return new Heads(
        head.number(),
        head.hash(),
        head.parentHash(),
        blocks.get(1).map(BlockHeader::number).orElse(-1L),
        blocks.get(2).map(BlockHeader::number).orElse(-1L),
        rpc.transactionCount(sender, BlockTag.LATEST));
  }

  /** True if this head is the earlier one or its child: no block was undone in between. */
  boolean continues(Heads earlier) {
    return hash.equals(earlier.hash) || parent.equals(earlier.hash);
  }

  /** How settled a block of this chain is. */
  TxState settled(long block) {
    if (block <= finalized) {
      return TxState.FINALIZED;
    }
    return block <= safe ? TxState.SAFE : TxState.MINED;
  }
}
