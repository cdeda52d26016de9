package network.tachi.contracts.wire;

import java.util.List;
import network.tachi.evm.Hash;

/**
 * A line of the usage log with its inclusion path (wire.md section 6).
 *
 * @param leaf the line
 * @param index its place, unsigned
 * @param path siblings from leaf to root
 */
public record LogProof(UsageAttestation leaf, long index, List<Hash> path) {
  /** Copies the path. */
  public LogProof {
    path = List.copyOf(path);
  }

  /** Whether the line is in the log that the body commits to. */
  public boolean in(EpochBody body) {
    return LogTree.verifyInclusion(leaf.leafHash(), index, body.logSize(), path, body.logRoot());
  }
}
