package network.tachi.contracts.deploy;

import java.math.BigInteger;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.rpc.Receipt;

/** Sends transactions of one account on one chain. */
public interface TxSender {
  /** The account. */
  Address address();

  /**
   * Sends a transaction and waits until it is mined.
   *
   * @param to the contract
   * @param data call data
   * @param value wei
   * @return the receipt of a transaction that did not revert
   * @throws TransactionFailedException if it reverts or is not mined in time
   */
  Receipt send(Address to, Bytes data, BigInteger value);

  /** Sends a transaction without ether. */
  default Receipt send(Address to, Bytes data) {
    return send(to, data, BigInteger.ZERO);
  }
}
