-- What the store says of a chain as one hash a block, so that two stores can be compared (docs/indexer.md).

ALTER TABLE chain.block ADD COLUMN digest types.hash CHECK (digest IS NULL OR log_count > 0);
COMMENT ON COLUMN chain.block.digest IS
  'The state digest after this block: chained over the blocks that hold events, and over their rows as they are stored';
CREATE INDEX block_with_digest ON chain.block (chain_id, number) WHERE digest IS NOT NULL;

-- Says that what is derived from a chain's event rows is complete; a chain indexed by an older version has no row
-- until the indexer has derived it.
CREATE TABLE chain.history (
  chain_id bigint PRIMARY KEY,
  version int NOT NULL
);
COMMENT ON TABLE chain.history IS 'Which version of the indexer derived the digests of a chain';

-- A block without events has the digest of the nearest one below that has some.
CREATE VIEW chain.state_digest AS
  SELECT chain_id, number, hash, digest FROM chain.block WHERE digest IS NOT NULL;

CREATE FUNCTION chain.digest_at(chain bigint, block bigint)
RETURNS TABLE (number bigint, hash types.hash, digest types.hash) LANGUAGE sql STABLE AS $function$
  SELECT d.number, d.hash, d.digest FROM chain.state_digest d
   WHERE d.chain_id = digest_at.chain AND d.number <= digest_at.block
   ORDER BY d.number DESC LIMIT 1
$function$;
COMMENT ON FUNCTION chain.digest_at IS 'The digest as of a block, and the block that it is of';
