-- What the writers of metering, account and gateway show to the others.

CREATE VIEW metering.log_entry AS
  SELECT log_index, generation, config_version, rail, crawler, license_id, content_id, request_id, units, unit_price,
         (units * unit_price)::types.usdc AS amount, pair_seq, pair_prev_index, pair_cumulative, payment_ref,
         issued_at_ms, leaf_hash, signature
    FROM metering.log_leaf;

CREATE VIEW metering.log_head AS
  SELECT coalesce(max(log_index) + 1, 0)::bigint AS size,
         coalesce(max(log_index) FILTER (WHERE signature IS NOT NULL) + 1, 0)::bigint AS signed_size
    FROM metering.log_leaf;

CREATE VIEW metering.log_total AS
  SELECT count(*) AS entries,
         count(*) FILTER (WHERE rail = 2) AS credit_entries,
         coalesce(sum(units * unit_price) FILTER (WHERE rail = 2), 0)::types.usdc AS credit,
         count(*) FILTER (WHERE rail = 1) AS direct_entries,
         coalesce(sum(units * unit_price) FILTER (WHERE rail = 1), 0)::types.usdc AS direct
    FROM metering.log_leaf;

CREATE VIEW metering.pair_current AS
  SELECT p.crawler, p.license_id, p.cumulative, p.last_pair_seq, p.last_log_index, p.voucher_hash,
         (SELECT v.cumulative_max FROM metering.voucher v
           WHERE v.crawler = p.crawler AND v.license_id = p.license_id
           ORDER BY v.cumulative_max DESC LIMIT 1)::types.usdc AS cumulative_max
    FROM metering.pair p;

CREATE VIEW metering.epoch_current AS
  SELECT epoch, generation, config_version, prev_header_hash, config_digest, body_hash, header_hash, log_size, log_root,
         license_count, credit_root, crawler_count, debit_root, total_credit, total_debit, rules_hash, data_commitment,
         closed_at, state, created_at
    FROM metering.epoch;

CREATE VIEW metering.epoch_quorum AS
  SELECT epoch, generation, signer, signer_index, signature, signed_at FROM metering.epoch_signature;

CREATE VIEW metering.pair_settlement AS
  SELECT epoch, generation, license_id, crawler, cumulative, last_pair_seq, last_log_index, voucher_hash
    FROM metering.pair_snapshot;

CREATE VIEW metering.voucher_known AS
  SELECT voucher_hash, crawler, license_id, cumulative_max, terms_hash, signer, signature, received_at
    FROM metering.voucher;

CREATE VIEW account.policy_history AS
  SELECT license_id, version, policy_hash, document, signer, signature, valid_from FROM account.policy;

CREATE VIEW account.policy_current AS
  SELECT DISTINCT ON (license_id) license_id, version, policy_hash, document, signer, signature, valid_from
    FROM account.policy ORDER BY license_id, version DESC;

CREATE VIEW gateway.authorization_status AS
  SELECT chain_id, from_address, nonce, license_id, value, payment_id, state, external, tx_hash, created_at, updated_at
    FROM gateway.authorization;

CREATE VIEW gateway.reservation_status AS
  SELECT license_id, crawler, request_id, price, voucher_hash, state, created_at, updated_at FROM gateway.reservation;
