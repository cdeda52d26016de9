package network.tachi.app.domain;

/**
 * What one way of proving a domain claim came to.
 *
 * @param outcome what it means
 * @param says where it was looked for and what was there, for people
 */
public record Proof(Outcome outcome, String says) {
  /** What a look came to. */
  public enum Outcome {
    /** The proof is there. */
    PROVEN,
    /** The domain answers, and the proof is not there. */
    ABSENT,
    /** The domain could not be asked, so nothing is known. */
    UNKNOWN
  }

  static Proof proven(String says) {
    return new Proof(Outcome.PROVEN, says);
  }

  static Proof absent(String says) {
    return new Proof(Outcome.ABSENT, says);
  }

  static Proof unknown(String says) {
    return new Proof(Outcome.UNKNOWN, says);
  }

  /** Whether the proof is there. */
  public boolean isProven() {
    return outcome == Outcome.PROVEN;
  }
}
