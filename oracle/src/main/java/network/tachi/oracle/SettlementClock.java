package network.tachi.oracle;

/** Tells the time by the settlement chain; every deadline on chain is kept by it. */
@FunctionalInterface
interface SettlementClock {
  /** The newest block's timestamp, in seconds since 1970. */
  long headTimestamp();
}
