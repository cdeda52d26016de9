package network.tachi.contracts.web3j;

import java.math.BigInteger;
import java.time.Duration;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.EthRpc;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.RemoteCall;
import org.web3j.protocol.core.RemoteFunctionCall;
import org.web3j.tx.TransactionManager;
import org.web3j.tx.gas.ContractGasProvider;
import org.web3j.tx.gas.StaticGasProvider;

/** Makes web3j's contract objects and turns what they take and give into our types. */
@NullMarked
final class Bindings {
  /** Contracts read through {@link Reads}, so web3j needs no client of its own. */
  static final @Nullable Web3j NO_NODE = null;

  private static final ContractGasProvider NO_GAS =
      new StaticGasProvider(BigInteger.ZERO, BigInteger.ZERO);

  private Bindings() {}

  /** The {@code load} method that every binding has. */
  interface Loader<C> {
    C load(
        String address,
        @Nullable Web3j node,
        @Nullable TransactionManager transactions,
        ContractGasProvider gas);
  }

  /** A binding that reads a contract as it is at a block. */
  static <C> C at(EthRpc rpc, Address contract, BlockRef block, Loader<C> loader) {
    return loader.load(contract.toString(), NO_NODE, new Reads(rpc, block), NO_GAS);
  }

  /** A binding that only makes call data. */
  static <C> C encoder(Loader<C> loader) {
    return loader.load(Address.ZERO.toString(), NO_NODE, null, NO_GAS);
  }

  /** The call data of a function. */
  static Bytes data(RemoteFunctionCall<?> call) {
    return Bytes.parse(call.encodeFunctionCall());
  }

  /**
   * Asks a contract.
   *
   * @throws network.tachi.evm.rpc.RpcException if there is no answer, or the call reverts
   */
  static <T> T ask(RemoteCall<T> call) {
    try {
      return call.send();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("reads throw nothing that is checked", e);
    }
  }

  static Address address(RemoteCall<String> call) {
    return Address.parse(ask(call));
  }

  /** A {@code uint64} from all 64 bits. */
  static BigInteger uint64(long bits) {
    return new BigInteger(Long.toUnsignedString(bits));
  }

  static Duration seconds(RemoteCall<BigInteger> call) {
    return Duration.ofSeconds(ask(call).longValueExact());
  }
}
