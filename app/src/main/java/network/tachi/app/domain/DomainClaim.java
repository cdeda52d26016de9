package network.tachi.app.domain;

import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.LicenseId;

/**
 * Which licence claims a domain. Its text is what the domain must show, so that a proof for one
 * licence, contract or chain is none for another.
 *
 * @param domain the domain
 * @param chain of the licence
 * @param contract CrawlLicense
 * @param license the licence
 */
public record DomainClaim(DomainName domain, ChainId chain, Address contract, LicenseId license) {
  /** {@code <chain id>:<CrawlLicense, lower case>:<licence id>}. */
  public String text() {
    return chain + ":" + contract.toLowerCaseString() + ":" + license.toBigInteger();
  }
}
