-- What the oracle needs to start a new generation and to let its signers check the rules hash (wire.md section 3).

CREATE TABLE metering.log_generation (
  generation bigint PRIMARY KEY CHECK (generation > 0),
  first_index bigint NOT NULL,
  last_good_epoch bigint NOT NULL,
  started_at timestamptz NOT NULL
);
COMMENT ON TABLE metering.log_generation IS
  'Generations of the log: the highest is the one new entries get; entries from first_index on were sequenced again in it';

CREATE TABLE metering.epoch_rule (
  epoch bigint NOT NULL,
  generation bigint NOT NULL,
  license_id bigint NOT NULL,
  policy_hash types.hash NOT NULL,
  PRIMARY KEY (epoch, generation, license_id),
  FOREIGN KEY (epoch, generation) REFERENCES metering.epoch
);
COMMENT ON TABLE metering.epoch_rule IS 'The policies in force that an epoch''s rules hash covers';
