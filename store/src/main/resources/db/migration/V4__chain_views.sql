-- What licences, payments, disputes, credits, headers and bonds are now, from the event rows alone.
-- Each row carries the block it last changed at: at or below checkpoint.safe_number it is safe, at or below
-- finalized_number final. Delays end when the head's timestamp says so, never by the wall clock.

CREATE VIEW chain.head AS
  SELECT chain_id, genesis_hash, head_number, head_hash, head_timestamp, safe_number, safe_hash,
         finalized_number, finalized_hash, feed_seq, updated_at
    FROM chain.checkpoint;

CREATE VIEW chain.block_ref AS
  SELECT chain_id, number, hash, parent_hash, timestamp, verification FROM chain.block;

CREATE VIEW chain.feed_entry AS
  SELECT chain_id, seq, kind, first_block, last_block, head_hash, committed_at FROM chain.feed;

-- Licences ------------------------------------------------------------------------------------------------------------

-- A payout that was replaced before it took effect never takes effect.
CREATE VIEW chain.license_current AS
  SELECT m.chain_id, m.license_id, m.contract, m.publisher,
         coalesce(t.to_address, m.publisher)::types.address AS holder,
         coalesce(u.new_terms_uri, m.terms_uri) AS terms_uri,
         coalesce(a.active, true) AS active,
         coalesce(s.suspended, false) AS suspended,
         p.payout, p.next_payout, p.next_payout_at,
         r.recovery,
         m.block_number AS minted_block, m.block_timestamp AS minted_at, m.tx_hash AS minted_tx,
         greatest(m.block_number, t.block_number, u.block_number, a.block_number, s.block_number, p.block_number,
                  r.block_number) AS block_number
    FROM chain.license_minted m
    LEFT JOIN LATERAL (
      SELECT x.to_address, x.block_number FROM chain.license_transfer x
       WHERE x.chain_id = m.chain_id AND x.license_id = m.license_id
       ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) t ON true
    LEFT JOIN LATERAL (
      SELECT x.new_terms_uri, x.block_number FROM chain.terms_uri_updated x
       WHERE x.chain_id = m.chain_id AND x.license_id = m.license_id
       ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) u ON true
    LEFT JOIN LATERAL (
      SELECT x.active, x.block_number FROM (
        SELECT false AS active, d.block_number, d.log_index FROM chain.license_deactivated d
         WHERE d.chain_id = m.chain_id AND d.license_id = m.license_id
        UNION ALL
        SELECT true, d.block_number, d.log_index FROM chain.license_reactivated d
         WHERE d.chain_id = m.chain_id AND d.license_id = m.license_id) x
       ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) a ON true
    LEFT JOIN LATERAL (
      SELECT x.suspended, x.block_number FROM (
        SELECT true AS suspended, d.block_number, d.log_index FROM chain.license_suspended d
         WHERE d.chain_id = m.chain_id AND d.license_id = m.license_id
        UNION ALL
        SELECT false, d.block_number, d.log_index FROM chain.license_unsuspended d
         WHERE d.chain_id = m.chain_id AND d.license_id = m.license_id) x
       ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) s ON true
    LEFT JOIN LATERAL (
      SELECT (array_agg(x.payout ORDER BY x.block_number DESC, x.log_index DESC) FILTER (WHERE x.in_force))[1]::types.address
               AS payout,
             (array_agg(x.payout) FILTER (WHERE x.pending))[1]::types.address AS next_payout,
             max(x.effective_at) FILTER (WHERE x.pending) AS next_payout_at,
             max(x.block_number) AS block_number
        FROM (SELECT y.payout, y.effective_at, y.block_number, y.log_index,
                     y.effective_at <= c.head_timestamp
                       AND (y.next_timestamp IS NULL OR y.effective_at <= y.next_timestamp) AS in_force,
                     y.effective_at > c.head_timestamp AND y.next_timestamp IS NULL AS pending
                FROM (SELECT z.*, lead(z.block_timestamp) OVER (ORDER BY z.block_number, z.log_index) AS next_timestamp
                        FROM chain.payout_scheduled z
                       WHERE z.chain_id = m.chain_id AND z.license_id = m.license_id) y
                JOIN chain.checkpoint c ON c.chain_id = y.chain_id) x) p ON true
    LEFT JOIN LATERAL (
      SELECT x.recovery, x.block_number FROM chain.recovery_set x
       WHERE x.chain_id = m.chain_id AND x.license_id = m.license_id
       ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) r ON true;

