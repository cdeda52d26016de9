package network.tachi.contracts.event;

/** Reads the events of CrawlLicense. */
final class LicenseEvents {
  /** The events of CrawlLicense. */
  static final EventTable TABLE =
      new EventTable.Builder()
          .dynamic(
              LicenseEvent.LicenseMinted.ABI,
              1,
              (t, d) -> new LicenseEvent.LicenseMinted(t.address(0), t.license(1), d.string(0)))
          .fixed(
              LicenseEvent.LicenseDeactivated.ABI,
              0,
              (t, _) -> new LicenseEvent.LicenseDeactivated(t.license(0)))
          .fixed(
              LicenseEvent.LicenseReactivated.ABI,
              0,
              (t, _) -> new LicenseEvent.LicenseReactivated(t.license(0)))
          .fixed(
              LicenseEvent.LicenseSuspended.ABI,
              0,
              (t, _) -> new LicenseEvent.LicenseSuspended(t.license(0)))
          .fixed(
              LicenseEvent.LicenseUnsuspended.ABI,
              0,
              (t, _) -> new LicenseEvent.LicenseUnsuspended(t.license(0)))
          .dynamic(
              LicenseEvent.TermsURIUpdated.ABI,
              1,
              (t, d) -> new LicenseEvent.TermsURIUpdated(t.license(0), d.string(0)))
          .fixed(
              LicenseEvent.PayoutScheduled.ABI,
              1,
              (t, d) -> new LicenseEvent.PayoutScheduled(t.license(0), t.address(1), d.uint64(0)))
          .fixed(
              LicenseEvent.LicenseLinked.ABI,
              0,
              (t, _) -> new LicenseEvent.LicenseLinked(t.license(0), t.uint(1), t.uint(2)))
          .dynamic(
              LicenseEvent.DomainClaimed.ABI,
              1,
              (t, d) -> new LicenseEvent.DomainClaimed(t.license(0), t.word(1), d.string(0)))
          .fixed(
              LicenseEvent.DomainReleased.ABI,
              0,
              (t, _) -> new LicenseEvent.DomainReleased(t.license(0), t.word(1)))
          .fixed(
              LicenseEvent.DomainVerified.ABI,
              0,
              (t, _) -> new LicenseEvent.DomainVerified(t.license(0), t.word(1)))
          .fixed(
              LicenseEvent.DomainUnverified.ABI,
              0,
              (t, _) -> new LicenseEvent.DomainUnverified(t.license(0), t.word(1)))
          .fixed(
              LicenseEvent.DomainReplacementStarted.ABI,
              1,
              (t, d) ->
                  new LicenseEvent.DomainReplacementStarted(
                      t.license(0), t.word(1), t.license(2), d.uint64(0)))
          .fixed(
              LicenseEvent.DomainReplacementCancelled.ABI,
              0,
              (t, _) -> new LicenseEvent.DomainReplacementCancelled(t.license(0), t.word(1)))
          .fixed(
              LicenseEvent.RecoverySet.ABI,
              0,
              (t, _) -> new LicenseEvent.RecoverySet(t.license(0), t.address(1)))
          .fixed(
              LicenseEvent.RecoveryStarted.ABI,
              1,
              (t, d) -> new LicenseEvent.RecoveryStarted(t.license(0), t.address(1), d.uint64(0)))
          .fixed(
              LicenseEvent.RecoveryCancelled.ABI,
              0,
              (t, _) -> new LicenseEvent.RecoveryCancelled(t.license(0)))
          .fixed(
              LicenseEvent.Transfer.ABI,
              0,
              (t, _) -> new LicenseEvent.Transfer(t.address(0), t.address(1), t.license(2)))
          .fixed(LicenseEvent.Locked.ABI, 1, (_, d) -> new LicenseEvent.Locked(d.license(0)))
          .fixed(
              LicenseEvent.MetadataUpdate.ABI,
              1,
              (_, d) -> new LicenseEvent.MetadataUpdate(d.license(0)))
          .build();

  private LicenseEvents() {}
}
