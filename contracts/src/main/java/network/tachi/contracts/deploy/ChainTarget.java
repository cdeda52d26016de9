package network.tachi.contracts.deploy;

import network.tachi.chainconfig.ChainSettings;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.EthRpc;

/**
 * A chain to deploy to.
 *
 * @param chain its id, which the node must confirm
 * @param usdc its USDC contract
 * @param rpc a node of it
 * @param sender who pays for the deployment
 */
public record ChainTarget(ChainId chain, Address usdc, EthRpc rpc, TxSender sender) {
  /** The chain of a network's configuration. */
  public static ChainTarget of(ChainSettings settings, EthRpc rpc, TxSender sender) {
    return new ChainTarget(settings.chain(), settings.usdc().address(), rpc, sender);
  }
}
