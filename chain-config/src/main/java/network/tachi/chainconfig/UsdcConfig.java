package network.tachi.chainconfig;

import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;

/**
 * A chain's USDC.
 *
 * @param address the token
 * @param name of its EIP-712 domain; differs between main and test networks
 * @param version of its EIP-712 domain
 */
public record UsdcConfig(Address address, String name, String version) {
  /** The EIP-712 domain separator that the token must have on a chain. */
  public Hash domainSeparator(ChainId chain) {
    return Eip712.domainSeparator(name, version, chain, address);
  }
}
