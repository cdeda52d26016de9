-- How each block below the finalized one was looked at. From the finalized block on, chain.block itself says it.

CREATE TABLE chain.coverage_segment (
  chain_id bigint NOT NULL,
  first_block bigint NOT NULL,
  last_block bigint NOT NULL,
  blocks_bloom int NOT NULL,
  blocks_receipts int NOT NULL,
  blocks_logs int NOT NULL,
  blocks_unverified int NOT NULL,
  blocks_unknown int NOT NULL,
  receipts bytea,
  logs bytea,
  unverified bytea,
  unknown bytea,
  PRIMARY KEY (chain_id, first_block),
  CHECK (first_block / 4096 = last_block / 4096),
  CHECK (blocks_bloom + blocks_receipts + blocks_logs + blocks_unverified + blocks_unknown
         = last_block - first_block + 1)
);
COMMENT ON TABLE chain.coverage_segment IS
  'Blocks in a row that were scanned and are final, up to 4096; a bitmap names those of a kind (bit i, lowest of each byte first, is block first_block + i), all others are of kind bloom';
COMMENT ON COLUMN chain.coverage_segment.unknown IS 'Scanned by a version that did not keep how';

-- The segments, merged.
CREATE VIEW chain.coverage AS
  SELECT chain_id, min(first_block) AS first_block, max(last_block) AS last_block,
         sum(blocks_bloom)::bigint AS blocks_bloom, sum(blocks_receipts)::bigint AS blocks_receipts,
         sum(blocks_logs)::bigint AS blocks_logs, sum(blocks_unverified)::bigint AS blocks_unverified,
         sum(blocks_unknown)::bigint AS blocks_unknown
    FROM (SELECT t.*, sum(t.begins) OVER (PARTITION BY t.chain_id ORDER BY t.first_block) AS island
            FROM (SELECT s.*, CASE WHEN s.first_block = lag(s.last_block) OVER (PARTITION BY s.chain_id ORDER BY s.first_block) + 1
                                   THEN 0 ELSE 1 END AS begins
                    FROM chain.coverage_segment s) t) islands
   GROUP BY chain_id, island;

-- What is proven of each block of a range, and the blocks of which nothing is.
CREATE FUNCTION chain.coverage_of(chain bigint, first bigint, last bigint)
RETURNS TABLE (first_block bigint, last_block bigint, blocks_bloom bigint, blocks_receipts bigint, blocks_logs bigint,
               blocks_unverified bigint, blocks_unknown bigint, blocks_with_events bigint, gaps bigint,
               gap_ranges int8multirange)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $function$
  WITH segment AS (
    SELECT s.* FROM chain.coverage_segment s
     WHERE s.chain_id = $1 AND s.last_block >= $2 AND s.first_block <= $3),
  kept AS (
    SELECT b.number, b.verification
      FROM chain.checkpoint c JOIN chain.block b ON b.chain_id = c.chain_id
     WHERE c.chain_id = $1 AND b.number BETWEEN greatest($2, c.finalized_number) AND least($3, c.head_number)
       AND NOT EXISTS (SELECT FROM segment s WHERE b.number BETWEEN s.first_block AND s.last_block)),
  counted (bloom, receipts, logs, unverified, unknown) AS (
    SELECT s.blocks_bloom, s.blocks_receipts, s.blocks_logs, s.blocks_unverified, s.blocks_unknown
      FROM segment s WHERE s.first_block >= $2 AND s.last_block <= $3
    UNION ALL
    SELECT (kind = 'bloom')::int, (kind = 'receipts')::int, (kind = 'logs')::int, (kind = 'unverified')::int,
           (kind NOT IN ('bloom', 'receipts', 'logs', 'unverified'))::int
      FROM (
        SELECT CASE WHEN get_bit(s.receipts, i) = 1 THEN 'receipts'
                    WHEN get_bit(s.logs, i) = 1 THEN 'logs'
                    WHEN get_bit(s.unverified, i) = 1 THEN 'unverified'
                    WHEN get_bit(s.unknown, i) = 1 THEN 'unknown'
                    ELSE 'bloom' END AS kind
          FROM segment s,
               generate_series((greatest(s.first_block, $2) - s.first_block)::int,
                               (least(s.last_block, $3) - s.first_block)::int) AS i
         WHERE s.first_block < $2 OR s.last_block > $3
        UNION ALL
        SELECT k.verification FROM kept k) one),
  gap AS (
    SELECT CASE WHEN $2 > $3 THEN '{}'::int8multirange ELSE int8multirange(int8range($2, $3, '[]')) END
           - coalesce(range_agg(r), '{}'::int8multirange) AS missing
      FROM (SELECT int8range(s.first_block, s.last_block, '[]') AS r FROM segment s
            UNION ALL
            SELECT int8range(k.number, k.number, '[]') FROM kept k) covered)
  SELECT $2, $3, coalesce(sum(c.bloom), 0)::bigint, coalesce(sum(c.receipts), 0)::bigint,
         coalesce(sum(c.logs), 0)::bigint, coalesce(sum(c.unverified), 0)::bigint, coalesce(sum(c.unknown), 0)::bigint,
         (SELECT count(*) FROM chain.block b
           WHERE b.chain_id = $1 AND b.number BETWEEN $2 AND $3 AND b.log_count > 0),
         (SELECT coalesce(sum(upper(r) - lower(r)), 0)::bigint FROM gap, unnest(gap.missing) AS r),
         (SELECT gap.missing FROM gap)
    FROM counted c
$function$;
COMMENT ON FUNCTION chain.coverage_of IS
  'For the blocks first to last: how many were shown by what, and the ones that were not looked at (gaps, 0 if none)';
