package network.tachi.indexer;

import network.tachi.evm.ChainId;
import network.tachi.store.ProjectionSchema;

/**
 * Thrown when commits have to write a form of the projection that this version does not know: a
 * newer version is to take over the writing.
 */
final class UnknownProjectionException extends IndexerHaltedException {
  private static final long serialVersionUID = 1L;

  UnknownProjectionException(ChainId chain, ProjectionSchema schema, String why) {
    super(
        "chain %s: this version cannot write %s (%s): run the version that it was deployed with"
            .formatted(chain, schema, why));
  }

  @Override
  public String code() {
    return "projection_unknown";
  }
}