-- Claims to domains that stand. At most one claim to a domain is verified.
CREATE VIEW chain.domain_current AS
  SELECT c.chain_id, c.license_id, c.domain_hash, c.domain,
         coalesce(v.verified AND v.license_id = c.license_id, false) AS verified,
         s.holder_license_id AS replaces_license_id, s.effective_at AS replacement_at,
         greatest(c.block_number, v.block_number, s.block_number) AS block_number
    FROM (SELECT DISTINCT ON (x.chain_id, x.domain_hash, x.license_id) x.*
            FROM chain.domain_claimed x
           ORDER BY x.chain_id, x.domain_hash, x.license_id, x.block_number DESC, x.log_index DESC) c
    LEFT JOIN LATERAL (
      SELECT x.verified, x.license_id, x.block_number FROM (
        SELECT true AS verified, d.license_id, d.block_number, d.log_index FROM chain.domain_verified d
         WHERE d.chain_id = c.chain_id AND d.domain_hash = c.domain_hash
        UNION ALL
        SELECT false, d.license_id, d.block_number, d.log_index FROM chain.domain_unverified d
         WHERE d.chain_id = c.chain_id AND d.domain_hash = c.domain_hash) x
       ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) v ON true
    LEFT JOIN LATERAL (
      SELECT x.holder_license_id, x.effective_at, x.block_number FROM chain.domain_replacement_started x
       WHERE x.chain_id = c.chain_id AND x.domain_hash = c.domain_hash AND x.license_id = c.license_id
         AND NOT EXISTS (SELECT FROM chain.domain_replacement_cancelled k
                          WHERE k.chain_id = x.chain_id AND k.domain_hash = x.domain_hash
                            AND (k.block_number, k.log_index) > (x.block_number, x.log_index))
         AND NOT EXISTS (SELECT FROM chain.domain_verified k
                          WHERE k.chain_id = x.chain_id AND k.domain_hash = x.domain_hash
                            AND (k.block_number, k.log_index) > (x.block_number, x.log_index))
       ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) s ON true
   WHERE NOT EXISTS (SELECT FROM chain.domain_released r
                      WHERE r.chain_id = c.chain_id AND r.domain_hash = c.domain_hash AND r.license_id = c.license_id
                        AND (r.block_number, r.log_index) > (c.block_number, c.log_index));

-- The newest link of a licence to each other chain; 0 takes a link back.
CREATE VIEW chain.license_link_current AS
  SELECT DISTINCT ON (l.chain_id, l.license_id, l.other_chain_id)
         l.chain_id, l.license_id, l.other_chain_id, l.other_license_id, l.block_number
    FROM chain.license_linked l
   ORDER BY l.chain_id, l.license_id, l.other_chain_id, l.block_number DESC, l.log_index DESC;

-- A recovery that was started and neither cancelled nor carried out.
CREATE VIEW chain.recovery_pending AS
  SELECT DISTINCT ON (s.chain_id, s.license_id)
         s.chain_id, s.license_id, s.new_holder, s.effective_at, s.block_number
    FROM chain.recovery_started s
   WHERE NOT EXISTS (SELECT FROM chain.recovery_cancelled x
                      WHERE x.chain_id = s.chain_id AND x.license_id = s.license_id
                        AND (x.block_number, x.log_index) > (s.block_number, s.log_index))
     AND NOT EXISTS (SELECT FROM chain.license_transfer x
                      WHERE x.chain_id = s.chain_id AND x.license_id = s.license_id
                        AND (x.block_number, x.log_index) > (s.block_number, s.log_index))
   ORDER BY s.chain_id, s.license_id, s.block_number DESC, s.log_index DESC;

-- Payments ------------------------------------------------------------------------------------------------------------

