-- The usage log and its epochs (wire.md sections 3 to 5), policies, and payments under way.

-- metering ------------------------------------------------------------------------------------------------------------

CREATE TABLE metering.lease (
  name text PRIMARY KEY,
  holder text NOT NULL,
  epoch bigint NOT NULL,
  expires_at timestamptz NOT NULL
);
COMMENT ON TABLE metering.lease IS 'The one sequencer and the one closer of epochs; the epoch is a fencing token';

CREATE TABLE metering.voucher (
  voucher_hash types.hash PRIMARY KEY,
  crawler types.address NOT NULL,
  license_id bigint NOT NULL,
  cumulative_max types.usdc NOT NULL,
  terms_hash types.hash NOT NULL,
  signer types.address NOT NULL,
  signature types.signature NOT NULL,
  received_at timestamptz NOT NULL
);
CREATE INDEX voucher_by_pair ON metering.voucher (crawler, license_id, cumulative_max DESC);

CREATE TABLE metering.usage_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  license_id bigint NOT NULL,
  crawler types.address NOT NULL,
  request_id types.hash NOT NULL,
  rail smallint NOT NULL CHECK (rail IN (1, 2)),
  content_id types.hash NOT NULL,
  units bigint NOT NULL CHECK (units > 0),
  unit_price types.usdc NOT NULL,
  payment_ref types.hash NOT NULL,
  payment_chain_id bigint,
  payment_tx types.hash,
  received_at timestamptz NOT NULL,
  UNIQUE (license_id, crawler, request_id)
);
COMMENT ON TABLE metering.usage_entry IS 'Paid requests as reported, whatever generation of the log they stand in';
CREATE UNIQUE INDEX usage_entry_direct_once ON metering.usage_entry (payment_ref) WHERE rail = 1;

CREATE TABLE metering.log_leaf (
  log_index bigint PRIMARY KEY CHECK (log_index >= 0),
  generation bigint NOT NULL,
  config_version bigint NOT NULL,
  rail smallint NOT NULL CHECK (rail IN (1, 2)),
  crawler types.address NOT NULL,
  license_id bigint NOT NULL,
  content_id types.hash NOT NULL,
  request_id types.hash NOT NULL,
  units bigint NOT NULL,
  unit_price types.usdc NOT NULL,
  pair_seq bigint NOT NULL,
  pair_prev_index bigint,
  pair_cumulative types.usdc NOT NULL,
  payment_ref types.hash NOT NULL,
  issued_at_ms bigint NOT NULL,
  leaf_hash types.hash NOT NULL,
  signature types.signature,
  UNIQUE (license_id, crawler, request_id)
);
COMMENT ON TABLE metering.log_leaf IS 'The log as it stands now; leaves cut off by a new generation move to log_leaf_cut';
COMMENT ON COLUMN metering.log_leaf.pair_prev_index IS 'Null is NONE of the wire format';
CREATE UNIQUE INDEX log_leaf_pair_chain ON metering.log_leaf (crawler, license_id, pair_seq) WHERE rail = 2;
CREATE UNIQUE INDEX log_leaf_direct_once ON metering.log_leaf (payment_ref) WHERE rail = 1;
CREATE INDEX log_leaf_by_license ON metering.log_leaf (license_id, log_index);
CREATE INDEX log_leaf_by_crawler ON metering.log_leaf (crawler, log_index);

CREATE TABLE metering.log_leaf_cut (LIKE metering.log_leaf);
ALTER TABLE metering.log_leaf_cut ADD PRIMARY KEY (generation, log_index);
COMMENT ON TABLE metering.log_leaf_cut IS 'Leaves of earlier generations that no longer stand in the log';

CREATE TABLE metering.pair (
  crawler types.address NOT NULL,
  license_id bigint NOT NULL,
  cumulative types.usdc NOT NULL,
  last_pair_seq bigint NOT NULL,
  last_log_index bigint NOT NULL,
  voucher_hash types.hash NOT NULL,
  PRIMARY KEY (crawler, license_id)
);
COMMENT ON TABLE metering.pair IS 'The pair leaf (wire.md section 5) of the live log';

CREATE TABLE metering.epoch (
  epoch bigint NOT NULL CHECK (epoch > 0),
  generation bigint NOT NULL CHECK (generation > 0),
  config_version bigint NOT NULL,
  prev_header_hash types.hash NOT NULL,
  config_digest types.hash NOT NULL,
  body_hash types.hash NOT NULL,
  header_hash types.hash NOT NULL UNIQUE,
  log_size bigint NOT NULL,
  log_root types.hash NOT NULL,
  license_count bigint NOT NULL,
  credit_root types.hash NOT NULL,
  crawler_count bigint NOT NULL,
  debit_root types.hash NOT NULL,
  total_credit types.usdc NOT NULL,
  total_debit types.usdc NOT NULL,
  rules_hash types.hash NOT NULL,
  data_commitment types.hash NOT NULL,
  closed_at bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('closed', 'signed', 'posted', 'finalised', 'voided')),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (epoch, generation)
);
CREATE UNIQUE INDEX epoch_live ON metering.epoch (epoch) WHERE state <> 'voided';

CREATE TABLE metering.epoch_signature (
  epoch bigint NOT NULL,
  generation bigint NOT NULL,
  signer types.address NOT NULL,
  signer_index smallint NOT NULL,
  signature types.signature NOT NULL,
  signed_at timestamptz NOT NULL,
  PRIMARY KEY (epoch, generation, signer),
  FOREIGN KEY (epoch, generation) REFERENCES metering.epoch
);

