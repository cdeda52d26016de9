package network.tachi.contracts.event;

/** An event of one of Tachi's contracts (wire.md section 7). */
public sealed interface TachiEvent
    permits LicenseEvent,
        PaymentEvent,
        DisputeEvent,
        EscrowEvent,
        LedgerEvent,
        AnchorEvent,
        LegacyEvent {
  /** The event's name, as the contract has it. */
  default String name() {
    return getClass().getSimpleName();
  }
}
