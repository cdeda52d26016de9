package network.tachi.contracts.deploy;

import java.util.Optional;
import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.CallRequest;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcException;

/** Asks contracts for single words, by the getter's name. */
final class Readings {
  private Readings() {}

  /** What a getter without parameters answers; empty if the contract has no such getter. */
  static Optional<Hash> word(EthRpc rpc, Address contract, String getter) {
    try {
      Bytes answer = rpc.call(CallRequest.to(contract, Abi.call(getter)), BlockTag.LATEST);
      return answer.size() == Hash.SIZE ? Optional.of(Hash.of(answer.toArray())) : Optional.empty();
    } catch (RpcException.ErrorReply e) {
      if (e.revertReason().isPresent()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * The address that a getter answers.
   *
   * @throws DeploymentException if it answers none
   */
  static Address address(EthRpc rpc, Address contract, String getter) {
    return word(rpc, contract, getter)
        .map(Address::fromWord)
        .orElseThrow(
            () -> new DeploymentException("the contract at " + contract + " has no " + getter));
  }
}
