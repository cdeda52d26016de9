package network.tachi.contracts.event;

import java.math.BigInteger;
import network.tachi.evm.AbiEvent;
import network.tachi.evm.Address;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;

/**
 * Events of the first Tachi's contracts, read only (wire.md section 7). Numbers that those
 * contracts do not bound stay {@link BigInteger}s.
 */
public sealed interface LegacyEvent extends TachiEvent {
  /** A licence was minted. */
  record LicenseMinted(Address publisher, LicenseId tokenId, String termsURI)
      implements LegacyEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("LicenseMinted(address,uint256,string)", 2);
  }

  /** The publisher switched a licence off. */
  record LicenseDeactivated(LicenseId tokenId) implements LegacyEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("LicenseDeactivated(uint256)", 1);
  }

  /** The publisher switched a licence on again. */
  record LicenseReactivated(LicenseId tokenId) implements LegacyEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("LicenseReactivated(uint256)", 1);
  }

  /** The place of the terms changed. */
  record TermsURIUpdated(LicenseId tokenId, String newTermsURI) implements LegacyEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("TermsURIUpdated(uint256,string)", 1);
  }

  /** A crawler paid a publisher. */
  record Payment(Address crawler, Address publisher, UsdcAmount amount, BigInteger timestamp)
      implements LegacyEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("Payment(address,address,uint256,uint256)", 2);
  }

  /** The first Tachi logged a crawl. */
  record CrawlLogged(
      BigInteger crawlId, BigInteger tokenId, Address crawler, String url, BigInteger timestamp)
      implements LegacyEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of("CrawlLogged(uint256,uint256,address,string,uint256)", 3);
  }

  /** The first Tachi logged a payment. */
  record PaymentLogged(
      BigInteger paymentId,
      Address crawler,
      Address publisher,
      UsdcAmount amount,
      String txHash,
      BigInteger timestamp)
      implements LegacyEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of("PaymentLogged(uint256,address,address,uint256,string,uint256)", 3);
  }
}
