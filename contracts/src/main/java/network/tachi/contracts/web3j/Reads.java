package network.tachi.contracts.web3j;

import java.math.BigInteger;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.CallRequest;
import network.tachi.evm.rpc.EthRpc;
import org.jspecify.annotations.NullMarked;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.methods.response.EthGetCode;
import org.web3j.protocol.core.methods.response.EthSendTransaction;
import org.web3j.tx.TransactionManager;
import org.web3j.tx.response.NoOpProcessor;

/**
 * Lets web3j's contracts ask through our own client, always at one block. Sends nothing:
 * transactions are for a {@code TxSender}.
 */
@NullMarked
final class Reads extends TransactionManager {
  private final EthRpc rpc;
  private final BlockRef block;

  Reads(EthRpc rpc, BlockRef block) {
    super(new NoOpProcessor(Bindings.NO_NODE), Address.ZERO.toString());
    this.rpc = rpc;
    this.block = block;
  }

  @Override
  public String sendCall(String to, String data, DefaultBlockParameter ignored) {
    Bytes answer = rpc.call(CallRequest.to(Address.parse(to), Bytes.parse(data)), block);
    if (answer.isEmpty()) {
      throw new IllegalStateException("no contract answers at " + to);
    }
    return answer.toString();
  }

  @Override
  public EthSendTransaction sendTransaction(
      BigInteger gasPrice,
      BigInteger gasLimit,
      String to,
      String data,
      BigInteger value,
      boolean constructor) {
    throw new UnsupportedOperationException("reads only");
  }

  @Override
  public EthSendTransaction sendEIP1559Transaction(
      long chainId,
      BigInteger maxPriorityFeePerGas,
      BigInteger maxFeePerGas,
      BigInteger gasLimit,
      String to,
      String data,
      BigInteger value,
      boolean constructor) {
    throw new UnsupportedOperationException("reads only");
  }

  @Override
  public EthGetCode getCode(String contract, DefaultBlockParameter at) {
    throw new UnsupportedOperationException("code is read by EthRpc");
  }
}
