package network.tachi.oracle;

import java.util.Map;
import java.util.Set;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;

/**
 * What the rules of intake may know about a batch, read in one go before any rule runs.
 *
 * @param settlementChain the one chain on which licences are numbered and payments count
 * @param licenses the licences named in the batch that exist on it
 * @param signers every signer that the crawlers in the batch have registered
 * @param terms every policy version published for the licences in the batch
 * @param payments the payments named in the batch that stand on chain, by payment id
 */
record IntakeFacts(
    ChainId settlementChain,
    Map<LicenseId, LicenseState> licenses,
    Map<RegisteredSigner, SignerTerm> signers,
    Set<PublishedTerms> terms,
    Map<Hash, KnownPayment> payments) {
  IntakeFacts {
    licenses = Map.copyOf(licenses);
    signers = Map.copyOf(signers);
    terms = Set.copyOf(terms);
    payments = Map.copyOf(payments);
  }

  /**
   * Whether a licence may earn.
   *
   * @param active not deactivated by its holder
   * @param suspended by the operator
   * @param domainVerified has at least one verified domain
   */
  record LicenseState(boolean active, boolean suspended, boolean domainVerified) {}

  /** A key that may sign vouchers for a crawler. */
  record RegisteredSigner(Address crawler, Address signer) {}

  /**
   * How long a registered signer's word counts.
   *
   * @param safe whether no fork can undo its registration
   * @param revoked whether its end was asked for, also if that is not yet in effect
   * @param expiry seconds since 1970
   * @param neededUntil up to when it must live for its vouchers to be taken: the newest block's
   *     time and the delay of a revocation
   */
  record SignerTerm(boolean safe, boolean revoked, long expiry, long neededUntil) {}

  /** The hash of one version of a licence's policy. */
  record PublishedTerms(LicenseId licenseId, Hash termsHash) {}

  /** A payment that stands on chain. */
  record KnownPayment(LicenseId licenseId, Address payer, UsdcAmount amount) {}
}
