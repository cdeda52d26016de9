-- Who wrote a row of the feed, so that it can be shown that nobody wrote after another had taken over.

ALTER TABLE chain.feed ADD COLUMN lease_epoch bigint;
COMMENT ON COLUMN chain.feed.lease_epoch IS
  'The epoch of the lease under which the commit was made; null in rows older than this column. Never falls with seq';

CREATE OR REPLACE VIEW chain.feed_entry AS
  SELECT chain_id, seq, kind, first_block, last_block, head_hash, committed_at, lease_epoch FROM chain.feed;
