package network.tachi.tx;

/** The same (chain, kind, key) was asked for before with another payload. */
public final class TxConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TxConflictException(TxRequest request) {
    super(
        request.kind()
            + " "
            + request.key()
            + " on chain "
            + request.chain()
            + " is in the outbox with another payload");
  }
}
