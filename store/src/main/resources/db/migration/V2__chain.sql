-- What the chains say (docs/spec/wire.md section 7). One append-only table an event, keyed by its place on the chain.
-- Rows are never updated: a rollback deletes the rows above the common ancestor. Times are seconds since 1970.

CREATE TABLE chain.checkpoint (
  chain_id bigint PRIMARY KEY,
  genesis_hash types.hash NOT NULL,
  head_number bigint NOT NULL,
  head_hash types.hash NOT NULL,
  head_timestamp bigint NOT NULL,
  safe_number bigint NOT NULL,
  safe_hash types.hash NOT NULL,
  finalized_number bigint NOT NULL,
  finalized_hash types.hash NOT NULL,
  feed_seq bigint NOT NULL,
  lease_epoch bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  CHECK (finalized_number <= safe_number AND safe_number <= head_number)
);
COMMENT ON TABLE chain.checkpoint IS 'Up to where each chain is indexed; written in the transaction of its rows';

CREATE TABLE chain.lease (
  chain_id bigint PRIMARY KEY,
  holder text NOT NULL,
  epoch bigint NOT NULL,
  expires_at timestamptz NOT NULL
);
COMMENT ON TABLE chain.lease IS 'The one writer of a chain; its epoch is the fencing token of each commit';

CREATE TABLE chain.feed (
  chain_id bigint NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('blocks', 'fork', 'finality')),
  first_block bigint NOT NULL,
  last_block bigint NOT NULL,
  head_hash types.hash NOT NULL,
  committed_at timestamptz NOT NULL,
  PRIMARY KEY (chain_id, seq)
);
COMMENT ON TABLE chain.feed IS 'One row a commit, without gaps; a fork row announces that blocks above first_block - 1 were undone';

CREATE TABLE chain.block (
  chain_id bigint NOT NULL,
  number bigint NOT NULL,
  hash types.hash NOT NULL,
  parent_hash types.hash NOT NULL,
  timestamp bigint NOT NULL,
  verification text NOT NULL CHECK (verification IN ('header', 'bloom', 'receipts', 'unverified')),
  log_count int NOT NULL DEFAULT 0,
  PRIMARY KEY (chain_id, number),
  UNIQUE (chain_id, hash)
);
COMMENT ON COLUMN chain.block.verification IS
  'What was checked: the header hash only, that the bloom excludes our contracts, or the receipts root';

-- What every event table begins with. Later migrations make event tables by LIKE chain.event_template INCLUDING ALL.
CREATE TABLE chain.event_template (
  chain_id bigint NOT NULL,
  block_number bigint NOT NULL,
  log_index int NOT NULL,
  block_hash types.hash NOT NULL,
  block_timestamp bigint NOT NULL,
  tx_hash types.hash NOT NULL,
  tx_index int NOT NULL,
  contract types.address NOT NULL,
  PRIMARY KEY (chain_id, block_number, log_index)
);

-- CrawlLicense ------------------------------------------------------------------------------------------------------

CREATE TABLE chain.license_minted (LIKE chain.event_template INCLUDING ALL,
  publisher types.address NOT NULL, license_id bigint NOT NULL, terms_uri text NOT NULL);
CREATE TABLE chain.license_deactivated (LIKE chain.event_template INCLUDING ALL, license_id bigint NOT NULL);
CREATE TABLE chain.license_reactivated (LIKE chain.event_template INCLUDING ALL, license_id bigint NOT NULL);
CREATE TABLE chain.license_suspended (LIKE chain.event_template INCLUDING ALL, license_id bigint NOT NULL);
CREATE TABLE chain.license_unsuspended (LIKE chain.event_template INCLUDING ALL, license_id bigint NOT NULL);
CREATE TABLE chain.terms_uri_updated (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, new_terms_uri text NOT NULL);
CREATE TABLE chain.payout_scheduled (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, payout types.address NOT NULL, effective_at bigint NOT NULL);
CREATE TABLE chain.license_linked (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, other_chain_id types.uint256 NOT NULL, other_license_id types.uint256 NOT NULL);
CREATE TABLE chain.domain_claimed (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, domain_hash types.hash NOT NULL, domain text NOT NULL);
CREATE TABLE chain.domain_released (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, domain_hash types.hash NOT NULL);
CREATE TABLE chain.domain_verified (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, domain_hash types.hash NOT NULL);
CREATE TABLE chain.domain_unverified (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, domain_hash types.hash NOT NULL);
CREATE TABLE chain.domain_replacement_started (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, domain_hash types.hash NOT NULL, holder_license_id bigint NOT NULL,
  effective_at bigint NOT NULL);
