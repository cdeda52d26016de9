package network.tachi.contracts.event;

import java.math.BigInteger;
import network.tachi.evm.AbiEvent;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;

/**
 * Events of CrawlLicense (wire.md section 7). The {@code long} numbers are unsigned 64-bit values;
 * times are seconds since 1970.
 */
public sealed interface LicenseEvent extends TachiEvent {
  /** A licence was minted. */
  record LicenseMinted(Address publisher, LicenseId tokenId, String termsURI)
      implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("LicenseMinted(address,uint256,string)", 2);
  }

  /** The publisher switched a licence off. */
  record LicenseDeactivated(LicenseId tokenId) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("LicenseDeactivated(uint256)", 1);
  }

  /** The publisher switched a licence on again. */
  record LicenseReactivated(LicenseId tokenId) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("LicenseReactivated(uint256)", 1);
  }

  /** The admin suspended a licence. */
  record LicenseSuspended(LicenseId tokenId) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("LicenseSuspended(uint256)", 1);
  }

  /** The admin lifted a suspension. */
  record LicenseUnsuspended(LicenseId tokenId) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("LicenseUnsuspended(uint256)", 1);
  }

  /** The place of the terms changed. */
  record TermsURIUpdated(LicenseId tokenId, String newTermsURI) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("TermsURIUpdated(uint256,string)", 1);
  }

  /** A new payout address was set, to take effect later. */
  record PayoutScheduled(LicenseId tokenId, Address payout, long effectiveAt)
      implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("PayoutScheduled(uint256,address,uint64)", 2);
  }

  /** The licence named its counterpart on another chain. */
  record LicenseLinked(LicenseId tokenId, BigInteger chainId, BigInteger otherId)
      implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("LicenseLinked(uint256,uint256,uint256)", 3);
  }

  /** A licence claimed a domain; not yet verified. */
  record DomainClaimed(LicenseId tokenId, Hash domainHash, String domain) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("DomainClaimed(uint256,bytes32,string)", 2);
  }

  /** A licence gave a domain up. */
  record DomainReleased(LicenseId tokenId, Hash domainHash) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("DomainReleased(uint256,bytes32)", 2);
  }

  /** A claim was verified: the domain now resolves to this licence. */
  record DomainVerified(LicenseId tokenId, Hash domainHash) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("DomainVerified(uint256,bytes32)", 2);
  }

  /** A claim lost its verification. */
  record DomainUnverified(LicenseId tokenId, Hash domainHash) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("DomainUnverified(uint256,bytes32)", 2);
  }

  /** Another licence proved the domain and will replace the holder. */
  record DomainReplacementStarted(
      LicenseId tokenId, Hash domainHash, LicenseId holderId, long effectiveAt)
      implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of("DomainReplacementStarted(uint256,bytes32,uint256,uint64)", 3);
  }

  /** The holder proved the domain afresh. */
  record DomainReplacementCancelled(LicenseId tokenId, Hash domainHash) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of("DomainReplacementCancelled(uint256,bytes32)", 2);
  }

  /** The recovery address changed; zero means none. */
  record RecoverySet(LicenseId tokenId, Address recovery) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("RecoverySet(uint256,address)", 2);
  }

  /** The recovery address began to move the licence. */
  record RecoveryStarted(LicenseId tokenId, Address newHolder, long effectiveAt)
      implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("RecoveryStarted(uint256,address,uint64)", 2);
  }

  /** The holder stopped a recovery. */
  record RecoveryCancelled(LicenseId tokenId) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("RecoveryCancelled(uint256)", 1);
  }

  /** The token moved: at mint and at the end of a recovery (ERC-721). */
  record Transfer(Address from, Address to, LicenseId tokenId) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("Transfer(address,address,uint256)", 3);
  }

  /** The token is soulbound (ERC-5192). */
  record Locked(LicenseId tokenId) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("Locked(uint256)", 0);
  }

  /** The metadata changed (ERC-4906). */
  record MetadataUpdate(LicenseId tokenId) implements LicenseEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("MetadataUpdate(uint256)", 0);
  }
}
