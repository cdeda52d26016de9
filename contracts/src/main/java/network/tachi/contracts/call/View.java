package network.tachi.contracts.call;

import java.util.function.Function;
import network.tachi.evm.AbiReader;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.CallRequest;
import network.tachi.evm.rpc.EthRpc;

/**
 * A question to a contract.
 *
 * @param data the call data
 * @param reader reads what the contract returns
 * @param <T> kind of answer
 */
public record View<T>(Bytes data, Function<AbiReader, T> reader) {
  /**
   * Asks a node.
   *
   * @throws network.tachi.evm.rpc.RpcException if there is no answer, or the call reverts
   * @throws network.tachi.evm.AbiException if the answer has another form, such as none for want of
   *     a contract
   */
  public T ask(EthRpc rpc, Address contract, BlockRef at) {
    return read(rpc.call(CallRequest.to(contract, data), at));
  }

  /** Reads an answer that was got elsewhere. */
  public T read(Bytes answer) {
    return reader.apply(AbiReader.of(answer));
  }
}
