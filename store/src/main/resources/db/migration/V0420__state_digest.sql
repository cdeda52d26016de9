-- What the store says of a chain as one hash a block, so that two stores can be compared (docs/indexer.md).

CREATE TABLE chain_v1.block_digest (
  chain_id bigint NOT NULL,
  number bigint NOT NULL,
  hash types.hash NOT NULL,
  digest types.hash NOT NULL,
  PRIMARY KEY (chain_id, number)
);
COMMENT ON TABLE chain_v1.block_digest IS
  'The state digest after each block with events: chained over those blocks, and over their rows as they are stored';

-- Says that what is derived from a chain's event rows is complete; a chain indexed by an older version has no row
-- until the indexer has derived it.
CREATE TABLE chain_v1.history (
  chain_id bigint PRIMARY KEY,
  version int NOT NULL
);
COMMENT ON TABLE chain_v1.history IS 'Which version of the indexer derived the digests and versions of a chain';

-- A block without events has the digest of the nearest one below that has some.
CREATE VIEW chain.state_digest AS SELECT chain_id, number, hash, digest FROM chain_v1.block_digest;

CREATE FUNCTION chain.digest_at(chain bigint, block bigint)
RETURNS TABLE (number bigint, hash types.hash, digest types.hash) LANGUAGE sql STABLE AS $function$
  SELECT d.number, d.hash, d.digest FROM chain.state_digest d
   WHERE d.chain_id = digest_at.chain AND d.number <= digest_at.block
   ORDER BY d.number DESC LIMIT 1
$function$;
COMMENT ON FUNCTION chain.digest_at IS 'The digest as of a block, and the block that it is of';
