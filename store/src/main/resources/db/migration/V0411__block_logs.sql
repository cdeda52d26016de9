-- The verified logs themselves, so that any projection of them can be made again without asking a node.

CREATE TABLE chain.block_logs (
  chain_id bigint NOT NULL,
  number bigint NOT NULL,
  block_hash types.hash NOT NULL,
  timestamp bigint NOT NULL,
  logs bytea NOT NULL,
  PRIMARY KEY (chain_id, number)
);
COMMENT ON TABLE chain.block_logs IS 'All logs of followed contracts, one row a block that has any, in the compact form of the indexer''s BlockLogs';
-- They are compact already; the server's own compression would cost more than it saves.
ALTER TABLE chain.block_logs ALTER COLUMN logs SET STORAGE EXTERNAL;
