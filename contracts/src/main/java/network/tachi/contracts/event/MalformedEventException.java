package network.tachi.contracts.event;

import network.tachi.evm.AbiEvent;

/** Thrown when a log has the first topic of an event of its contract, but not that event's form. */
public final class MalformedEventException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String signature;

  MalformedEventException(AbiEvent event, String found) {
    super("log of " + event.signature() + ": " + found);
    this.signature = event.signature();
  }

  MalformedEventException(AbiEvent event, RuntimeException cause) {
    super("log of " + event.signature() + ": " + cause.getMessage(), cause);
    this.signature = event.signature();
  }

  /** The signature of the event that the log claims to be. */
  public String signature() {
    return signature;
  }
}
