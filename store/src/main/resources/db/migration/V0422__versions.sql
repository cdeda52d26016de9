-- What licences, domains, disputes and epochs were as of any block: one row for each version of each of them, true from
-- from_block until before to_block (null: still). A rollback to block n deletes what began above n and opens again what
-- ended above n. Written in the transaction of the event rows and always equal to what those say (V4).

CREATE TABLE chain_v1.license_state (
  chain_id bigint NOT NULL,
  license_id bigint NOT NULL,
  from_block bigint NOT NULL,
  to_block bigint CHECK (to_block > from_block),
  block_range int8range GENERATED ALWAYS AS (int8range(from_block, to_block)) STORED,
  contract types.address,
  publisher types.address,
  holder types.address,
  terms_uri text,
  terms_block bigint,
  active boolean NOT NULL DEFAULT true,
  suspended boolean NOT NULL DEFAULT false,
  payout types.address,
  next_payout types.address,
  next_payout_at bigint,
  recovery types.address,
  new_holder types.address,
  new_holder_at bigint,
  new_holder_block bigint,
  minted_block bigint,
  minted_at bigint,
  minted_tx types.hash,
  changed_block bigint,
  PRIMARY KEY (chain_id, license_id, from_block)
);
COMMENT ON COLUMN chain_v1.license_state.minted_block IS 'Null while only other events of the licence were seen';
COMMENT ON COLUMN chain_v1.license_state.next_payout_at IS
  'The version ends at the first block of this time or later, where the payout takes effect';
COMMENT ON COLUMN chain_v1.license_state.changed_block IS 'Of the newest event; a payout that takes effect is none';
-- Unique, so that it stands while secondary indexes are deferred: each commit needs it.
CREATE UNIQUE INDEX license_state_due ON chain_v1.license_state (chain_id, next_payout_at, license_id)
  WHERE to_block IS NULL AND next_payout_at IS NOT NULL;

CREATE TABLE chain_v1.domain_claim_state (
  chain_id bigint NOT NULL,
  domain_hash types.hash NOT NULL,
  license_id bigint NOT NULL,
  from_block bigint NOT NULL,
  to_block bigint CHECK (to_block > from_block),
  block_range int8range GENERATED ALWAYS AS (int8range(from_block, to_block)) STORED,
  domain text,
  claimed boolean NOT NULL DEFAULT false,
  claimed_block bigint,
  replaces_license_id bigint,
  replacement_at bigint,
  replacement_block bigint,
  replacement_index int,
  PRIMARY KEY (chain_id, domain_hash, license_id, from_block)
);
CREATE INDEX domain_claim_state_by_license ON chain_v1.domain_claim_state (chain_id, license_id);

-- What concerns all claims to a domain: the newest verification or its end, and what last ended replacements.
CREATE TABLE chain_v1.domain_state (
  chain_id bigint NOT NULL,
  domain_hash types.hash NOT NULL,
  from_block bigint NOT NULL,
  to_block bigint CHECK (to_block > from_block),
  block_range int8range GENERATED ALWAYS AS (int8range(from_block, to_block)) STORED,
  verified boolean,
  license_id bigint,
  verified_block bigint,
  settled_block bigint,
  settled_index int,
  PRIMARY KEY (chain_id, domain_hash, from_block)
);

CREATE TABLE chain_v1.dispute_state (
  chain_id bigint NOT NULL,
  dispute_id bigint NOT NULL,
  from_block bigint NOT NULL,
  to_block bigint CHECK (to_block > from_block),
  block_range int8range GENERATED ALWAYS AS (int8range(from_block, to_block)) STORED,
  license_id bigint,
  crawler types.address,
  payment_ids bytea[],
  amount types.usdc,
  evidence_hash types.hash,
  evidence_uri text,
  answer_by bigint,
  opened_at bigint,
  opened_block bigint,
  opened_tx types.hash,
  answer_hash types.hash,
  answer_uri text,
  escalate_by bigint,
  rule_by bigint,
  outcome smallint,
  cause smallint,
  changed_block bigint,
  PRIMARY KEY (chain_id, dispute_id, from_block)
);
CREATE INDEX dispute_state_by_license ON chain_v1.dispute_state (chain_id, license_id);

