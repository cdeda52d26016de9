package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.evm.Signature;

/** What became of one reported entry. */
sealed interface Outcome {
  /** It stands in the log, and this is the oracle's promise. */
  record Attested(UsageAttestation attestation, Signature signature) implements Outcome {
    public Attested {
      requireNonNull(attestation, "attestation is null");
      requireNonNull(signature, "signature is null");
    }
  }

  /** A rule refused it; nothing was stored. */
  record Refused(Refusal refusal) implements Outcome {
    public Refused {
      requireNonNull(refusal, "refusal is null");
    }
  }
}
