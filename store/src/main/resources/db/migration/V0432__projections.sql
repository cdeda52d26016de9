-- More than one form of what is made of the logs (docs/adr/0022): one that readers see, and others that are being filled
-- to take its place, or that are kept to go back to. The indexer's commits write each that is marked as written; what
-- readers see is changed by replacing all views in one transaction.

CREATE TABLE upkeep.projection (
  name text PRIMARY KEY CHECK (name ~ '^chain_v[0-9]{1,9}$'),
  live boolean NOT NULL,
  written boolean NOT NULL,
  since xid8,
  CHECK (written OR NOT live)
);
CREATE UNIQUE INDEX projection_live ON upkeep.projection (live) WHERE live;
COMMENT ON TABLE upkeep.projection IS 'The forms of the projection';
COMMENT ON COLUMN upkeep.projection.live IS 'Whether readers see it';
COMMENT ON COLUMN upkeep.projection.written IS 'Whether each commit of the indexer writes it';
COMMENT ON COLUMN upkeep.projection.since IS 'The transaction after which it was level with the chain; an older snapshot may see it half filled';
INSERT INTO upkeep.projection VALUES ('chain_v1', true, true, NULL);

CREATE TABLE upkeep.projection_view (
  projection text NOT NULL,
  view_name text NOT NULL,
  definition text NOT NULL,
  PRIMARY KEY (projection, view_name)
);
COMMENT ON TABLE upkeep.projection_view IS
  'How the views of chain are for a form: given by the migration that made a changed form, or kept for the way back. Always with the same columns';

CREATE TABLE chain.projection_fill (
  projection text NOT NULL,
  chain_id bigint NOT NULL,
  number bigint NOT NULL,
  cursor text NOT NULL,
  PRIMARY KEY (projection, chain_id)
);
COMMENT ON TABLE chain.projection_fill IS 'Up to which block a projection was filled that commits do not write yet';

CREATE FUNCTION upkeep.create_projection(target name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  source name;
  relation name;
BEGIN
  PERFORM upkeep.require_projection(target);
  PERFORM pg_advisory_xact_lock(hashtext('tachi projections'));
  IF EXISTS (SELECT FROM upkeep.projection p WHERE p.name = target) THEN
    RETURN;
  END IF;
  SELECT p.name INTO STRICT source FROM upkeep.projection p WHERE p.live;
  IF EXISTS (SELECT FROM upkeep.deferred_index d WHERE d.projection = source) THEN
    RAISE EXCEPTION 'indexes of % are still to be built: wait for the first sync', source
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  -- A changed form is made by a migration; without one, the form is that of today.
  IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = target) THEN
    EXECUTE format('CREATE SCHEMA %I', target);
    FOR relation IN SELECT tablename FROM pg_tables WHERE schemaname = source ORDER BY tablename LOOP
      EXECUTE format('CREATE TABLE %I.%I (LIKE %I.%I INCLUDING ALL)', target, relation, source, relation);
    END LOOP;
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO tachi_indexer', target);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO tachi_indexer', target);
  FOR relation IN SELECT table_name FROM information_schema.columns WHERE table_schema = target AND column_name = 'log_index' LOOP
    EXECUTE format('REVOKE UPDATE ON %I.%I FROM tachi_indexer', target, relation);
  END LOOP;
  INSERT INTO upkeep.projection VALUES (target, false, false, NULL);
END
$function$;
COMMENT ON FUNCTION upkeep.create_projection IS 'Makes an empty projection of today''s form, unless a migration has made it in another; again does nothing';

