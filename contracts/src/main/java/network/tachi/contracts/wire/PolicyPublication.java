package network.tachi.contracts.wire;

import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.WordBuffer;

/**
 * A publisher's signed word that a policy is its own (wire.md section 3).
 *
 * @param licenseId the licence
 * @param version of the policy, counts from 1; all 64 bits unsigned
 * @param policyHash hash of the policy document
 */
public record PolicyPublication(LicenseId licenseId, long version, Hash policyHash) {
  /** The EIP-712 type hash. */
  public static final Hash TYPE_HASH =
      Eip712.typeHash("PolicyPublication(uint256 licenseId,uint64 version,bytes32 policyHash)");

  /** The struct's hash, without domain. */
  public Hash structHash() {
    return WordBuffer.struct(TYPE_HASH, 3)
        .license(licenseId)
        .uint64(version)
        .hash(policyHash)
        .keccak();
  }

  /** What the holder of the licence signs. */
  public Hash digest(WireDomain.License domain) {
    return Eip712.digest(domain.separator(), structHash());
  }
}
