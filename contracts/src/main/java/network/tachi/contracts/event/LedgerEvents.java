package network.tachi.contracts.event;

/** Reads the events of MeteringLedger. */
final class LedgerEvents {
  /** The events of MeteringLedger. */
  static final EventTable TABLE =
      new EventTable.Builder()
          .fixed(
              LedgerEvent.HeaderPosted.ABI,
              14,
              (t, d) ->
                  new LedgerEvent.HeaderPosted(
                      t.uint64(0),
                      t.uint64(1),
                      t.word(2),
                      d.word(0),
                      d.word(1),
                      EventTable.epochBody(d, 2),
                      d.uint64(13)))
          .fixed(
              LedgerEvent.HeaderFinalised.ABI,
              0,
              (t, _) -> new LedgerEvent.HeaderFinalised(t.uint64(0), t.word(1)))
          .fixed(
              LedgerEvent.HeaderVoided.ABI,
              0,
              (t, _) -> new LedgerEvent.HeaderVoided(t.uint64(0), t.uint64(1), t.word(2)))
          .fixed(
              LedgerEvent.ChallengeWon.ABI,
              1,
              (t, d) ->
                  new LedgerEvent.ChallengeWon(
                      EventTable.small(t, 0, 8), t.uint64(1), t.address(2), d.amount(0)))
          .fixed(
              LedgerEvent.GenerationRaised.ABI,
              2,
              (_, d) -> new LedgerEvent.GenerationRaised(d.uint64(0), d.uint64(1)))
          .fixed(
              LedgerEvent.Claimed.ABI,
              2,
              (t, d) ->
                  new LedgerEvent.Claimed(
                      t.license(0), t.address(1), t.uint64(2), d.amount(0), d.amount(1)))
          .fixed(
              LedgerEvent.BondDeposited.ABI,
              2,
              (t, d) -> new LedgerEvent.BondDeposited(t.address(0), d.amount(0), d.amount(1)))
          .fixed(
              LedgerEvent.BondNotice.ABI,
              2,
              (_, d) -> new LedgerEvent.BondNotice(d.amount(0), d.uint64(1)))
          .fixed(
              LedgerEvent.WindowScheduled.ABI,
              2,
              (_, d) -> new LedgerEvent.WindowScheduled(d.uint64(0), d.uint64(1)))
          .fixed(
              LedgerEvent.BondWithdrawn.ABI,
              2,
              (t, d) -> new LedgerEvent.BondWithdrawn(t.address(0), d.amount(0), d.amount(1)))
          .fixed(
              LedgerEvent.BondSlashed.ABI,
              2,
              (_, d) -> new LedgerEvent.BondSlashed(d.amount(0), d.amount(1)))
          .dynamic(
              LedgerEvent.SignerConfigProposed.ABI,
              5,
              (t, d) ->
                  new LedgerEvent.SignerConfigProposed(
                      t.uint64(0),
                      d.word(0),
                      EventTable.small(d, 1, 8),
                      EventTable.addresses(d, 2),
                      d.address(3),
                      d.uint64(4)))
          .fixed(
              LedgerEvent.SignerConfigActivated.ABI,
              1,
              (t, d) -> new LedgerEvent.SignerConfigActivated(t.uint64(0), d.word(0)))
          .fixed(
              LedgerEvent.AttestationKeyDropped.ABI,
              1,
              (t, d) -> new LedgerEvent.AttestationKeyDropped(t.uint64(0), d.address(0)))
          .dynamic(
              LedgerEvent.DemandOpened.ABI,
              4,
              (t, d) ->
                  new LedgerEvent.DemandOpened(
                      t.word(0),
                      t.word(1),
                      EventTable.small(t, 2, 8),
                      d.address(0),
                      d.bytes(1),
                      d.amount(2),
                      d.uint64(3)))
          .fixed(
              LedgerEvent.DemandAnswered.ABI,
              0,
              (t, _) -> new LedgerEvent.DemandAnswered(t.word(0), t.address(1)))
          .fixed(
              LedgerEvent.DemandExpired.ABI, 0, (t, _) -> new LedgerEvent.DemandExpired(t.word(0)))
          .fixed(
              LedgerEvent.PotOpened.ABI,
              1,
              (t, d) -> new LedgerEvent.PotOpened(t.word(0), d.amount(0)))
          .fixed(
              LedgerEvent.HarmPaid.ABI,
              2,
              (t, d) ->
                  new LedgerEvent.HarmPaid(
                      t.word(0), t.address(1), t.license(2), d.amount(0), d.amount(1)))
          .fixed(
              LedgerEvent.PotClosed.ABI,
              1,
              (t, d) -> new LedgerEvent.PotClosed(t.word(0), d.amount(0)))
          .fixed(
              LedgerEvent.OverdrawCovered.ABI,
              2,
              (t, d) -> new LedgerEvent.OverdrawCovered(t.address(0), d.amount(0), d.amount(1)))
          .build();

  private LedgerEvents() {}
}