CREATE TABLE chain.domain_replacement_cancelled (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, domain_hash types.hash NOT NULL);
CREATE TABLE chain.recovery_set (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, recovery types.address NOT NULL);
CREATE TABLE chain.recovery_started (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, new_holder types.address NOT NULL, effective_at bigint NOT NULL);
CREATE TABLE chain.recovery_cancelled (LIKE chain.event_template INCLUDING ALL, license_id bigint NOT NULL);
CREATE TABLE chain.license_transfer (LIKE chain.event_template INCLUDING ALL,
  from_address types.address NOT NULL, to_address types.address NOT NULL, license_id bigint NOT NULL);
CREATE TABLE chain.license_locked (LIKE chain.event_template INCLUDING ALL, license_id bigint NOT NULL);
CREATE TABLE chain.metadata_update (LIKE chain.event_template INCLUDING ALL, license_id bigint NOT NULL);

-- PaymentProcessor --------------------------------------------------------------------------------------------------

CREATE TABLE chain.payment_made (LIKE chain.event_template INCLUDING ALL,
  payment_id types.hash NOT NULL, license_id bigint NOT NULL, payer types.address NOT NULL,
  amount types.usdc NOT NULL, nonce types.hash NOT NULL, method smallint NOT NULL, paid_at bigint NOT NULL);
CREATE TABLE chain.payment_held (LIKE chain.event_template INCLUDING ALL, payment_id types.hash NOT NULL);
CREATE TABLE chain.payment_released (LIKE chain.event_template INCLUDING ALL, payment_id types.hash NOT NULL);
CREATE TABLE chain.payment_refunded (LIKE chain.event_template INCLUDING ALL,
  payment_id types.hash NOT NULL, payer types.address NOT NULL, amount types.usdc NOT NULL);
CREATE TABLE chain.withdrawn (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, payout types.address NOT NULL, amount types.usdc NOT NULL, fee types.usdc NOT NULL);
CREATE TABLE chain.swept (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, payout types.address NOT NULL, amount types.usdc NOT NULL, fee types.usdc NOT NULL);
CREATE TABLE chain.vault_deployed (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, vault types.address NOT NULL);
CREATE TABLE chain.fee_scheduled (LIKE chain.event_template INCLUDING ALL,
  fee_bps int NOT NULL, effective_at bigint NOT NULL);
CREATE TABLE chain.fees_collected (LIKE chain.event_template INCLUDING ALL,
  to_address types.address NOT NULL, amount types.usdc NOT NULL);

-- DisputeResolver ---------------------------------------------------------------------------------------------------

CREATE TABLE chain.dispute_opened (LIKE chain.event_template INCLUDING ALL,
  dispute_id bigint NOT NULL, license_id bigint NOT NULL, crawler types.address NOT NULL,
  payment_ids bytea[] NOT NULL, amount types.usdc NOT NULL, evidence_hash types.hash NOT NULL,
  evidence_uri text NOT NULL, answer_by bigint NOT NULL);
CREATE TABLE chain.dispute_answered (LIKE chain.event_template INCLUDING ALL,
  dispute_id bigint NOT NULL, evidence_hash types.hash NOT NULL, evidence_uri text NOT NULL,
  escalate_by bigint NOT NULL);
CREATE TABLE chain.dispute_escalated (LIKE chain.event_template INCLUDING ALL,
  dispute_id bigint NOT NULL, rule_by bigint NOT NULL);
CREATE TABLE chain.dispute_resolved (LIKE chain.event_template INCLUDING ALL,
  dispute_id bigint NOT NULL, outcome smallint NOT NULL, cause smallint NOT NULL);

-- CreditEscrow ------------------------------------------------------------------------------------------------------

CREATE TABLE chain.deposited (LIKE chain.event_template INCLUDING ALL,
  crawler types.address NOT NULL, from_address types.address NOT NULL, amount types.usdc NOT NULL,
  total_deposited types.usdc NOT NULL);
CREATE TABLE chain.thaw_started (LIKE chain.event_template INCLUDING ALL,
  crawler types.address NOT NULL, amount types.usdc NOT NULL, thaw_ends_at bigint NOT NULL);
