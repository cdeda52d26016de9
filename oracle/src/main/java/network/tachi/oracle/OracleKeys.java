package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.List;
import network.tachi.contracts.wire.SignerConfig;
import network.tachi.evm.Address;
import network.tachi.evm.Signer;

/**
 * The keys of an oracle whose root signers are in its own process.
 *
 * @param configVersion the signer configuration they belong to, from 1
 * @param threshold how many root signers must sign a header
 * @param attestation signs usage attestations
 * @param roots the root signers, in any order
 * @param settlementSender sends and pays on the settlement chain, and deposits the bond
 * @param anchorSender sends and pays on the anchor chain
 */
public record OracleKeys(
    long configVersion,
    int threshold,
    Signer attestation,
    List<Signer> roots,
    Signer settlementSender,
    Signer anchorSender) {
  /** Checks that no key is missing. */
  public OracleKeys {
    requireNonNull(attestation, "attestation is null");
    requireNonNull(settlementSender, "settlementSender is null");
    requireNonNull(anchorSender, "anchorSender is null");
    roots = List.copyOf(roots);
  }

  /** The signer configuration of these keys, as the contracts know it. */
  public SignerConfig signerConfig() {
    List<Address> signers = roots.stream().map(Signer::address).sorted().toList();
    return new SignerConfig(configVersion, threshold, signers, attestation.address());
  }
}
