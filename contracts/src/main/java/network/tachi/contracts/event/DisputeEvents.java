package network.tachi.contracts.event;

/** Reads the events of DisputeResolver. */
final class DisputeEvents {
  /** The events of DisputeResolver. */
  static final EventTable TABLE =
      new EventTable.Builder()
          .dynamic(
              DisputeEvent.DisputeOpened.ABI,
              5,
              (t, d) ->
                  new DisputeEvent.DisputeOpened(
                      t.uint(0),
                      t.license(1),
                      t.address(2),
                      d.words(0),
                      d.amount(1),
                      d.word(2),
                      d.string(3),
                      d.uint64(4)))
          .dynamic(
              DisputeEvent.DisputeAnswered.ABI,
              3,
              (t, d) ->
                  new DisputeEvent.DisputeAnswered(t.uint(0), d.word(0), d.string(1), d.uint64(2)))
          .fixed(
              DisputeEvent.DisputeEscalated.ABI,
              1,
              (t, d) -> new DisputeEvent.DisputeEscalated(t.uint(0), d.uint64(0)))
          .fixed(
              DisputeEvent.DisputeResolved.ABI,
              2,
              (t, d) ->
                  new DisputeEvent.DisputeResolved(
                      t.uint(0), EventTable.small(d, 0, 8), EventTable.small(d, 1, 8)))
          .build();

  private DisputeEvents() {}
}
