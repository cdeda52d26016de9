package network.tachi.evm.rpc;

/** Blocks named by how settled they are. */
public enum BlockTag implements BlockRef {
  /** The head. */
  LATEST("latest"),
  /** The newest block whose data is safe with high likelihood; on Base, posted to Ethereum. */
  SAFE("safe"),
  /** The newest block that can't be undone. */
  FINALIZED("finalized"),
  /** The head and the transactions waiting in this node. */
  PENDING("pending"),
  /** The first block. */
  EARLIEST("earliest");

  private final String text;

  BlockTag(String text) {
    this.text = text;
  }

  /** The tag as the node knows it. */
  @Override
  public String toString() {
    return text;
  }
}