CREATE TABLE chain.thaw_cancelled (LIKE chain.event_template INCLUDING ALL, crawler types.address NOT NULL);
CREATE TABLE chain.credit_withdrawn (LIKE chain.event_template INCLUDING ALL,
  crawler types.address NOT NULL, to_address types.address NOT NULL, amount types.usdc NOT NULL,
  total_withdrawn types.usdc NOT NULL);
CREATE TABLE chain.signer_registered (LIKE chain.event_template INCLUDING ALL,
  crawler types.address NOT NULL, signer types.address NOT NULL, valid_from bigint NOT NULL, expiry bigint NOT NULL);
CREATE TABLE chain.signer_revoked (LIKE chain.event_template INCLUDING ALL,
  crawler types.address NOT NULL, signer types.address NOT NULL, revoked_at bigint NOT NULL);
CREATE TABLE chain.claim_paid (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, payout types.address NOT NULL, amount types.usdc NOT NULL);

-- MeteringLedger ----------------------------------------------------------------------------------------------------

CREATE TABLE chain.header_posted (LIKE chain.event_template INCLUDING ALL,
  epoch bigint NOT NULL, generation bigint NOT NULL, header_hash types.hash NOT NULL,
  prev_header_hash types.hash NOT NULL, config_digest types.hash NOT NULL,
  log_size bigint NOT NULL, log_root types.hash NOT NULL, license_count bigint NOT NULL,
  credit_root types.hash NOT NULL, crawler_count bigint NOT NULL, debit_root types.hash NOT NULL,
  total_credit types.usdc NOT NULL, total_debit types.usdc NOT NULL, rules_hash types.hash NOT NULL,
  data_commitment types.hash NOT NULL, closed_at bigint NOT NULL, finalisable_at bigint NOT NULL);
CREATE TABLE chain.header_finalised (LIKE chain.event_template INCLUDING ALL,
  epoch bigint NOT NULL, header_hash types.hash NOT NULL);
CREATE TABLE chain.header_voided (LIKE chain.event_template INCLUDING ALL,
  epoch bigint NOT NULL, generation bigint NOT NULL, header_hash types.hash NOT NULL);
CREATE TABLE chain.challenge_won (LIKE chain.event_template INCLUDING ALL,
  challenge smallint NOT NULL, epoch bigint NOT NULL, challenger types.address NOT NULL, reward types.usdc NOT NULL);
CREATE TABLE chain.generation_raised (LIKE chain.event_template INCLUDING ALL,
  generation bigint NOT NULL, last_good_epoch bigint NOT NULL);
CREATE TABLE chain.claimed (LIKE chain.event_template INCLUDING ALL,
  license_id bigint NOT NULL, payout types.address NOT NULL, epoch bigint NOT NULL,
  amount types.usdc NOT NULL, cumulative types.usdc NOT NULL);
CREATE TABLE chain.bond_deposited (LIKE chain.event_template INCLUDING ALL,
  from_address types.address NOT NULL, amount types.usdc NOT NULL, bond types.usdc NOT NULL);
CREATE TABLE chain.bond_notice (LIKE chain.event_template INCLUDING ALL,
  amount types.usdc NOT NULL, withdrawable_at bigint NOT NULL);
CREATE TABLE chain.bond_withdrawn (LIKE chain.event_template INCLUDING ALL,
  to_address types.address NOT NULL, amount types.usdc NOT NULL, bond types.usdc NOT NULL);
CREATE TABLE chain.bond_slashed (LIKE chain.event_template INCLUDING ALL,
  amount types.usdc NOT NULL, bond types.usdc NOT NULL);
CREATE TABLE chain.signer_config_proposed (LIKE chain.event_template INCLUDING ALL,
  version bigint NOT NULL, config_digest types.hash NOT NULL, threshold smallint NOT NULL,
  signers bytea[] NOT NULL, attestation_key types.address NOT NULL, effective_at bigint NOT NULL);
CREATE TABLE chain.signer_config_activated (LIKE chain.event_template INCLUDING ALL,
  version bigint NOT NULL, config_digest types.hash NOT NULL);
CREATE TABLE chain.attestation_key_dropped (LIKE chain.event_template INCLUDING ALL,
  version bigint NOT NULL, attestation_key types.address NOT NULL);