CREATE TABLE chain_v1.epoch_state (
  chain_id bigint NOT NULL,
  header_hash types.hash NOT NULL,
  from_block bigint NOT NULL,
  to_block bigint CHECK (to_block > from_block),
  block_range int8range GENERATED ALWAYS AS (int8range(from_block, to_block)) STORED,
  epoch bigint,
  generation bigint,
  prev_header_hash types.hash,
  config_digest types.hash,
  log_size bigint,
  log_root types.hash,
  license_count bigint,
  credit_root types.hash,
  crawler_count bigint,
  debit_root types.hash,
  total_credit types.usdc,
  total_debit types.usdc,
  rules_hash types.hash,
  data_commitment types.hash,
  closed_at bigint,
  finalisable_at bigint,
  posted_block bigint,
  posted_index int,
  posted_at bigint,
  posted_tx types.hash,
  finalised_block bigint,
  voided_block bigint,
  changed_block bigint,
  PRIMARY KEY (chain_id, header_hash, from_block)
);
CREATE INDEX epoch_state_by_epoch ON chain_v1.epoch_state (chain_id, epoch, generation);

-- One version of each thing is the current one; rollbacks look for both ends; lists as of a block look for the range.
DO $$
DECLARE
  state record;
BEGIN
  FOR state IN
    SELECT * FROM (VALUES ('license_state', 'license_id'), ('domain_claim_state', 'domain_hash, license_id'),
                          ('domain_state', 'domain_hash'), ('dispute_state', 'dispute_id'),
                          ('epoch_state', 'header_hash')) AS s (name, key)
  LOOP
    EXECUTE format('CREATE UNIQUE INDEX %1$s_current ON chain_v1.%1$s (chain_id, %2$s) WHERE to_block IS NULL', state.name, state.key);
    EXECUTE format('CREATE UNIQUE INDEX %1$s_from ON chain_v1.%1$s (chain_id, from_block, %2$s)', state.name, state.key);
    EXECUTE format('CREATE INDEX %1$s_to ON chain_v1.%1$s (chain_id, to_block) WHERE to_block IS NOT NULL', state.name);
    EXECUTE format('CREATE INDEX %1$s_range ON chain_v1.%1$s USING gist (block_range)', state.name);
  END LOOP;
END
$$;

-- Views of the versions, for the other roles -----------------------------------------------------------------------------

CREATE VIEW chain.license_version AS
  SELECT chain_id, license_id, contract, publisher, holder, terms_uri, active, suspended, payout, next_payout,
         next_payout_at, recovery, new_holder, new_holder_at, minted_block, minted_at, minted_tx,
         changed_block AS block_number, terms_block, from_block, to_block, block_range
    FROM chain_v1.license_state WHERE minted_block IS NOT NULL;

CREATE VIEW chain.domain_claim_version AS
  SELECT chain_id, domain_hash, license_id, domain, claimed_block, replaces_license_id, replacement_at,
         replacement_block, replacement_index, from_block, to_block, block_range
    FROM chain_v1.domain_claim_state WHERE claimed;

CREATE VIEW chain.domain_version AS
  SELECT chain_id, domain_hash, verified, license_id, verified_block, settled_block, settled_index, from_block, to_block,
         block_range
    FROM chain_v1.domain_state;

CREATE VIEW chain.dispute_version AS
  SELECT chain_id, dispute_id, license_id, crawler, payment_ids, amount,
         CASE WHEN outcome = 1 THEN 'refunded'
              WHEN outcome = 2 THEN 'released'
              WHEN rule_by IS NOT NULL THEN 'escalated'
              WHEN escalate_by IS NOT NULL THEN 'answered'
              ELSE 'open' END AS state,
         outcome, cause, evidence_hash, evidence_uri, answer_hash, answer_uri,
         CASE WHEN outcome IS NULL THEN coalesce(rule_by, escalate_by, answer_by) END AS deadline,
         opened_at, opened_block, opened_tx, changed_block AS block_number, from_block, to_block, block_range
    FROM chain_v1.dispute_state WHERE opened_block IS NOT NULL;

