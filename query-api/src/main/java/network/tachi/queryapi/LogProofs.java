package network.tachi.queryapi;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import network.tachi.contracts.wire.LogNodes;
import network.tachi.contracts.wire.LogTree;
import network.tachi.evm.Hash;
import network.tachi.proto.v1.ConsistencyProof;
import network.tachi.proto.v1.InclusionProof;
import network.tachi.proto.v1.SignedAttestation;
import network.tachi.server.ApiException;
import org.jooq.DSLContext;

/**
 * Proofs of RFC 9162 over the usage log. A posted root that they do not lead to is never proven.
 */
final class LogProofs {
  private final UsageLog log;
  private final Epochs epochs;

  LogProofs(UsageLog log, Epochs epochs) {
    this.log = requireNonNull(log, "log is null");
    this.epochs = requireNonNull(epochs, "epochs is null");
  }

  /**
   * A signed entry.
   *
   * @throws ApiException if the log does not reach so far
   */
  SignedAttestation entry(DSLContext tx, long index) {
    return log.entry(tx, index).orElseThrow(() -> ApiException.notFound("log entry " + index));
  }

  /**
   * The path of an entry.
   *
   * @param size of the log; 0 for that of the newest posted header, or all if there is none
   */
  InclusionProof.Builder inclusion(DSLContext tx, long index, long size) {
    long signed = log.size(tx);
    if (index >= signed) {
      throw ApiException.notFound("log entry " + index);
    }
    Optional<Epochs.Row> posted = size == 0 ? epochs.newestPosted(tx) : Optional.empty();
    long of = size != 0 ? size : posted.map(row -> row.body().logSize()).orElse(signed);
    checkSize("logSize", of, signed);
    if (index >= of) {
      throw ApiException.of(
          QueryErrors.NOT_COVERED, "log entry " + index + " is not in the log of size " + of);
    }
    LogNodes nodes = log.nodes(tx);
    Hash root = LogTree.root(nodes, of);
    posted.ifPresent(row -> checkRoot(row, root));
    InclusionProof.Builder proof =
        InclusionProof.newBuilder()
            .setLogIndex(index)
            .setLogSize(of)
            .setLeafHash(log.leafHash(tx, index).toString())
            .setRoot(root.toString());
    LogTree.inclusionProof(nodes, index, of).forEach(hash -> proof.addPath(hash.toString()));
    return proof;
  }

  /** The path that shows the log of one size to begin with the log of another. */
  ConsistencyProof consistency(DSLContext tx, long from, long to) {
    checkSize("toSize", to, log.size(tx));
    checkSize("fromSize", from, to);
    LogNodes nodes = log.nodes(tx);
    ConsistencyProof.Builder proof =
        ConsistencyProof.newBuilder()
            .setFromSize(from)
            .setToSize(to)
            .setFromRoot(LogTree.root(nodes, from).toString())
            .setToRoot(LogTree.root(nodes, to).toString());
    LogTree.consistencyProof(nodes, from, to).forEach(hash -> proof.addPath(hash.toString()));
    return proof.build();
  }

  private static void checkRoot(Epochs.Row epoch, Hash root) {
    if (!root.equals(epoch.body().logRoot())) {
      throw ApiException.of(
          QueryErrors.ROOT_MISMATCH,
          "the stored log does not give the posted root of epoch " + epoch.epoch());
    }
  }

  private static void checkSize(String field, long size, long limit) {
    if (size > limit) {
      throw ApiException.invalid(field, "0 to " + limit, Long.toString(size));
    }
  }
}
