package network.tachi.indexer;

import network.tachi.evm.rpc.Attempt;

/**
 * A node's answer that is not proven by the chain's own hashes. Nothing of it is stored; it is
 * asked for again.
 */
public final class RejectedAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Rejection rejection;
  private final long block;

  RejectedAnswerException(Rejection rejection, long block, String detail) {
    super("block " + block + " refused (" + rejection + "): " + detail);
    this.rejection = rejection;
    this.block = block;
  }

  /** What an exception of reading and checking says about the node that was read. */
  static Attempt.Blame blame(RuntimeException error) {
    return error instanceof RejectedAnswerException rejected
        ? rejected.rejection.blame()
        : Attempt.Blame.NONE;
  }

  /** What was wrong. */
  public Rejection rejection() {
    return rejection;
  }

  /** The height that was asked for. */
  public long block() {
    return block;
  }
}
