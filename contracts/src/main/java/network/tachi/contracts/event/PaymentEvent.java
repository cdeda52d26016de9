package network.tachi.contracts.event;

import network.tachi.evm.AbiEvent;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;

/**
 * Events of PaymentProcessor (wire.md section 7). The {@code long} numbers are unsigned 64-bit
 * values; times are seconds since 1970.
 */
public sealed interface PaymentEvent extends TachiEvent {
  /** A request was paid on chain. Method 1 is {@code pay}, 2 an EIP-3009 authorisation. */
  record PaymentMade(
      Hash paymentId,
      LicenseId licenseId,
      Address payer,
      UsdcAmount amount,
      Hash nonce,
      int method,
      long paidAt)
      implements PaymentEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of("PaymentMade(bytes32,uint256,address,uint256,bytes32,uint8,uint64)", 3);
  }

  /** A dispute holds the payment. */
  record PaymentHeld(Hash paymentId) implements PaymentEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("PaymentHeld(bytes32)", 1);
  }

  /** The payment is no longer held. */
  record PaymentReleased(Hash paymentId) implements PaymentEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("PaymentReleased(bytes32)", 1);
  }

  /** The payer got the payment back. */
  record PaymentRefunded(Hash paymentId, Address payer, UsdcAmount amount) implements PaymentEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("PaymentRefunded(bytes32,address,uint256)", 2);
  }

  /** A licence was paid out; the amount is gross of the fee. */
  record Withdrawn(LicenseId licenseId, Address payout, UsdcAmount amount, UsdcAmount fee)
      implements PaymentEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("Withdrawn(uint256,address,uint256,uint256)", 2);
  }

  /** External payments in a vault were paid out; the amount is gross of the fee. */
  record Swept(LicenseId licenseId, Address payout, UsdcAmount amount, UsdcAmount fee)
      implements PaymentEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("Swept(uint256,address,uint256,uint256)", 2);
  }

  /** A licence's vault got its code. */
  record VaultDeployed(LicenseId licenseId, Address vault) implements PaymentEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("VaultDeployed(uint256,address)", 1);
  }

  /** A new protocol fee was set, to take effect later. */
  record FeeScheduled(int feeBps, long effectiveAt) implements PaymentEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("FeeScheduled(uint16,uint64)", 0);
  }

  /** Protocol fees were paid out. */
  record FeesCollected(Address to, UsdcAmount amount) implements PaymentEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("FeesCollected(address,uint256)", 1);
  }
}
