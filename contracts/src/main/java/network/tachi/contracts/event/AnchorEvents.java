package network.tachi.contracts.event;

/** Reads the events of HeaderAnchor. */
final class AnchorEvents {
  /** The events of HeaderAnchor. */
  static final EventTable TABLE =
      new EventTable.Builder()
          .fixed(
              AnchorEvent.HeaderAnchored.ABI,
              3,
              (t, d) ->
                  new AnchorEvent.HeaderAnchored(
                      t.uint64(0), t.uint64(1), t.word(2), d.word(0), d.word(1), d.word(2)))
          .build();

  private AnchorEvents() {}
}