CREATE VIEW chain.epoch_version AS
  SELECT chain_id, epoch, generation, header_hash, prev_header_hash, config_digest, log_size, log_root, license_count,
         credit_root, crawler_count, debit_root, total_credit, total_debit, rules_hash, data_commitment, closed_at,
         finalisable_at,
         CASE WHEN voided_block IS NOT NULL THEN 'voided'
              WHEN finalised_block IS NOT NULL THEN 'finalised'
              ELSE 'posted' END AS state,
         posted_block, posted_index AS posted_log_index, posted_at, posted_tx, changed_block AS block_number,
         from_block, to_block, block_range
    FROM chain_v1.epoch_state WHERE posted_block IS NOT NULL;

-- As of a block: the columns of license_current, domain_current, dispute_current and header_current (V4) -------------------

CREATE FUNCTION chain.licenses_at(chain bigint, block bigint)
RETURNS SETOF chain.license_version LANGUAGE sql STABLE AS $function$
  SELECT v.* FROM chain.license_version v
   WHERE v.chain_id = $1 AND v.from_block <= $2 AND v.block_range @> $2
$function$;

-- One licence, however many versions it has.
CREATE FUNCTION chain.license_at(chain bigint, license bigint, block bigint)
RETURNS SETOF chain.license_version LANGUAGE sql STABLE AS $function$
  SELECT v.* FROM chain.license_version v
   WHERE v.chain_id = $1 AND v.license_id = $2 AND v.from_block <= $3
   ORDER BY v.from_block DESC LIMIT 1
$function$;

CREATE FUNCTION chain.terms_at(chain bigint, block bigint)
RETURNS TABLE (chain_id bigint, license_id bigint, terms_uri text, block_number bigint) LANGUAGE sql STABLE AS $function$
  SELECT v.chain_id, v.license_id, v.terms_uri, v.terms_block FROM chain.licenses_at($1, $2) v
$function$;

CREATE FUNCTION chain.domains_at(chain bigint, block bigint)
RETURNS TABLE (chain_id bigint, license_id bigint, domain_hash types.hash, domain text, verified boolean,
               replaces_license_id bigint, replacement_at bigint, block_number bigint) LANGUAGE sql STABLE AS $function$
  SELECT c.chain_id, c.license_id, c.domain_hash, c.domain,
         coalesce(d.verified AND d.license_id = c.license_id, false),
         CASE WHEN r.stands THEN c.replaces_license_id END, CASE WHEN r.stands THEN c.replacement_at END,
         greatest(c.claimed_block, d.verified_block, CASE WHEN r.stands THEN c.replacement_block END)
    FROM chain.domain_claim_version c
    LEFT JOIN chain.domain_version d
      ON d.chain_id = c.chain_id AND d.domain_hash = c.domain_hash AND d.from_block <= $2 AND d.block_range @> $2
   CROSS JOIN LATERAL (SELECT d.settled_block IS NULL
           OR (c.replacement_block, c.replacement_index) > (d.settled_block, d.settled_index) AS stands) r
   WHERE c.chain_id = $1 AND c.from_block <= $2 AND c.block_range @> $2
$function$;

CREATE FUNCTION chain.disputes_at(chain bigint, block bigint)
RETURNS SETOF chain.dispute_version LANGUAGE sql STABLE AS $function$
  SELECT v.* FROM chain.dispute_version v
   WHERE v.chain_id = $1 AND v.from_block <= $2 AND v.block_range @> $2
$function$;

CREATE FUNCTION chain.epochs_at(chain bigint, block bigint)
RETURNS SETOF chain.epoch_version LANGUAGE sql STABLE AS $function$
  SELECT v.* FROM chain.epoch_version v
   WHERE v.chain_id = $1 AND v.from_block <= $2 AND v.block_range @> $2
$function$;

-- The block up to which a chain is unsafe (its head), safe or finalized, for the functions above.
CREATE FUNCTION chain.block_at(chain bigint, finality text) RETURNS bigint LANGUAGE sql STABLE AS $function$
  SELECT CASE $2 WHEN 'unsafe' THEN h.head_number WHEN 'safe' THEN h.safe_number WHEN 'finalized' THEN h.finalized_number END
    FROM chain.head h WHERE h.chain_id = $1
$function$;
COMMENT ON FUNCTION chain.block_at IS 'Null for any other word than unsafe, safe and finalized';
