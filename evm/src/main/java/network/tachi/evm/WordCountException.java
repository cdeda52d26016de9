package network.tachi.evm;

/** Thrown when more or fewer words are written than a fixed layout has: an error of the encoder. */
public final class WordCountException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  WordCountException(int expected, int found) {
    super("expected " + expected + " words, found " + (found > expected ? "more" : found));
  }
}
