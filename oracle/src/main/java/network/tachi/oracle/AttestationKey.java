package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.evm.Signature;
import network.tachi.evm.Signer;

/**
 * The key that promises log indexes. Its signatures are deterministic (RFC 6979): signing an entry
 * again gives the same bytes.
 *
 * @param configVersion of the signer configuration that names it
 * @param domain of the ledger
 * @param signer holds the key
 */
record AttestationKey(long configVersion, WireDomain.Metering domain, Signer signer) {
  AttestationKey {
    requireNonNull(domain, "domain is null");
    requireNonNull(signer, "signer is null");
    if (configVersion < 1) {
      throw new IllegalArgumentException("configVersion " + configVersion);
    }
  }

  /**
   * Signs an entry that stands in the log, below the watermark.
   *
   * @throws IllegalArgumentException if the entry names another configuration
   */
  Signature sign(UsageAttestation leaf) {
    if (leaf.configVersion() != configVersion) {
      throw new IllegalArgumentException(
          "entry " + leaf.logIndex() + " is of configuration " + leaf.configVersion());
    }
    return signer.sign(leaf.digest(domain));
  }
}
