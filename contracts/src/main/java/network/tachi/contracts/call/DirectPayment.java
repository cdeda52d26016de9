package network.tachi.contracts.call;

import java.util.List;
import network.tachi.contracts.event.PaymentEvent;
import network.tachi.evm.Abi;
import network.tachi.evm.AbiValue;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;

/**
 * A direct payment as its {@code PaymentMade} event told it; disputes name payments in this form.
 *
 * @param paymentId its id
 * @param licenseId who was paid
 * @param payer who paid
 * @param amount how much
 * @param paidAt seconds since 1970
 */
public record DirectPayment(
    Hash paymentId, LicenseId licenseId, Address payer, UsdcAmount amount, long paidAt) {
  /** The payment of an event. */
  public static DirectPayment of(PaymentEvent.PaymentMade event) {
    return new DirectPayment(
        event.paymentId(), event.licenseId(), event.payer(), event.amount(), event.paidAt());
  }

  static AbiValue array(List<DirectPayment> payments) {
    return Abi.array(
        "(bytes32,uint256,address,uint256,uint64)",
        payments.stream().map(DirectPayment::toAbi).toList());
  }

  private AbiValue toAbi() {
    return Abi.tuple(
        Abi.bytes32(paymentId),
        Abi.uint256(licenseId),
        Abi.address(payer),
        Abi.uint256(amount),
        WireAbi.uint64(paidAt));
  }
}
