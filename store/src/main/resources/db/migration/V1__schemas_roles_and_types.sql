-- Schemas, their writers, and the value types that all tables share.
-- Each schema has one writer; the others read its views (afterMigrate.sql grants both).

DO $$
DECLARE
  writer text;
BEGIN
  FOREACH writer IN ARRAY ARRAY['tachi_indexer', 'tachi_oracle', 'tachi_query_api', 'tachi_gateway', 'tachi_deploy'] LOOP
    -- Roles belong to the server, not to the database: another database may have made them.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = writer) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I LOGIN', writer);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- made by a migration of another database in this moment
      END;
    END IF;
  END LOOP;
END
$$;

CREATE SCHEMA types;
CREATE SCHEMA chain;
CREATE SCHEMA metering;
CREATE SCHEMA account;
CREATE SCHEMA gateway;
CREATE SCHEMA deploy;

COMMENT ON SCHEMA chain IS 'What the chains say. Writer: tachi_indexer';
COMMENT ON SCHEMA metering IS 'The usage log and its epochs. Writer: tachi_oracle';
COMMENT ON SCHEMA account IS 'Policies. Writer: tachi_query_api';
COMMENT ON SCHEMA gateway IS 'Payments under way and responses. Writer: tachi_gateway';
COMMENT ON SCHEMA deploy IS 'Transactions of deployments. Writer: tachi_deploy';

-- An account address.
CREATE DOMAIN types.address AS bytea CHECK (octet_length(VALUE) = 20);
-- A hash or any other bytes32.
CREATE DOMAIN types.hash AS bytea CHECK (octet_length(VALUE) = 32);
-- r, s and v (65 bytes), or the compact form of EIP-2098 (64 bytes).
CREATE DOMAIN types.signature AS bytea CHECK (octet_length(VALUE) IN (64, 65));
-- USDC atomic units, 0 to 2^128-1.
CREATE DOMAIN types.usdc AS numeric(39, 0)
  CHECK (VALUE BETWEEN 0 AND 340282366920938463463374607431768211455);
-- Any uint256.
CREATE DOMAIN types.uint256 AS numeric(78, 0)
  CHECK (VALUE BETWEEN 0 AND 115792089237316195423570985008687907853269984665640564039457584007913129639935);

-- The tables of the transaction outbox (module tx), the same in each schema whose writer sends transactions.
CREATE FUNCTION types.create_outbox(target name) RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
  EXECUTE format($ddl$
    CREATE TABLE %1$I.outbox (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      chain_id bigint NOT NULL,
      kind text NOT NULL,
      key text NOT NULL,
      to_address types.address NOT NULL,
      data bytea NOT NULL,
      value_wei types.uint256 NOT NULL,
      state text NOT NULL CHECK (state IN ('QUEUED', 'SENT', 'MINED', 'SAFE', 'FINALIZED', 'REFUSED', 'SKIPPED')),
      sender types.address,
      nonce bigint,
      gas_limit bigint,
      mined_tx types.hash,
      mined_block bigint,
      mined_block_hash types.hash,
      success boolean,
      reason text NOT NULL DEFAULT '',
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (chain_id, kind, key),
      UNIQUE (chain_id, sender, nonce),
      CHECK ((state IN ('MINED', 'SAFE', 'FINALIZED')) = (mined_block IS NOT NULL)),
      CHECK ((state IN ('SENT', 'MINED', 'SAFE', 'FINALIZED')) = (nonce IS NOT NULL))
    );
    CREATE INDEX outbox_open ON %1$I.outbox (chain_id, id) WHERE state NOT IN ('FINALIZED', 'REFUSED', 'SKIPPED');
    COMMENT ON COLUMN %1$I.outbox.sender IS 'Who sends it; known when the nonce is';

    CREATE TABLE %1$I.outbox_attempt (
      outbox_id bigint NOT NULL REFERENCES %1$I.outbox,
      attempt int NOT NULL,
      tx_hash types.hash NOT NULL UNIQUE,
      raw bytea NOT NULL,
      max_fee types.uint256 NOT NULL,
      priority_fee types.uint256 NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (outbox_id, attempt)
    );
    COMMENT ON TABLE %1$I.outbox_attempt IS 'Every transaction ever signed for a nonce; all of them are watched';
  $ddl$, target);
END
$function$;