CREATE TABLE metering.pair_snapshot (
  epoch bigint NOT NULL,
  generation bigint NOT NULL,
  license_id bigint NOT NULL,
  crawler types.address NOT NULL,
  cumulative types.usdc NOT NULL,
  last_pair_seq bigint NOT NULL,
  last_log_index bigint NOT NULL,
  voucher_hash types.hash NOT NULL,
  PRIMARY KEY (epoch, generation, license_id, crawler),
  FOREIGN KEY (epoch, generation) REFERENCES metering.epoch
);
CREATE INDEX pair_snapshot_by_crawler ON metering.pair_snapshot (epoch, generation, crawler, license_id);

CREATE TABLE metering.signing_watermark (
  key_address types.address NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('attestation', 'header')),
  generation bigint NOT NULL,
  position bigint NOT NULL,
  digest types.hash NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (key_address, purpose, generation)
);
COMMENT ON TABLE metering.signing_watermark IS
  'The highest log index or epoch each key has signed; a key never signs at or below it another digest';

SELECT types.create_outbox('metering');

-- account -------------------------------------------------------------------------------------------------------------

CREATE TABLE account.policy (
  license_id bigint NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  policy_hash types.hash NOT NULL,
  document text NOT NULL,
  content jsonb GENERATED ALWAYS AS (document::jsonb) STORED,
  signer types.address NOT NULL,
  signature types.signature NOT NULL,
  valid_from timestamptz NOT NULL,
  PRIMARY KEY (license_id, version)
);
COMMENT ON COLUMN account.policy.document IS 'RFC 8785 canonical JSON; its Keccak-256 is policy_hash';
CREATE INDEX policy_by_hash ON account.policy (policy_hash);

CREATE TABLE account.crawler_account (
  crawler types.address PRIMARY KEY,
  name text NOT NULL,
  contact text,
  created_at timestamptz NOT NULL
);

-- gateway -------------------------------------------------------------------------------------------------------------

CREATE TABLE gateway.response (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  status smallint NOT NULL,
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
COMMENT ON TABLE gateway.response IS 'A paid response, kept for a client that lost it';
CREATE INDEX response_by_expiry ON gateway.response (expires_at);

CREATE TABLE gateway.authorization (
  chain_id bigint NOT NULL,
  from_address types.address NOT NULL,
  nonce types.hash NOT NULL,
  license_id bigint NOT NULL,
  value types.usdc NOT NULL,
  valid_after numeric(78, 0) NOT NULL,
  valid_before numeric(78, 0) NOT NULL,
  signature bytea NOT NULL,
  request_fingerprint types.hash NOT NULL,
  request_id types.hash NOT NULL,
  content_id types.hash NOT NULL,
  payment_id types.hash NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('reserved', 'settling', 'settled', 'served', 'failed')),
  external boolean NOT NULL DEFAULT false,
  tx_hash types.hash,
  failure text,
  response_id bigint REFERENCES gateway.response ON DELETE SET NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (chain_id, from_address, nonce)
);
COMMENT ON COLUMN gateway.authorization.external IS 'Settled by someone else before us';
CREATE INDEX authorization_open ON gateway.authorization (updated_at) WHERE state IN ('reserved', 'settling', 'settled');

CREATE TABLE gateway.pair_ceiling (
  crawler types.address NOT NULL,
  license_id bigint NOT NULL,
  cumulative_max types.usdc NOT NULL,
  voucher_hash types.hash NOT NULL,
  terms_hash types.hash NOT NULL,
  signer types.address NOT NULL,
  signature types.signature NOT NULL,
  charged types.usdc NOT NULL,
  reserved types.usdc NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (crawler, license_id)
);
COMMENT ON TABLE gateway.pair_ceiling IS 'The highest valid voucher of a pair, and what was charged and reserved under it';

CREATE TABLE gateway.reservation (
  license_id bigint NOT NULL,
  crawler types.address NOT NULL,
  request_id types.hash NOT NULL,
  price types.usdc NOT NULL,
  voucher_hash types.hash NOT NULL,
  content_id types.hash NOT NULL,
  request_fingerprint types.hash NOT NULL,
  state text NOT NULL CHECK (state IN ('reserved', 'reported', 'attested', 'served', 'released', 'refused')),
  attestation bytea,
  failure text,
  response_id bigint REFERENCES gateway.response ON DELETE SET NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (license_id, crawler, request_id)
);
COMMENT ON COLUMN gateway.reservation.attestation IS 'tachi.v1.SignedAttestation, protobuf';
CREATE INDEX reservation_open ON gateway.reservation (updated_at) WHERE state IN ('reserved', 'reported', 'attested');

CREATE TABLE gateway.usage_queue (
  request_id types.hash PRIMARY KEY,
  payload bytea NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  last_error text,
  done_at timestamptz
);
COMMENT ON COLUMN gateway.usage_queue.payload IS 'tachi.v1.UsageEntry, protobuf';
CREATE INDEX usage_queue_due ON gateway.usage_queue (next_at) WHERE done_at IS NULL;

CREATE TABLE gateway.content_salt (
  license_id bigint PRIMARY KEY,
  salt types.hash NOT NULL
);

SELECT types.create_outbox('gateway');

-- deploy --------------------------------------------------------------------------------------------------------------

SELECT types.create_outbox('deploy');
