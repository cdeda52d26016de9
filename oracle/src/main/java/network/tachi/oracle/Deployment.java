package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import network.tachi.contracts.wire.SignerConfig;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;

/**
 * Where the oracle works, and the signer configuration in force.
 *
 * @param settlementChain carries credits, settlement and claims
 * @param meteringLedger on it
 * @param creditEscrow on it
 * @param anchorChain carries each signed header as well
 * @param headerAnchor on that
 * @param config the signers and the attestation key
 */
record Deployment(
    ChainId settlementChain,
    Address meteringLedger,
    Address creditEscrow,
    ChainId anchorChain,
    Address headerAnchor,
    SignerConfig config) {
  Deployment {
    requireNonNull(settlementChain, "settlementChain is null");
    requireNonNull(meteringLedger, "meteringLedger is null");
    requireNonNull(creditEscrow, "creditEscrow is null");
    requireNonNull(anchorChain, "anchorChain is null");
    requireNonNull(headerAnchor, "headerAnchor is null");
    requireNonNull(config, "config is null");
  }

  /** The deployment's id (wire.md section 1). */
  Hash id() {
    return WireIds.deploymentId(settlementChain, meteringLedger);
  }

  /** The digest of the signer configuration (wire.md section 3). */
  Hash configDigest() {
    return config.digest(id());
  }

  /** The domain of vouchers. */
  WireDomain.Credit creditDomain() {
    return WireDomain.credit(settlementChain, creditEscrow);
  }

  /** The domain of attestations. */
  WireDomain.Metering meteringDomain() {
    return WireDomain.metering(settlementChain, meteringLedger);
  }

  /** The domain of headers. */
  WireDomain.Header headerDomain() {
    return WireDomain.header(id());
  }
}
