package network.tachi.tx;

/**
 * Asks the contract itself whether what a queued request would do is already done, so that it is
 * not sent in vain. May be asked by several threads at a time. If it throws, the request waits.
 */
@FunctionalInterface
public interface AlreadyDone {
  /** A sender that never knows better. */
  AlreadyDone NEVER = (kind, key) -> false;

  /** True if the request's effect already stands on the chain. */
  boolean test(String kind, String key);
}
