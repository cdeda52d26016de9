package network.tachi.bench;

/** An indexer that does the work on which all are compared. */
interface Contender {
  /** Its name and version. */
  String name();

  /** Indexes the chain into a database of its own, from nothing. */
  Result run(BackfillRun run);
}
