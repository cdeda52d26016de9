-- Each writer owns the rows of its schema and reads the views of the others; nobody updates an event row.
-- Runs after each migration, so that a new table or view needs no grants of its own.

DO $$
DECLARE
  writers CONSTANT text[][] := ARRAY[
    ARRAY['chain', 'tachi_indexer'],
    ARRAY['metering', 'tachi_oracle'],
    ARRAY['account', 'tachi_query_api'],
    ARRAY['gateway', 'tachi_gateway'],
    ARRAY['deploy', 'tachi_deploy']];
  pair text[];
  reader text;
  relation record;
  projection text;
BEGIN
  -- Each process looks whether the schema is that of its version before it starts.
  GRANT USAGE ON SCHEMA migration TO tachi_indexer, tachi_oracle, tachi_query_api, tachi_gateway, tachi_deploy;
  GRANT SELECT ON migration.flyway_schema_history TO tachi_indexer, tachi_oracle, tachi_query_api, tachi_gateway, tachi_deploy;
  FOREACH pair SLICE 1 IN ARRAY writers LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA types, %I TO %I', pair[1], pair[2]);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', pair[1], pair[2]);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO %I', pair[1], pair[2]);
    -- A view runs with its owner's rights: whoever wrote through one would get around those of the tables below.
    FOR relation IN
      SELECT viewname AS name FROM pg_views WHERE schemaname = pair[1]
    LOOP
      EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %I.%I FROM %I', pair[1], relation.name, pair[2]);
    END LOOP;
    FOREACH reader IN ARRAY ARRAY['tachi_indexer', 'tachi_oracle', 'tachi_query_api', 'tachi_gateway', 'tachi_deploy'] LOOP
      CONTINUE WHEN reader = pair[2];
      EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', pair[1], reader);
      FOR relation IN
        SELECT viewname AS name FROM pg_views WHERE schemaname = pair[1]
      LOOP
        EXECUTE format('GRANT SELECT ON %I.%I TO %I', pair[1], relation.name, reader);
      END LOOP;
    END LOOP;
  END LOOP;
  -- Projections of the chain's logs: one writer, and readers only through the views of chain.
  FOR projection IN SELECT nspname FROM pg_namespace WHERE nspname ~ '^chain_v[0-9]+$' LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO tachi_indexer', projection);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO tachi_indexer', projection);
  END LOOP;
  FOR relation IN
    SELECT t.table_schema AS schema, t.table_name AS name
      FROM information_schema.tables t
      JOIN information_schema.columns c USING (table_schema, table_name)
     WHERE t.table_schema ~ '^chain(_v[0-9]+)?$' AND t.table_type = 'BASE TABLE' AND c.column_name = 'log_index'
  LOOP
    EXECUTE format('REVOKE UPDATE ON %I.%I FROM tachi_indexer', relation.schema, relation.name);
  END LOOP;
END
$$;
