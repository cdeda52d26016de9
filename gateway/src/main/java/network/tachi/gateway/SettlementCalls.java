package network.tachi.gateway;

import network.tachi.evm.Abi;
import network.tachi.evm.AbiEvent;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;

/**
 * The events by which settled authorisations are recognised, and the question to contract accounts
 * (EIP-1271).
 */
final class SettlementCalls {
  /** USDC: an authorisation was used. */
  static final AbiEvent AUTHORIZATION_USED = AbiEvent.of("AuthorizationUsed(address,bytes32)", 2);

  /** USDC: money moved. */
  static final AbiEvent TRANSFER = AbiEvent.of("Transfer(address,address,uint256)", 2);

  /** PaymentProcessor: a payment was attributed. */
  static final AbiEvent PAYMENT_MADE =
      AbiEvent.of("PaymentMade(bytes32,uint256,address,uint256,bytes32,uint8,uint64)", 3);

  /** What {@code isValidSignature} returns for a valid one. */
  static final Bytes EIP1271_MAGIC = Bytes.parse("0x1626ba7e");

  private SettlementCalls() {}

  static Bytes isValidSignature(Hash digest, Bytes signature) {
    return Abi.call("isValidSignature", Abi.bytes32(digest), Abi.bytes(signature));
  }
}