CREATE FUNCTION upkeep.write_projection(target name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  UPDATE upkeep.projection p SET written = true, since = pg_current_xact_id() WHERE p.name = target AND NOT p.written;
END
$function$;
COMMENT ON FUNCTION upkeep.write_projection IS 'From the next commit on a projection is written; called in the transaction that brings it level';

CREATE FUNCTION upkeep.leave_projection(target name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  UPDATE upkeep.projection p SET written = false, since = NULL WHERE p.name = target AND NOT p.live;
  DELETE FROM chain.projection_fill f WHERE f.projection = target;
END
$function$;
COMMENT ON FUNCTION upkeep.leave_projection IS 'A projection that readers do not see is no longer written; it has to be filled again';

CREATE FUNCTION upkeep.show_projection(target name) RETURNS name
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  source name;
  level_since xid8;
  item record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('tachi projections'));
  SELECT p.name INTO STRICT source FROM upkeep.projection p WHERE p.live;
  IF source = target THEN
    RETURN source;
  END IF;
  SELECT p.since INTO level_since FROM upkeep.projection p WHERE p.name = target AND p.written;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'projection % is not level with the chain', target USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  -- A reader that goes on with an older snapshot would see the new tables as they were while they were filled.
  IF EXISTS (
    SELECT FROM pg_stat_activity a
     WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_xmin IS NOT NULL
       AND a.backend_type IN ('client backend', 'parallel worker')
       AND age(a.backend_xmin) >= age(level_since::xid)) THEN
    RAISE EXCEPTION 'a snapshot is in use that is older than projection %', target USING ERRCODE = 'object_in_use';
  END IF;
  -- Readers pass this gate when they begin (Database.snapshot): once it is closed, those that are under way end, and no
  -- other begins. Without it, one that has read a view that is still to be locked would often wait for one that is.
  PERFORM pg_advisory_xact_lock(hashtext('tachi readers'));
  PERFORM set_config('lock_timeout', '100ms', true);
  FOR item IN
    SELECT c.relname AS name, pg_get_viewdef(c.oid) AS current_definition,
           coalesce(v.definition,
                    regexp_replace(pg_get_viewdef(c.oid), '\m' || source || '\.', target || '.', 'g')) AS definition
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN upkeep.projection_view v ON v.projection = target AND v.view_name = c.relname
     WHERE n.nspname = 'chain' AND c.relkind = 'v' AND pg_get_viewdef(c.oid) ~ ('\m' || source || '\.')
     ORDER BY c.oid
  LOOP
    -- The way back leads to exactly this.
    INSERT INTO upkeep.projection_view VALUES (source, item.name, item.current_definition)
      ON CONFLICT (projection, view_name) DO UPDATE SET definition = excluded.definition;
    EXECUTE format('CREATE OR REPLACE VIEW chain.%I AS %s', item.name, item.definition);
  END LOOP;
  FOR item IN
    SELECT regexp_replace(pg_get_functiondef(p.oid), '\m' || source || '\.', target || '.', 'g') AS definition
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = 'chain' AND p.prokind = 'f' AND pg_get_functiondef(p.oid) ~ ('\m' || source || '\.')
  LOOP
    EXECUTE item.definition;
  END LOOP;
  UPDATE upkeep.projection p SET live = false WHERE p.name = source;
  UPDATE upkeep.projection p SET live = true WHERE p.name = target;
  RETURN source;
END
$function$;
COMMENT ON FUNCTION upkeep.show_projection IS 'Lets readers see another projection, all of it at once; returns the one they saw before';

CREATE FUNCTION upkeep.drop_projection(target name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  relation name;
BEGIN
  PERFORM upkeep.require_projection(target);
  PERFORM pg_advisory_xact_lock(hashtext('tachi projections'));
  IF EXISTS (SELECT FROM upkeep.projection p WHERE p.name = target AND p.live) THEN
    RAISE EXCEPTION 'readers see projection %', target USING ERRCODE = 'object_in_use';
  END IF;
  FOR relation IN SELECT tablename FROM pg_tables WHERE schemaname = target LOOP
    EXECUTE format('DROP TABLE %I.%I', target, relation);
  END LOOP;
  EXECUTE format('DROP SCHEMA IF EXISTS %I', target);
  DELETE FROM upkeep.projection p WHERE p.name = target;
  DELETE FROM upkeep.projection_view v WHERE v.projection = target;
  DELETE FROM upkeep.deferred_index d WHERE d.projection = target;
  DELETE FROM chain.projection_fill f WHERE f.projection = target;
END
$function$;
COMMENT ON FUNCTION upkeep.drop_projection IS 'Removes a projection that readers do not see';

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA upkeep FROM PUBLIC;
GRANT SELECT ON upkeep.projection TO tachi_indexer;
GRANT EXECUTE ON FUNCTION upkeep.create_projection, upkeep.write_projection, upkeep.leave_projection,
  upkeep.show_projection, upkeep.drop_projection TO tachi_indexer;
