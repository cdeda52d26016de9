package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.tachi.contracts.wire.QuorumSignature;
import network.tachi.contracts.wire.SignerConfig;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Signature;
import org.jspecify.annotations.Nullable;

/**
 * Has closed epochs signed by a quorum. A signer that refuses or fails leaves the others alone, and
 * is asked again.
 */
final class HeaderSigning {
  private static final Logger LOG = System.getLogger(HeaderSigning.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final OracleStore store;
  private final EpochTable epochs;
  private final SignerConfig config;
  private final Hash configDigest;
  private final List<RootSigner> signers;
  private final InstantSource clock;
  private final Map<Address, Refused> refusals = new HashMap<>();

  /** A signer's no to a header, which stands for a while: recomputing a whole log takes long. */
  private record Refused(Hash header, Instant until) {}

  HeaderSigning(
      OracleStore store,
      EpochTable epochs,
      Deployment deployment,
      List<RootSigner> signers,
      InstantSource clock) {
    this.store = requireNonNull(store, "store is null");
    this.epochs = requireNonNull(epochs, "epochs is null");
    this.config = deployment.config();
    this.configDigest = deployment.configDigest();
    this.signers = List.copyOf(signers);
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * The signatures of a quorum under an epoch's header; empty while too few signers agree, and for
   * a header of another signer configuration.
   */
  Optional<QuorumSignature> quorum(ClosedEpoch epoch) {
    if (!epoch.header().configDigest().equals(configDigest)) {
      return Optional.empty();
    }
    Map<Address, Signature> signatures =
        new HashMap<>(store.read(tx -> epochs.signatures(tx, epoch.header())));
    for (RootSigner signer : signers) {
      if (!signatures.containsKey(signer.address())) {
        ask(signer, epoch).ifPresent(signature -> signatures.put(signer.address(), signature));
      }
    }
    return signatures.size() >= config.threshold()
        ? Optional.of(QuorumSignature.of(config, signatures))
        : Optional.empty();
  }

  private Optional<Signature> ask(RootSigner signer, ClosedEpoch epoch) {
    @Nullable Refused refused = refusals.get(signer.address());
    if (refused != null
        && refused.header().equals(epoch.headerHash())
        && clock.instant().isBefore(refused.until())) {
      return Optional.empty();
    }
    try {
      return Optional.of(signer.sign(epoch));
    } catch (LogFaultException e) {
      refusals.put(signer.address(), new Refused(epoch.headerHash(), clock.instant().plus(PAUSE)));
      LOG.log(
          Level.ERROR,
          "{0} does not sign epoch {1}: {2}",
          signer.address(),
          epoch.number(),
          e.getMessage());
      return Optional.empty();
    }
  }
}
