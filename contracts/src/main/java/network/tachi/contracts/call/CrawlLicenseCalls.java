package network.tachi.contracts.call;

import java.math.BigInteger;
import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;

/** Calls of {@code CrawlLicense}. */
public final class CrawlLicenseCalls {
  private CrawlLicenseCalls() {}

  /** Mints a licence to the sender; recovery may be zero. */
  public static Bytes mint(String termsUri, Address payout, Address recovery) {
    return Abi.call("mint", Abi.string(termsUri), Abi.address(payout), Abi.address(recovery));
  }

  /** Stops new payments; holder. */
  public static Bytes deactivate(LicenseId id) {
    return Abi.call("deactivate", Abi.uint256(id));
  }

  /** Takes new payments again; holder. */
  public static Bytes reactivate(LicenseId id) {
    return Abi.call("reactivate", Abi.uint256(id));
  }

  /** Changes where the terms are found; holder. */
  public static Bytes setTermsUri(LicenseId id, String termsUri) {
    return Abi.call("setTermsURI", Abi.uint256(id), Abi.string(termsUri));
  }

  /** Schedules a new payout address; holder. */
  public static Bytes setPayout(LicenseId id, Address payout) {
    return Abi.call("setPayout", Abi.uint256(id), Abi.address(payout));
  }

  /** Names the licence's counterpart on another chain; holder. */
  public static Bytes link(LicenseId id, ChainId chain, LicenseId otherId) {
    return Abi.call("link", Abi.uint256(id), Abi.uint256(chain.value()), Abi.uint256(otherId));
  }

  /** Claims a domain (lower case, A-labels); holder. */
  public static Bytes claimDomain(LicenseId id, String domain) {
    return Abi.call("claimDomain", Abi.uint256(id), Abi.string(domain));
  }

  /** Gives a domain up; holder. */
  public static Bytes releaseDomain(LicenseId id, Hash domainHash) {
    return Abi.call("releaseDomain", Abi.uint256(id), Abi.bytes32(domainHash));
  }

  /** Records the outcome of a domain proof; registrar. */
  public static Bytes setVerified(LicenseId id, Hash domainHash, boolean verified) {
    return Abi.call("setVerified", Abi.uint256(id), Abi.bytes32(domainHash), Abi.bool(verified));
  }

  /** Moves a domain to the licence that proved it, when the holder's time is over; anyone. */
  public static Bytes finishReplacement(Hash domainHash) {
    return Abi.call("finishReplacement", Abi.bytes32(domainHash));
  }

  /** Names the recovery address. */
  public static Bytes setRecovery(LicenseId id, Address recovery) {
    return Abi.call("setRecovery", Abi.uint256(id), Abi.address(recovery));
  }

  /** Starts a recovery; recovery address. */
  public static Bytes startRecovery(LicenseId id, Address newHolder) {
    return Abi.call("startRecovery", Abi.uint256(id), Abi.address(newHolder));
  }

  /** Stops a recovery; holder or recovery address. */
  public static Bytes cancelRecovery(LicenseId id) {
    return Abi.call("cancelRecovery", Abi.uint256(id));
  }

  /** Ends a recovery after its delay; anyone. */
  public static Bytes finishRecovery(LicenseId id) {
    return Abi.call("finishRecovery", Abi.uint256(id));
  }

  /** Names the dispute resolver, once; admin. */
  public static Bytes setResolver(Address resolver) {
    return Abi.call("setResolver", Abi.address(resolver));
  }

  /** Appoints the registrar; admin. */
  public static Bytes setRegistrar(Address registrar) {
    return Abi.call("setRegistrar", Abi.address(registrar));
  }

  /** The dispute resolver; zero while there is none. */
  public static View<Address> resolver() {
    return new View<>(Abi.call("resolver"), r -> r.address(0));
  }

  /** The number of licences, and the last one's id. */
  public static View<BigInteger> totalSupply() {
    return new View<>(Abi.call("totalSupply"), r -> r.uint(0));
  }

  /** The holder of a licence; reverts if there is no such licence. */
  public static View<Address> ownerOf(LicenseId id) {
    return new View<>(Abi.call("ownerOf", Abi.uint256(id)), r -> r.address(0));
  }

  /** Whether a licence takes payments. */
  public static View<Boolean> isPayable(LicenseId id) {
    return new View<>(Abi.call("isPayable", Abi.uint256(id)), r -> r.bool(0));
  }

  /** Where a licence's money goes now. */
  public static View<Address> payoutOf(LicenseId id) {
    return new View<>(Abi.call("payoutOf", Abi.uint256(id)), r -> r.address(0));
  }

  /** The licence that holds a verified domain; 0 if none. */
  public static View<BigInteger> licenseOf(Hash domainHash) {
    return new View<>(Abi.call("licenseOf", Abi.bytes32(domainHash)), r -> r.uint(0));
  }
}
