CREATE TABLE payment (
  id varchar PRIMARY KEY,
  block_number int NOT NULL,
  block_hash text NOT NULL,
  block_timestamp numeric NOT NULL,
  log_index int NOT NULL,
  tx_hash text NOT NULL,
  payment_id text NOT NULL,
  license_id numeric NOT NULL,
  payer text NOT NULL,
  amount numeric NOT NULL,
  nonce text NOT NULL,
  method int NOT NULL,
  paid_at numeric NOT NULL
);
CREATE INDEX payment_by_license ON payment (license_id);
CREATE INDEX payment_by_payer ON payment (payer);
CREATE INDEX payment_by_payment ON payment (payment_id);
CREATE TABLE license_total (id varchar PRIMARY KEY, amount numeric NOT NULL, payments int NOT NULL);
