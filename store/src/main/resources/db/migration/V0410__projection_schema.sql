-- The event tables move to a schema of their own, so that a changed form of them can be filled beside the old one and
-- take its place at once (docs/adr/0020). What readers see stays in chain: a view of each event table under its old
-- name, and the views of V4, which follow the tables by themselves.

CREATE SCHEMA chain_v1;
COMMENT ON SCHEMA chain_v1 IS 'What was made of the chains'' logs, form 1; readers use the views of chain. Writer: tachi_indexer';

DO $$
DECLARE
  event name;
BEGIN
  FOR event IN
    SELECT t.table_name
      FROM information_schema.tables t
      JOIN information_schema.columns c USING (table_schema, table_name)
     WHERE t.table_schema = 'chain' AND t.table_type = 'BASE TABLE' AND c.column_name = 'log_index'
       AND t.table_name <> 'event_template'
     ORDER BY t.table_name
  LOOP
    EXECUTE format('ALTER TABLE chain.%I SET SCHEMA chain_v1', event);
    EXECUTE format('CREATE VIEW chain.%1$I AS SELECT * FROM chain_v1.%1$I', event);
  END LOOP;
END
$$;
