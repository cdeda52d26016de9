-- Whose events each chain is indexed for, so that a contract added later is not taken for one that never logged anything.

CREATE TABLE chain.followed_contract (
  chain_id bigint NOT NULL,
  contract types.address NOT NULL,
  kind text NOT NULL,
  start_block bigint NOT NULL,
  PRIMARY KEY (chain_id, contract)
);
COMMENT ON TABLE chain.followed_contract IS 'The contracts whose events were indexed in every block from start_block up to the checkpoint';
