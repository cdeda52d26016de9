-- Secondary indexes cost a large first sync more than all else. The indexer may drop them from a projection that is
-- still empty, and has them built again when it is full. It owns no table, so it does both by functions of the owner
-- that can do nothing else; it cannot write what they remember.

CREATE SCHEMA upkeep;
COMMENT ON SCHEMA upkeep IS 'What a role may do only in one certain way. Writer: the owner''s functions';

CREATE TABLE upkeep.deferred_index (
  projection name NOT NULL,
  index_name name NOT NULL,
  table_name name NOT NULL,
  definition text NOT NULL,
  chain_id bigint NOT NULL,
  PRIMARY KEY (projection, index_name)
);
COMMENT ON TABLE upkeep.deferred_index IS 'Indexes of a projection that are to be built before it is ready';
COMMENT ON COLUMN upkeep.deferred_index.chain_id IS 'The chain whose first sync is to build them';

CREATE FUNCTION upkeep.require_projection(projection name) RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
  IF projection !~ '^chain_v[0-9]+$' THEN
    RAISE EXCEPTION 'expected a projection schema chain_v<number>, found %', projection USING ERRCODE = 'invalid_schema_name';
  END IF;
END
$function$;

CREATE FUNCTION upkeep.defer_indexes(projection name, for_chain bigint) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  relation name;
  has_rows boolean;
  deferred int := 0;
  index record;
BEGIN
  PERFORM upkeep.require_projection(projection);
  FOR relation IN SELECT tablename FROM pg_tables WHERE schemaname = projection LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I)', projection, relation) INTO has_rows;
    IF has_rows THEN
      RETURN 0;
    END IF;
  END LOOP;
  -- An index that says what is allowed stays, and so does one that a constraint needs.
  FOR index IN
    SELECT i.relname AS name, t.relname AS on_table, pg_get_indexdef(i.oid) AS definition
      FROM pg_index x
      JOIN pg_class i ON i.oid = x.indexrelid
      JOIN pg_class t ON t.oid = x.indrelid
      JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE n.nspname = projection AND NOT x.indisunique AND NOT x.indisexclusion
       AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid)
  LOOP
    INSERT INTO upkeep.deferred_index VALUES (projection, index.name, index.on_table, index.definition, for_chain);
    EXECUTE format('DROP INDEX %I.%I', projection, index.name);
    deferred := deferred + 1;
  END LOOP;
  RETURN deferred;
END
$function$;
COMMENT ON FUNCTION upkeep.defer_indexes IS 'Drops the secondary indexes of a projection without a single row and remembers them; returns how many';

CREATE FUNCTION upkeep.build_deferred_index(projection name) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET maintenance_work_mem = '128MB' AS $function$
DECLARE
  next record;
BEGIN
  PERFORM upkeep.require_projection(projection);
  SELECT d.index_name, d.table_name, d.definition INTO next
    FROM upkeep.deferred_index d WHERE d.projection = build_deferred_index.projection
    ORDER BY d.table_name, d.index_name LIMIT 1 FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  EXECUTE next.definition;
  DELETE FROM upkeep.deferred_index d
   WHERE d.projection = build_deferred_index.projection AND d.index_name = next.index_name;
  IF NOT EXISTS (SELECT FROM upkeep.deferred_index d
                  WHERE d.projection = build_deferred_index.projection AND d.table_name = next.table_name) THEN
    EXECUTE format('ANALYZE %I.%I', projection, next.table_name);
  END IF;
  RETURN true;
END
$function$;
COMMENT ON FUNCTION upkeep.build_deferred_index IS 'Builds one index that was deferred; false if there is none';

CREATE FUNCTION upkeep.clear_projection(projection name, of_chains bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  relation name;
  of_others boolean;
BEGIN
  PERFORM upkeep.require_projection(projection);
  FOR relation IN SELECT tablename FROM pg_tables WHERE schemaname = projection ORDER BY tablename LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I WHERE chain_id <> ALL ($1))', projection, relation)
      INTO of_others USING of_chains;
    IF of_others THEN
      EXECUTE format('DELETE FROM %I.%I WHERE chain_id = ANY ($1)', projection, relation) USING of_chains;
    ELSE
      EXECUTE format('TRUNCATE %I.%I', projection, relation);
    END IF;
  END LOOP;
END
$function$;
COMMENT ON FUNCTION upkeep.clear_projection IS 'Removes all rows of some chains from a projection, which is to be made again';

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA upkeep FROM PUBLIC;
GRANT USAGE ON SCHEMA upkeep TO tachi_indexer;
GRANT SELECT ON upkeep.deferred_index TO tachi_indexer;
GRANT EXECUTE ON FUNCTION upkeep.defer_indexes, upkeep.build_deferred_index, upkeep.clear_projection TO tachi_indexer;
