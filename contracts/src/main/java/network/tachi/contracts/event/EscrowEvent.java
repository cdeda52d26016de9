package network.tachi.contracts.event;

import network.tachi.evm.AbiEvent;
import network.tachi.evm.Address;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;

/**
 * Events of CreditEscrow (wire.md section 7). The {@code long} numbers are unsigned 64-bit values;
 * times are seconds since 1970.
 */
public sealed interface EscrowEvent extends TachiEvent {
  /** Credit was deposited for a crawler. */
  record Deposited(Address crawler, Address from, UsdcAmount amount) implements EscrowEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("Deposited(address,address,uint256)", 1);
  }

  /**
   * A withdrawal was requested; the amount is the whole thawing amount and replaces the one before.
   */
  record ThawStarted(Address crawler, UsdcAmount amount, long thawEndsAt) implements EscrowEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("ThawStarted(address,uint256,uint64)", 1);
  }

  /** A withdrawal was called off. */
  record ThawCancelled(Address crawler) implements EscrowEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("ThawCancelled(address)", 1);
  }

  /** Credit was paid back. */
  record CreditWithdrawn(Address crawler, Address to, UsdcAmount amount, UsdcAmount totalWithdrawn)
      implements EscrowEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of("CreditWithdrawn(address,address,uint256,uint256)", 2);
  }

  /** A delegated signer was registered. */
  record SignerRegistered(Address crawler, Address signer, long validFrom, long expiry)
      implements EscrowEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of("SignerRegistered(address,address,uint64,uint64)", 2);
  }

  /** A delegated signer was revoked. */
  record SignerRevoked(Address crawler, Address signer, long revokedAt) implements EscrowEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("SignerRevoked(address,address,uint64)", 2);
  }

  /** A claim was paid out of the deposits. */
  record ClaimPaid(LicenseId licenseId, Address payout, UsdcAmount amount) implements EscrowEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("ClaimPaid(uint256,address,uint256)", 2);
  }
}
