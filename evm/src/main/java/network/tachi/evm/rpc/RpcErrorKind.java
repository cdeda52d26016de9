package network.tachi.evm.rpc;

/**
 * What a failed call means for the caller: whether to ask for less, wait, ask another endpoint, or
 * give up. Providers say the same thing with many codes and words; {@link RpcFailure} sorts them.
 */
public enum RpcErrorKind {
  /** The range of blocks is above a fixed cap of the endpoint, whatever it holds. */
  RANGE_TOO_LARGE(Remedy.ASK_FOR_LESS),
  /** The range holds more logs than the endpoint gives at once; a shorter one may do. */
  TOO_MANY_RESULTS(Remedy.ASK_FOR_LESS),
  /** The filter names more contracts or topics than the endpoint takes, or fewer than it wants. */
  TOO_MANY_ADDRESSES(Remedy.ASK_FOR_LESS),
  /** The request holds more calls, or more bytes, than the endpoint takes. */
  BATCH_TOO_LARGE(Remedy.ASK_FOR_LESS),
  /** The answer would be longer than the endpoint sends or the client takes. */
  BODY_TOO_LARGE(Remedy.ASK_FOR_LESS),
  /** Too many requests in a time. */
  RATE_LIMITED(Remedy.ASK_ELSEWHERE),
  /** The account is used up or the plan lacks it; no request will succeed there for long. */
  BILLING(Remedy.ASK_ELSEWHERE),
  /** The endpoint does not let the caller in. */
  AUTH(Remedy.ASK_ELSEWHERE),
  /** The endpoint has not got the block or its state, or not yet; another may. */
  MISSING_DATA(Remedy.ASK_ELSEWHERE),
  /** The endpoint does not know the method or the block tag. */
  UNSUPPORTED(Remedy.ASK_ELSEWHERE),
  /** The endpoint or what is behind it fails. */
  BACKEND_DOWN(Remedy.ASK_ELSEWHERE),
  /** No answer in time. */
  TIMEOUT(Remedy.ASK_ELSEWHERE),
  /** The answer is not JSON-RPC, or not of the form that the method gives. */
  MALFORMED(Remedy.ASK_ELSEWHERE),
  /** The endpoint serves another chain. */
  WRONG_CHAIN(Remedy.ASK_ELSEWHERE),
  /** Every honest node says the same: a revert, a wrong parameter, a transaction that can't be. */
  DETERMINISTIC(Remedy.GIVE_UP),
  /** The caller was stopped. */
  INTERRUPTED(Remedy.GIVE_UP),
  /** None of the known; the message is logged as it came. */
  UNKNOWN(Remedy.ASK_ELSEWHERE);

  private final Remedy remedy;

  RpcErrorKind(Remedy remedy) {
    this.remedy = remedy;
  }

  private enum Remedy {
    ASK_FOR_LESS,
    ASK_ELSEWHERE,
    GIVE_UP
  }

  /**
   * Whether the same request is worth asking of another endpoint. What asks for less is better cut,
   * but the answer's length is also a matter of the endpoint's taste.
   */
  public boolean mayWorkElsewhere() {
    return remedy == Remedy.ASK_ELSEWHERE || this == BODY_TOO_LARGE;
  }

  /** Whether the request itself is to be cut into smaller ones. */
  public boolean asksForLess() {
    return remedy == Remedy.ASK_FOR_LESS;
  }

  /**
   * Whether a request for the logs of fewer blocks may succeed: the asked range is too large or too
   * dense. For what is {@link #UNKNOWN} nothing else is left to try.
   */
  public boolean mayNeedShorterRange() {
    return switch (this) {
      case RANGE_TOO_LARGE, TOO_MANY_RESULTS, BODY_TOO_LARGE, TIMEOUT, UNKNOWN -> true;
      case TOO_MANY_ADDRESSES,
          BATCH_TOO_LARGE,
          RATE_LIMITED,
          BILLING,
          AUTH,
          MISSING_DATA,
          UNSUPPORTED,
          BACKEND_DOWN,
          MALFORMED,
          WRONG_CHAIN,
          DETERMINISTIC,
          INTERRUPTED ->
          false;
    };
  }

  /** Whether it speaks against the endpoint, so that others are to be preferred. */
  public boolean isFault() {
    return switch (this) {
      case BACKEND_DOWN, TIMEOUT, MALFORMED, UNKNOWN, AUTH, BILLING, WRONG_CHAIN -> true;
      case RANGE_TOO_LARGE,
          TOO_MANY_RESULTS,
          TOO_MANY_ADDRESSES,
          BATCH_TOO_LARGE,
          BODY_TOO_LARGE,
          RATE_LIMITED,
          MISSING_DATA,
          UNSUPPORTED,
          DETERMINISTIC,
          INTERRUPTED ->
          false;
    };
  }
}
