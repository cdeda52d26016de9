package network.tachi.contracts.event;

/** Reads the events of PaymentProcessor. */
final class PaymentEvents {
  /** The events of PaymentProcessor. */
  static final EventTable TABLE =
      new EventTable.Builder()
          .fixed(
              PaymentEvent.PaymentMade.ABI,
              4,
              (t, d) ->
                  new PaymentEvent.PaymentMade(
                      t.word(0),
                      t.license(1),
                      t.address(2),
                      d.amount(0),
                      d.word(1),
                      EventTable.small(d, 2, 8),
                      d.uint64(3)))
          .fixed(PaymentEvent.PaymentHeld.ABI, 0, (t, _) -> new PaymentEvent.PaymentHeld(t.word(0)))
          .fixed(
              PaymentEvent.PaymentReleased.ABI,
              0,
              (t, _) -> new PaymentEvent.PaymentReleased(t.word(0)))
          .fixed(
              PaymentEvent.PaymentRefunded.ABI,
              1,
              (t, d) -> new PaymentEvent.PaymentRefunded(t.word(0), t.address(1), d.amount(0)))
          .fixed(
              PaymentEvent.Withdrawn.ABI,
              2,
              (t, d) ->
                  new PaymentEvent.Withdrawn(t.license(0), t.address(1), d.amount(0), d.amount(1)))
          .fixed(
              PaymentEvent.Swept.ABI,
              2,
              (t, d) ->
                  new PaymentEvent.Swept(t.license(0), t.address(1), d.amount(0), d.amount(1)))
          .fixed(
              PaymentEvent.VaultDeployed.ABI,
              1,
              (t, d) -> new PaymentEvent.VaultDeployed(t.license(0), d.address(0)))
          .fixed(
              PaymentEvent.FeeScheduled.ABI,
              2,
              (_, d) -> new PaymentEvent.FeeScheduled(EventTable.small(d, 0, 16), d.uint64(1)))
          .fixed(
              PaymentEvent.FeesCollected.ABI,
              1,
              (t, d) -> new PaymentEvent.FeesCollected(t.address(0), d.amount(0)))
          .build();

  private PaymentEvents() {}
}
