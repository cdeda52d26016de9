package network.tachi.contracts.wire;

import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;

/**
 * The EIP-712 domains of wire.md section 2. Each has its own type, so that no struct is signed in
 * another's domain.
 */
public sealed interface WireDomain {
  /** The domain separator. */
  Hash separator();

  /** The domain of vouchers and signer grants, bound to CreditEscrow. */
  record Credit(Hash separator) implements WireDomain {}

  /** The domain of usage attestations, bound to MeteringLedger. */
  record Metering(Hash separator) implements WireDomain {}

  /** The chain-neutral domain of epoch headers, bound to a deployment. */
  record Header(Hash separator) implements WireDomain {}

  /** The domain of policy publications, bound to CrawlLicense. */
  record License(Hash separator) implements WireDomain {}

  /** The credit domain of a CreditEscrow. */
  static Credit credit(ChainId chain, Address creditEscrow) {
    return new Credit(Eip712.domainSeparator("Tachi Credit", "1", chain, creditEscrow));
  }

  /** The metering domain of a MeteringLedger. */
  static Metering metering(ChainId chain, Address meteringLedger) {
    return new Metering(Eip712.domainSeparator("Tachi Metering", "1", chain, meteringLedger));
  }

  /** The header domain of a deployment. */
  static Header header(Hash deploymentId) {
    return new Header(Eip712.domainSeparator("Tachi Header", "1", deploymentId));
  }

  /** The licence domain of a CrawlLicense. */
  static License license(ChainId chain, Address crawlLicense) {
    return new License(Eip712.domainSeparator("Tachi License", "1", chain, crawlLicense));
  }
}
