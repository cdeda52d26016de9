package network.tachi.app.demo;

import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.ContractName;
import network.tachi.contracts.web3j.Usdc;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;

/**
 * A chain of the network that the demo runs on.
 *
 * @param settings its contracts
 * @param rpc its node
 */
public record DemoChain(ChainSettings settings, EthRpc rpc) {
  Address address(ContractName name) {
    return settings.address(name);
  }

  /** The chain's USDC on the head. */
  Usdc usdc() {
    return new Usdc(rpc, settings.usdc().address());
  }

  /** The head's timestamp, the only clock that deadlines go by. */
  long time() {
    return head().timestamp();
  }

  BlockHeader head() {
    return rpc.block(BlockTag.LATEST)
        .orElseThrow(() -> new IllegalStateException("a chain without a head"));
  }

  /** True if the chain has this block. */
  boolean has(long number, Hash hash) {
    return rpc.block(BlockRef.number(number))
        .map(header -> header.hash().equals(hash))
        .orElse(false);
  }

  /**
   * Mines empty blocks, so that what is in older ones becomes safe and final at once. Local chains
   * only.
   */
  void mine(int blocks) {
    rpc.request("anvil_mine", "[\"0x" + Integer.toHexString(blocks) + "\"]");
  }
}
