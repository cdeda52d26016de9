package network.tachi.evm.rpc.pool;

/** What a pool thinks of an endpoint. */
public enum EndpointState {
  /** It is asked. */
  READY,
  /** It failed several times in a row; asked only if no other is ready. */
  FAILING,
  /** It was caught giving answers that its own hashes disprove, or that lag behind. */
  CORDONED,
  /** It serves another chain. */
  WRONG_CHAIN,
  /** Its account is used up, or lets nobody in. */
  UNPAID;

  /** Whether it may be asked by those who check every answer, if nothing better is left. */
  boolean isLastResort(boolean checked) {
    return this == READY || this == FAILING || (this == CORDONED && checked);
  }
}
