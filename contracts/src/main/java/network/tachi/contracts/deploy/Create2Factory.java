package network.tachi.contracts.deploy;

import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ContractAddresses;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;

/**
 * The canonical deterministic-deployment proxy, which most chains have at the same address: call
 * data of salt and init code creates a contract by CREATE2.
 */
final class Create2Factory {
  static final Address ADDRESS = Address.parse("0x4e59b44847b379578588920cA78FbF26c0B4956C");

  private Create2Factory() {}

  /** Where init code goes. */
  static Address address(Hash salt, Bytes initCode) {
    return ContractAddresses.create2(ADDRESS, salt, initCode.keccak());
  }

  /** Call data that creates the contract. */
  static Bytes callData(Hash salt, Bytes initCode) {
    byte[] data = new byte[Hash.SIZE + initCode.size()];
    salt.writeTo(data, 0);
    System.arraycopy(initCode.toArray(), 0, data, Hash.SIZE, initCode.size());
    return Bytes.wrap(data);
  }

  /**
   * Checks that the chain has the proxy.
   *
   * @throws DeploymentException if it has not
   */
  static void require(EthRpc rpc) {
    if (rpc.code(ADDRESS, BlockTag.LATEST).isEmpty()) {
      throw new DeploymentException(
          "the chain has no deterministic-deployment proxy at "
              + ADDRESS
              + "; deploy it first (github.com/Arachnid/deterministic-deployment-proxy)");
    }
  }
}
