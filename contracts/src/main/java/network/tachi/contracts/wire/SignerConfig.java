package network.tachi.contracts.wire;

import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.Keccak;
import network.tachi.evm.WordBuffer;

/**
 * A version of the root signers and the attestation key (wire.md section 3).
 *
 * @param version counts from 1; all 64 bits unsigned
 * @param threshold how many signers must sign, 1 to the number of signers
 * @param signers strictly ascending, 1 to 32
 * @param attestationKey the key that signs usage attestations
 */
public record SignerConfig(
    long version, int threshold, List<Address> signers, Address attestationKey) {
  /** The most signers of a configuration. */
  public static final int MAX_SIGNERS = 32;

  private static final Hash TAG = Keccak.hash("tachi.config.v1");

  /** Checks count, order and threshold. */
  public SignerConfig {
    signers = List.copyOf(signers);
    if (signers.isEmpty() || signers.size() > MAX_SIGNERS) {
      throw new InvalidValueException(
          "signers", "1 to " + MAX_SIGNERS, Integer.toString(signers.size()));
    }
    if (threshold < 1 || threshold > signers.size()) {
      throw new InvalidValueException(
          "threshold", "1 to " + signers.size(), Integer.toString(threshold));
    }
    for (int i = 1; i < signers.size(); i++) {
      if (signers.get(i - 1).compareTo(signers.get(i)) >= 0) {
        throw new InvalidValueException("signers", "strictly ascending", signers.toString());
      }
    }
  }

  /** The {@code configDigest} in a deployment. */
  public Hash digest(Hash deploymentId) {
    WordBuffer all = new WordBuffer(signers.size());
    signers.forEach(all::address);
    return new WordBuffer(6)
        .hash(TAG)
        .hash(deploymentId)
        .uint64(version)
        .uint(threshold)
        .hash(all.keccak())
        .address(attestationKey)
        .keccak();
  }
}
