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
 * @param signers registered signers, live at the chain's newest block, of the crawlers in the batch
 * @param terms every policy version published for the licences in the batch
 * @param payments the payments named in the batch that stand on chain, by payment id
 */
record IntakeFacts(
    ChainId settlementChain,
    Map<LicenseId, LicenseState> licenses,
    Set<RegisteredSigner> signers,
    Set<PublishedTerms> terms,
    Map<Hash, KnownPayment> payments) {
  IntakeFacts {
    licenses = Map.copyOf(licenses);
    signers = Set.copyOf(signers);
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

  /** The hash of one version of a licence's policy. */
  record PublishedTerms(LicenseId licenseId, Hash termsHash) {}

  /** A payment that stands on chain. */
  record KnownPayment(LicenseId licenseId, Address payer, UsdcAmount amount) {}
}