-- HeaderAnchor ------------------------------------------------------------------------------------------------------

CREATE TABLE chain.header_anchored (LIKE chain.event_template INCLUDING ALL,
  epoch bigint NOT NULL, generation bigint NOT NULL, header_hash types.hash NOT NULL,
  prev_header_hash types.hash NOT NULL, config_digest types.hash NOT NULL, body_hash types.hash NOT NULL);

-- The first Tachi, read only ------------------------------------------------------------------------------------------

CREATE TABLE chain.legacy_license_minted (LIKE chain.event_template INCLUDING ALL,
  publisher types.address NOT NULL, token_id bigint NOT NULL, terms_uri text NOT NULL);
CREATE TABLE chain.legacy_license_deactivated (LIKE chain.event_template INCLUDING ALL, token_id bigint NOT NULL);
CREATE TABLE chain.legacy_license_reactivated (LIKE chain.event_template INCLUDING ALL, token_id bigint NOT NULL);
CREATE TABLE chain.legacy_terms_uri_updated (LIKE chain.event_template INCLUDING ALL,
  token_id bigint NOT NULL, new_terms_uri text NOT NULL);
CREATE TABLE chain.legacy_payment (LIKE chain.event_template INCLUDING ALL,
  crawler types.address NOT NULL, publisher types.address NOT NULL, amount types.uint256 NOT NULL,
  paid_at types.uint256 NOT NULL);
CREATE TABLE chain.legacy_crawl_logged (LIKE chain.event_template INCLUDING ALL,
  crawl_id types.uint256 NOT NULL, token_id types.uint256 NOT NULL, crawler types.address NOT NULL,
  url text NOT NULL, logged_at types.uint256 NOT NULL);
CREATE TABLE chain.legacy_payment_logged (LIKE chain.event_template INCLUDING ALL,
  payment_id types.uint256 NOT NULL, crawler types.address NOT NULL, publisher types.address NOT NULL,
  amount types.uint256 NOT NULL, payment_tx text NOT NULL, logged_at types.uint256 NOT NULL);

-- Indexes: one for each key that the views of V4 look events up by --------------------------------------------------

DO $$
DECLARE
  indexed record;
BEGIN
  FOR indexed IN
    SELECT c.table_name,
           string_agg(c.column_name::text, ', ' ORDER BY c.ordinal_position) AS keys,
           string_agg(c.column_name::text, '_' ORDER BY c.ordinal_position) AS suffix
      FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = 'chain' AND t.table_type = 'BASE TABLE' AND t.table_name <> 'event_template'
       AND (c.table_name, c.column_name) IN (
         SELECT table_name, column_name FROM information_schema.columns
          WHERE table_schema = 'chain' AND column_name IN ('license_id', 'payment_id', 'dispute_id', 'crawler', 'header_hash'))
     GROUP BY c.table_name, c.column_name
  LOOP
    EXECUTE format('CREATE INDEX %I ON chain.%I (chain_id, %s, block_number DESC, log_index DESC)',
      indexed.table_name || '_by_' || indexed.suffix, indexed.table_name, indexed.keys);
  END LOOP;
END
$$;
CREATE INDEX domain_claimed_by_domain ON chain.domain_claimed (chain_id, domain_hash, license_id);
CREATE INDEX domain_released_by_domain ON chain.domain_released (chain_id, domain_hash, license_id);
CREATE INDEX domain_verified_by_domain ON chain.domain_verified (chain_id, domain_hash, block_number DESC, log_index DESC);
CREATE INDEX domain_unverified_by_domain ON chain.domain_unverified (chain_id, domain_hash, block_number DESC, log_index DESC);
CREATE INDEX domain_replacement_started_by_domain ON chain.domain_replacement_started (chain_id, domain_hash);
CREATE INDEX domain_replacement_cancelled_by_domain ON chain.domain_replacement_cancelled (chain_id, domain_hash);
CREATE INDEX payment_made_by_payer ON chain.payment_made (chain_id, payer, block_number DESC, log_index DESC);
CREATE INDEX header_posted_by_epoch ON chain.header_posted (chain_id, epoch, generation);
CREATE INDEX header_anchored_by_epoch ON chain.header_anchored (chain_id, epoch, generation);
CREATE INDEX legacy_license_minted_by_token ON chain.legacy_license_minted (chain_id, contract, token_id);