CREATE VIEW chain.payment_current AS
  SELECT m.chain_id, m.payment_id, m.license_id, m.payer, m.amount, m.nonce, m.method, m.paid_at, m.contract,
         CASE WHEN f.block_number IS NOT NULL THEN 'refunded'
              WHEN r.block_number IS NOT NULL THEN 'released'
              WHEN h.block_number IS NOT NULL THEN 'held'
              ELSE 'paid' END AS state,
         coalesce(f.amount, 0)::types.usdc AS refunded,
         m.block_number AS paid_block, m.log_index AS paid_log_index, m.tx_hash AS paid_tx,
         greatest(m.block_number, h.block_number, r.block_number, f.block_number) AS block_number
    FROM chain.payment_made m
    LEFT JOIN LATERAL (SELECT max(x.block_number) AS block_number FROM chain.payment_held x
                        WHERE x.chain_id = m.chain_id AND x.payment_id = m.payment_id) h ON true
    LEFT JOIN LATERAL (SELECT max(x.block_number) AS block_number FROM chain.payment_released x
                        WHERE x.chain_id = m.chain_id AND x.payment_id = m.payment_id) r ON true
    LEFT JOIN LATERAL (SELECT x.amount, x.block_number FROM chain.payment_refunded x
                        WHERE x.chain_id = m.chain_id AND x.payment_id = m.payment_id
                        ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) f ON true;

-- What left and entered each licence on the direct rail; amounts are gross.
CREATE VIEW chain.license_direct_total AS
  SELECT chain_id, license_id,
         sum(paid)::types.usdc AS paid, sum(payments)::bigint AS payments,
         sum(refunded)::types.usdc AS refunded,
         sum(withdrawn)::types.usdc AS withdrawn, sum(swept)::types.usdc AS swept, sum(fees)::types.usdc AS fees,
         max(block_number) AS block_number
    FROM (
      SELECT chain_id, license_id, amount AS paid, 1 AS payments, 0 AS refunded, 0 AS withdrawn, 0 AS swept, 0 AS fees,
             block_number FROM chain.payment_made
      UNION ALL
      SELECT r.chain_id, m.license_id, 0, 0, r.amount, 0, 0, 0, r.block_number
        FROM chain.payment_refunded r JOIN chain.payment_made m ON m.chain_id = r.chain_id AND m.payment_id = r.payment_id
      UNION ALL
      SELECT chain_id, license_id, 0, 0, 0, amount, 0, fee, block_number FROM chain.withdrawn
      UNION ALL
      SELECT chain_id, license_id, 0, 0, 0, 0, amount, fee, block_number FROM chain.swept) flows
   GROUP BY chain_id, license_id;

CREATE VIEW chain.withdrawal AS
  SELECT chain_id, license_id, payout, amount, fee, false AS external, block_number, log_index, block_timestamp, tx_hash
    FROM chain.withdrawn
  UNION ALL
  SELECT chain_id, license_id, payout, amount, fee, true, block_number, log_index, block_timestamp, tx_hash
    FROM chain.swept;

-- The protocol fee in force and the one announced.
CREATE VIEW chain.fee_current AS
  SELECT c.chain_id, f.fee_bps, n.fee_bps AS next_fee_bps, n.effective_at AS next_fee_at,
         greatest(f.block_number, n.block_number) AS block_number
    FROM chain.checkpoint c
    JOIN LATERAL (
      SELECT y.fee_bps, y.block_number FROM (
        SELECT z.*, lead(z.block_timestamp) OVER (ORDER BY z.block_number, z.log_index) AS next_timestamp
          FROM chain.fee_scheduled z WHERE z.chain_id = c.chain_id) y
       WHERE y.effective_at <= c.head_timestamp
         AND (y.next_timestamp IS NULL OR y.effective_at <= y.next_timestamp)
       ORDER BY y.block_number DESC, y.log_index DESC LIMIT 1) f ON true
    LEFT JOIN LATERAL (
      SELECT y.* FROM (SELECT z.* FROM chain.fee_scheduled z WHERE z.chain_id = c.chain_id
                        ORDER BY z.block_number DESC, z.log_index DESC LIMIT 1) y
       WHERE y.effective_at > c.head_timestamp) n ON true;

