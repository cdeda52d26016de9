package network.tachi.contracts.event;

/** Reads the events of the first Tachi's contracts, read only. */
final class LegacyEvents {
  /** The events of the licence contract of the first Tachi. */
  static final EventTable LICENSE =
      new EventTable.Builder()
          .dynamic(
              LegacyEvent.LicenseMinted.ABI,
              1,
              (t, d) -> new LegacyEvent.LicenseMinted(t.address(0), t.license(1), d.string(0)))
          .fixed(
              LegacyEvent.LicenseDeactivated.ABI,
              0,
              (t, _) -> new LegacyEvent.LicenseDeactivated(t.license(0)))
          .fixed(
              LegacyEvent.LicenseReactivated.ABI,
              0,
              (t, _) -> new LegacyEvent.LicenseReactivated(t.license(0)))
          .dynamic(
              LegacyEvent.TermsURIUpdated.ABI,
              1,
              (t, d) -> new LegacyEvent.TermsURIUpdated(t.license(0), d.string(0)))
          .build();

  /** The events of the payment contract of the first Tachi. */
  static final EventTable PAYMENTS =
      new EventTable.Builder()
          .fixed(
              LegacyEvent.Payment.ABI,
              2,
              (t, d) -> new LegacyEvent.Payment(t.address(0), t.address(1), d.amount(0), d.uint(1)))
          .build();

  /** The events of the log contract of the first Tachi. */
  static final EventTable LOG =
      new EventTable.Builder()
          .dynamic(
              LegacyEvent.CrawlLogged.ABI,
              2,
              (t, d) ->
                  new LegacyEvent.CrawlLogged(
                      t.uint(0), t.uint(1), t.address(2), d.string(0), d.uint(1)))
          .dynamic(
              LegacyEvent.PaymentLogged.ABI,
              3,
              (t, d) ->
                  new LegacyEvent.PaymentLogged(
                      t.uint(0), t.address(1), t.address(2), d.amount(0), d.string(1), d.uint(2)))
          .build();

  private LegacyEvents() {}
}
