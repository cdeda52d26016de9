-- Demands about pending headers, and what becomes of a lost bond (docs/spec/wire.md sections 6 and 7).

CREATE TABLE chain.demand_opened (LIKE chain.event_template INCLUDING ALL,
  demand_id types.hash NOT NULL, header_hash types.hash NOT NULL, kind smallint NOT NULL,
  asker types.address NOT NULL, subject bytea NOT NULL, fee types.usdc NOT NULL, answer_by bigint NOT NULL);
CREATE TABLE chain.demand_answered (LIKE chain.event_template INCLUDING ALL,
  demand_id types.hash NOT NULL, answerer types.address NOT NULL);
CREATE TABLE chain.demand_expired (LIKE chain.event_template INCLUDING ALL,
  demand_id types.hash NOT NULL);
CREATE TABLE chain.pot_opened (LIKE chain.event_template INCLUDING ALL,
  header_hash types.hash NOT NULL, amount types.usdc NOT NULL);
CREATE TABLE chain.harm_paid (LIKE chain.event_template INCLUDING ALL,
  header_hash types.hash NOT NULL, crawler types.address NOT NULL, license_id bigint NOT NULL,
  crawler_amount types.usdc NOT NULL, license_amount types.usdc NOT NULL);
CREATE TABLE chain.pot_closed (LIKE chain.event_template INCLUDING ALL,
  header_hash types.hash NOT NULL, remainder types.usdc NOT NULL);
CREATE TABLE chain.overdraw_covered (LIKE chain.event_template INCLUDING ALL,
  crawler types.address NOT NULL, amount types.usdc NOT NULL, insurance types.usdc NOT NULL);
CREATE TABLE chain.window_scheduled (LIKE chain.event_template INCLUDING ALL,
  window_seconds bigint NOT NULL, effective_at bigint NOT NULL);

CREATE INDEX demand_opened_by_header ON chain.demand_opened (chain_id, header_hash);
CREATE INDEX demand_answered_by_demand ON chain.demand_answered (chain_id, demand_id);
CREATE INDEX demand_expired_by_demand ON chain.demand_expired (chain_id, demand_id);
CREATE INDEX harm_paid_by_header ON chain.harm_paid (chain_id, header_hash);
CREATE INDEX pot_closed_by_header ON chain.pot_closed (chain_id, header_hash);

-- A demand is opened once, so its id names it.
CREATE VIEW chain.demand_current AS
  SELECT d.chain_id, d.demand_id, d.header_hash, d.kind, d.asker, d.subject, d.fee, d.answer_by,
         CASE WHEN a.block_number IS NOT NULL THEN 'answered'
              WHEN e.block_number IS NOT NULL THEN 'expired'
              ELSE 'open' END AS state,
         a.answerer, d.block_number AS opened_block, d.log_index AS opened_log_index, d.block_timestamp AS opened_at,
         d.tx_hash AS opened_tx, greatest(d.block_number, a.block_number, e.block_number) AS block_number
    FROM chain.demand_opened d
    LEFT JOIN chain.demand_answered a ON a.chain_id = d.chain_id AND a.demand_id = d.demand_id
    LEFT JOIN chain.demand_expired e ON e.chain_id = d.chain_id AND e.demand_id = d.demand_id;

-- What a voided header cost, and what its parties got of it so far.
CREATE VIEW chain.pot_current AS
  SELECT o.chain_id, o.header_hash, o.amount, coalesce(p.paid, 0)::types.usdc AS paid, o.block_timestamp AS opened_at,
         c.block_number IS NOT NULL AS closed, c.remainder,
         greatest(o.block_number, p.block_number, c.block_number) AS block_number
    FROM chain.pot_opened o
    LEFT JOIN LATERAL (
      SELECT sum(x.crawler_amount + x.license_amount) AS paid, max(x.block_number) AS block_number
        FROM chain.harm_paid x WHERE x.chain_id = o.chain_id AND x.header_hash = o.header_hash) p ON true
    LEFT JOIN chain.pot_closed c ON c.chain_id = o.chain_id AND c.header_hash = o.header_hash;

-- The list of all events again, now with these.
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
  EXECUTE 'CREATE OR REPLACE VIEW chain.event AS ' || branches;
END
$$;