-- Disputes ------------------------------------------------------------------------------------------------------------

CREATE VIEW chain.dispute_current AS
  SELECT o.chain_id, o.dispute_id, o.license_id, o.crawler, o.payment_ids, o.amount,
         CASE WHEN r.outcome = 1 THEN 'refunded'
              WHEN r.outcome = 2 THEN 'released'
              WHEN e.block_number IS NOT NULL THEN 'escalated'
              WHEN a.block_number IS NOT NULL THEN 'answered'
              ELSE 'open' END AS state,
         r.outcome, r.cause, o.evidence_hash, o.evidence_uri,
         a.evidence_hash AS answer_hash, a.evidence_uri AS answer_uri,
         CASE WHEN r.block_number IS NOT NULL THEN NULL
              WHEN e.block_number IS NOT NULL THEN e.rule_by
              WHEN a.block_number IS NOT NULL THEN a.escalate_by
              ELSE o.answer_by END AS deadline,
         o.block_timestamp AS opened_at, o.block_number AS opened_block, o.tx_hash AS opened_tx,
         greatest(o.block_number, a.block_number, e.block_number, r.block_number) AS block_number
    FROM chain.dispute_opened o
    LEFT JOIN chain.dispute_answered a ON a.chain_id = o.chain_id AND a.dispute_id = o.dispute_id
    LEFT JOIN chain.dispute_escalated e ON e.chain_id = o.chain_id AND e.dispute_id = o.dispute_id
    LEFT JOIN chain.dispute_resolved r ON r.chain_id = o.chain_id AND r.dispute_id = o.dispute_id;

-- Credits -------------------------------------------------------------------------------------------------------------

-- A thaw ends by a withdrawal, by being cancelled, or by a new one.
CREATE VIEW chain.credit_current AS
  SELECT d.chain_id, d.crawler,
         d.deposited, d.deposited_safe, d.deposited_finalized,
         coalesce(w.withdrawn, 0)::types.usdc AS withdrawn,
         coalesce(t.amount, 0)::types.usdc AS thawing, t.thaw_ends_at, t.block_timestamp AS thaw_started_at,
         greatest(d.block_number, w.block_number, t.block_number, k.block_number) AS block_number
    FROM (SELECT x.chain_id, x.crawler,
                 sum(x.amount)::types.usdc AS deposited,
                 coalesce(sum(x.amount) FILTER (WHERE x.block_number <= c.safe_number), 0)::types.usdc AS deposited_safe,
                 coalesce(sum(x.amount) FILTER (WHERE x.block_number <= c.finalized_number), 0)::types.usdc
                   AS deposited_finalized,
                 max(x.block_number) AS block_number
            FROM chain.deposited x JOIN chain.checkpoint c ON c.chain_id = x.chain_id
           GROUP BY x.chain_id, x.crawler) d
    LEFT JOIN LATERAL (
      SELECT sum(x.amount) AS withdrawn, max(x.block_number) AS block_number FROM chain.credit_withdrawn x
       WHERE x.chain_id = d.chain_id AND x.crawler = d.crawler) w ON true
    LEFT JOIN LATERAL (
      SELECT max(x.block_number) AS block_number FROM chain.thaw_cancelled x
       WHERE x.chain_id = d.chain_id AND x.crawler = d.crawler) k ON true
    LEFT JOIN LATERAL (
      SELECT y.* FROM (SELECT x.* FROM chain.thaw_started x
                        WHERE x.chain_id = d.chain_id AND x.crawler = d.crawler
                        ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) y
       WHERE NOT EXISTS (SELECT FROM chain.thaw_cancelled x
                          WHERE x.chain_id = y.chain_id AND x.crawler = y.crawler
                            AND (x.block_number, x.log_index) > (y.block_number, y.log_index))
         AND NOT EXISTS (SELECT FROM chain.credit_withdrawn x
                          WHERE x.chain_id = y.chain_id AND x.crawler = y.crawler
                            AND (x.block_number, x.log_index) > (y.block_number, y.log_index))) t ON true;

