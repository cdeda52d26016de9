-- One feed of all that indexer and oracle commit (docs/adr/0022): a name for each chain's history, so that a cursor of
-- a database that was filled afresh is told from one of this database, and the oracle's own sequence.

ALTER TABLE chain.checkpoint ADD COLUMN feed_history uuid NOT NULL DEFAULT gen_random_uuid();
COMMENT ON COLUMN chain.checkpoint.feed_history IS 'Names the feed that begins with this row; a cursor of another one is refused';

CREATE OR REPLACE VIEW chain.head AS
  SELECT chain_id, genesis_hash, head_number, head_hash, head_timestamp, safe_number, safe_hash,
         finalized_number, finalized_hash, feed_seq, updated_at, feed_history
    FROM chain.checkpoint;

CREATE TABLE metering.feed_head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  seq bigint NOT NULL,
  history uuid NOT NULL DEFAULT gen_random_uuid()
);
COMMENT ON TABLE metering.feed_head IS 'The number of the feed''s last row; locked from there to the end of the commit, so that numbers have no gap';

CREATE TABLE metering.feed (
  seq bigint PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('entries', 'entries_cut', 'epochs', 'epochs_cut')),
  first bigint NOT NULL,
  last bigint NOT NULL,
  committed_at timestamptz NOT NULL
);
COMMENT ON TABLE metering.feed IS
  'What the oracle committed: lines of the log sequenced or taken back, epochs closed, changed, voided or taken back';

CREATE VIEW metering.feed_end AS SELECT seq, history FROM metering.feed_head;

CREATE VIEW metering.feed_entry AS SELECT seq, kind, first, last, committed_at FROM metering.feed;
