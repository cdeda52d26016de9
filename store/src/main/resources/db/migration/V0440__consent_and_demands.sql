-- What the oracle needs to show a crawler's consent to each line when it is asked for (docs/security/contracts.md section 2).

-- A voucher that a revoked signer has signed counts again once another one signs the same.
ALTER TABLE metering.voucher DROP CONSTRAINT voucher_pkey;
ALTER TABLE metering.voucher ADD PRIMARY KEY (voucher_hash, signer);
CREATE INDEX voucher_by_signer ON metering.voucher (crawler, license_id, signer, cumulative_max DESC);

ALTER TABLE metering.log_leaf ADD COLUMN admitted_at bigint NOT NULL DEFAULT 0;
ALTER TABLE metering.log_leaf_cut ADD COLUMN admitted_at bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN metering.log_leaf.admitted_at IS
  'Timestamp of the newest indexed block when the entry was admitted; kept when it is sequenced again. 0: not known';

CREATE INDEX epoch_pending ON metering.epoch (header_hash) WHERE state NOT IN ('voided', 'finalised');

-- Every thaw there ever was, with the block that ended it: by a withdrawal, by being cancelled, or by a new one.
CREATE VIEW chain.thaw_history AS
  SELECT t.chain_id, t.crawler, t.amount, t.block_timestamp AS started_at, t.thaw_ends_at,
         t.block_number, t.log_index,
         coalesce((SELECT max(w.total_withdrawn) FROM chain.credit_withdrawn w
                    WHERE w.chain_id = t.chain_id AND w.crawler = t.crawler
                      AND (w.block_number, w.log_index) < (t.block_number, t.log_index)), 0)::types.usdc
           AS withdrawn_before,
         e.block_number AS ended_block
    FROM chain.thaw_started t
    LEFT JOIN LATERAL (
      SELECT min(x.block_number) AS block_number FROM (
        SELECT chain_id, crawler, block_number, log_index FROM chain.thaw_started
        UNION ALL SELECT chain_id, crawler, block_number, log_index FROM chain.thaw_cancelled
        UNION ALL SELECT chain_id, crawler, block_number, log_index FROM chain.credit_withdrawn) x
       WHERE x.chain_id = t.chain_id AND x.crawler = t.crawler
         AND (x.block_number, x.log_index) > (t.block_number, t.log_index)) e ON true;