-- Delegated signers; a revocation ends the newest registration before it.
CREATE VIEW chain.crawler_signer_current AS
  SELECT r.chain_id, r.crawler, r.signer, r.valid_from, r.expiry, v.revoked_at,
         greatest(r.block_number, v.block_number) AS block_number
    FROM (SELECT DISTINCT ON (x.chain_id, x.crawler, x.signer) x.*
            FROM chain.signer_registered x
           ORDER BY x.chain_id, x.crawler, x.signer, x.block_number DESC, x.log_index DESC) r
    LEFT JOIN LATERAL (
      SELECT x.revoked_at, x.block_number FROM chain.signer_revoked x
       WHERE x.chain_id = r.chain_id AND x.crawler = r.crawler AND x.signer = r.signer
         AND (x.block_number, x.log_index) > (r.block_number, r.log_index)
       ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) v ON true;

-- Every registration there ever was, with its end: whether a signer was valid at some time in the past.
CREATE VIEW chain.crawler_signer_history AS
  SELECT r.chain_id, r.crawler, r.signer, r.valid_from, r.expiry,
         (SELECT min(x.revoked_at) FROM chain.signer_revoked x
           WHERE x.chain_id = r.chain_id AND x.crawler = r.crawler AND x.signer = r.signer
             AND (x.block_number, x.log_index) > (r.block_number, r.log_index)) AS revoked_at,
         r.block_number
    FROM chain.signer_registered r;

-- Headers, claims and the bond ----------------------------------------------------------------------------------------

CREATE VIEW chain.header_current AS
  SELECT p.chain_id, p.epoch, p.generation, p.header_hash, p.prev_header_hash, p.config_digest,
         p.log_size, p.log_root, p.license_count, p.credit_root, p.crawler_count, p.debit_root,
         p.total_credit, p.total_debit, p.rules_hash, p.data_commitment, p.closed_at, p.finalisable_at,
         CASE WHEN v.block_number IS NOT NULL THEN 'voided'
              WHEN f.block_number IS NOT NULL THEN 'finalised'
              ELSE 'posted' END AS state,
         p.block_number AS posted_block, p.log_index AS posted_log_index, p.block_timestamp AS posted_at,
         p.tx_hash AS posted_tx,
         greatest(p.block_number, f.block_number, v.block_number) AS block_number
    FROM chain.header_posted p
    LEFT JOIN LATERAL (SELECT max(x.block_number) AS block_number FROM chain.header_finalised x
                        WHERE x.chain_id = p.chain_id AND x.header_hash = p.header_hash) f ON true
    LEFT JOIN LATERAL (SELECT max(x.block_number) AS block_number FROM chain.header_voided x
                        WHERE x.chain_id = p.chain_id AND x.header_hash = p.header_hash) v ON true;

CREATE VIEW chain.header_anchor_current AS
  SELECT chain_id, epoch, generation, header_hash, prev_header_hash, config_digest, body_hash, block_number, log_index,
         block_timestamp AS anchored_at, tx_hash
    FROM chain.header_anchored;

-- The ledger's generation: 1 until it is raised.
CREATE VIEW chain.generation_current AS
  SELECT c.chain_id, coalesce(max(g.generation), 1) AS generation, max(g.block_number) AS block_number
    FROM chain.checkpoint c LEFT JOIN chain.generation_raised g ON g.chain_id = c.chain_id
   GROUP BY c.chain_id;

CREATE VIEW chain.generation_history AS
  SELECT chain_id, generation, last_good_epoch, block_number, log_index, block_timestamp AS raised_at, tx_hash
    FROM chain.generation_raised;

CREATE VIEW chain.claim_total AS
  SELECT chain_id, license_id, sum(amount)::types.usdc AS claimed, max(cumulative)::types.usdc AS cumulative,
         max(epoch) AS epoch, count(*) AS claims, max(block_number) AS block_number
    FROM chain.claimed GROUP BY chain_id, license_id;

