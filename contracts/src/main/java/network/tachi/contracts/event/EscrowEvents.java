package network.tachi.contracts.event;

/** Reads the events of CreditEscrow. */
final class EscrowEvents {
  /** The events of CreditEscrow. */
  static final EventTable TABLE =
      new EventTable.Builder()
          .fixed(
              EscrowEvent.Deposited.ABI,
              2,
              (t, d) -> new EscrowEvent.Deposited(t.address(0), d.address(0), d.amount(1)))
          .fixed(
              EscrowEvent.ThawStarted.ABI,
              2,
              (t, d) -> new EscrowEvent.ThawStarted(t.address(0), d.amount(0), d.uint64(1)))
          .fixed(
              EscrowEvent.ThawCancelled.ABI,
              0,
              (t, _) -> new EscrowEvent.ThawCancelled(t.address(0)))
          .fixed(
              EscrowEvent.CreditWithdrawn.ABI,
              2,
              (t, d) ->
                  new EscrowEvent.CreditWithdrawn(
                      t.address(0), t.address(1), d.amount(0), d.amount(1)))
          .fixed(
              EscrowEvent.SignerRegistered.ABI,
              2,
              (t, d) ->
                  new EscrowEvent.SignerRegistered(
                      t.address(0), t.address(1), d.uint64(0), d.uint64(1)))
          .fixed(
              EscrowEvent.SignerRevoked.ABI,
              1,
              (t, d) -> new EscrowEvent.SignerRevoked(t.address(0), t.address(1), d.uint64(0)))
          .fixed(
              EscrowEvent.ClaimPaid.ABI,
              1,
              (t, d) -> new EscrowEvent.ClaimPaid(t.license(0), t.address(1), d.amount(0)))
          .build();

  private EscrowEvents() {}
}