CREATE VIEW chain.claim AS
  SELECT chain_id, license_id, payout, epoch, amount, cumulative, block_number, log_index, block_timestamp, tx_hash
    FROM chain.claimed;

CREATE VIEW chain.challenge AS
  SELECT chain_id, challenge, epoch, challenger, reward, block_number, log_index, block_timestamp, tx_hash
    FROM chain.challenge_won;

CREATE VIEW chain.bond_current AS
  SELECT c.chain_id, coalesce(b.bond, 0)::types.usdc AS bond, n.amount AS notice, n.withdrawable_at,
         greatest(b.block_number, n.block_number) AS block_number
    FROM chain.checkpoint c
    LEFT JOIN LATERAL (
      SELECT x.bond, x.block_number FROM (
        SELECT bond, block_number, log_index FROM chain.bond_deposited d WHERE d.chain_id = c.chain_id
        UNION ALL
        SELECT bond, block_number, log_index FROM chain.bond_withdrawn d WHERE d.chain_id = c.chain_id
        UNION ALL
        SELECT bond, block_number, log_index FROM chain.bond_slashed d WHERE d.chain_id = c.chain_id) x
       ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) b ON true
    LEFT JOIN LATERAL (
      SELECT y.* FROM (SELECT x.* FROM chain.bond_notice x WHERE x.chain_id = c.chain_id
                        ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) y
       WHERE NOT EXISTS (SELECT FROM chain.bond_withdrawn x
                          WHERE x.chain_id = y.chain_id
                            AND (x.block_number, x.log_index) > (y.block_number, y.log_index))) n ON true;

CREATE VIEW chain.signer_config_current AS
  SELECT p.chain_id, p.version, p.config_digest, p.threshold, p.signers, p.attestation_key, p.effective_at,
         a.block_number IS NOT NULL AS activated,
         coalesce(a.block_timestamp, p.effective_at) AS activated_at,
         d.block_number IS NOT NULL AS key_dropped,
         greatest(p.block_number, a.block_number, d.block_number) AS block_number
    FROM chain.signer_config_proposed p
    LEFT JOIN LATERAL (SELECT x.block_number, x.block_timestamp FROM chain.signer_config_activated x
                        WHERE x.chain_id = p.chain_id AND x.version = p.version AND x.config_digest = p.config_digest
                        ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) a ON true
    LEFT JOIN LATERAL (SELECT max(x.block_number) AS block_number FROM chain.attestation_key_dropped x
                        WHERE x.chain_id = p.chain_id AND x.version = p.version) d ON true;

-- The sums of a chain, to hold against the chain itself.
CREATE VIEW chain.book AS
  SELECT c.chain_id,
         (SELECT count(*) FROM chain.license_minted x WHERE x.chain_id = c.chain_id) AS licenses,
         (SELECT count(*) FROM chain.payment_made x WHERE x.chain_id = c.chain_id) AS payments,
         (SELECT coalesce(sum(x.amount), 0) FROM chain.payment_made x WHERE x.chain_id = c.chain_id)::types.usdc AS paid,
         (SELECT coalesce(sum(x.amount), 0) FROM chain.payment_refunded x WHERE x.chain_id = c.chain_id)::types.usdc
           AS refunded,
         (SELECT coalesce(sum(x.amount), 0) FROM chain.withdrawn x WHERE x.chain_id = c.chain_id)::types.usdc AS withdrawn,
         (SELECT coalesce(sum(x.amount), 0) FROM chain.swept x WHERE x.chain_id = c.chain_id)::types.usdc AS swept,
         (SELECT coalesce(sum(x.fee), 0) FROM chain.withdrawal x WHERE x.chain_id = c.chain_id)::types.usdc AS fees_taken,
         (SELECT coalesce(sum(x.amount), 0) FROM chain.fees_collected x WHERE x.chain_id = c.chain_id)::types.usdc
           AS fees_collected,
         (SELECT coalesce(sum(x.amount), 0) FROM chain.deposited x WHERE x.chain_id = c.chain_id)::types.usdc AS deposited,
         (SELECT coalesce(sum(x.amount), 0) FROM chain.credit_withdrawn x WHERE x.chain_id = c.chain_id)::types.usdc
           AS credit_withdrawn,
         (SELECT coalesce(sum(x.amount), 0) FROM chain.claimed x WHERE x.chain_id = c.chain_id)::types.usdc AS claimed,
         (SELECT coalesce(sum(x.amount), 0) FROM chain.claim_paid x WHERE x.chain_id = c.chain_id)::types.usdc
           AS claims_paid,
         (SELECT count(*) FROM chain.header_posted x WHERE x.chain_id = c.chain_id) AS headers_posted,
         (SELECT count(*) FROM chain.header_finalised x WHERE x.chain_id = c.chain_id) AS headers_finalised,
         (SELECT count(*) FROM chain.header_voided x WHERE x.chain_id = c.chain_id) AS headers_voided,
         (SELECT count(*) FROM chain.header_anchored x WHERE x.chain_id = c.chain_id) AS headers_anchored,
         (SELECT count(*) FROM chain.dispute_opened x WHERE x.chain_id = c.chain_id) AS disputes,
         (SELECT count(*) FROM chain.dispute_resolved x WHERE x.chain_id = c.chain_id AND x.outcome = 1)
           AS disputes_refunded,
         (SELECT x.total_credit FROM chain.header_current x
           WHERE x.chain_id = c.chain_id AND x.state = 'finalised' ORDER BY x.epoch DESC LIMIT 1)::types.usdc
           AS finalised_credit
    FROM chain.checkpoint c;

-- The first Tachi -----------------------------------------------------------------------------------------------------

CREATE VIEW chain.legacy_license_current AS
  SELECT m.chain_id, m.contract, m.token_id, m.publisher, coalesce(u.new_terms_uri, m.terms_uri) AS terms_uri,
         coalesce(a.active, true) AS active,
         m.block_number AS minted_block, m.block_timestamp AS minted_at,
         greatest(m.block_number, u.block_number, a.block_number) AS block_number
    FROM chain.legacy_license_minted m
    LEFT JOIN LATERAL (
      SELECT x.new_terms_uri, x.block_number FROM chain.legacy_terms_uri_updated x
       WHERE x.chain_id = m.chain_id AND x.contract = m.contract AND x.token_id = m.token_id
       ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) u ON true
    LEFT JOIN LATERAL (
      SELECT x.active, x.block_number FROM (
        SELECT false AS active, d.block_number, d.log_index FROM chain.legacy_license_deactivated d
         WHERE d.chain_id = m.chain_id AND d.contract = m.contract AND d.token_id = m.token_id
        UNION ALL
        SELECT true, d.block_number, d.log_index FROM chain.legacy_license_reactivated d
         WHERE d.chain_id = m.chain_id AND d.contract = m.contract AND d.token_id = m.token_id) x
       ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) a ON true;

CREATE VIEW chain.legacy_payment_list AS
  SELECT chain_id, contract, crawler, publisher, amount, paid_at, block_number, log_index, tx_hash
    FROM chain.legacy_payment;

-- All events as one list, for streams and comparisons; data holds the event's own columns, bytea as hex.
DO $$
DECLARE
  branches text;
BEGIN
  SELECT string_agg(format(
           'SELECT chain_id, block_number, log_index, %L::text AS name, contract, block_hash, block_timestamp, tx_hash, tx_index, '
           || 'to_jsonb(t) - ARRAY[''chain_id'', ''block_number'', ''log_index'', ''contract'', ''block_hash'', '
           || '''block_timestamp'', ''tx_hash'', ''tx_index''] AS data FROM chain.%I t', table_name, table_name),
           E'\nUNION ALL\n' ORDER BY table_name)
    INTO branches
    FROM information_schema.columns
   WHERE table_schema = 'chain' AND column_name = 'log_index' AND table_name <> 'event_template'
     AND table_name IN (SELECT table_name FROM information_schema.tables
                         WHERE table_schema = 'chain' AND table_type = 'BASE TABLE');
  EXECUTE 'CREATE VIEW chain.event AS ' || branches;
END
$$;
