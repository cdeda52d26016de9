-- What each licence was paid directly, kept with the rows that say so; always their sum.

CREATE TABLE chain_v1.license_total (
  chain_id bigint NOT NULL,
  license_id bigint NOT NULL,
  amount types.uint256 NOT NULL,
  payments bigint NOT NULL CHECK (payments > 0),
  block_number bigint NOT NULL,
  PRIMARY KEY (chain_id, license_id)
);
COMMENT ON COLUMN chain_v1.license_total.amount IS 'Gross of fees and refunds';
COMMENT ON COLUMN chain_v1.license_total.block_number IS 'The block of the last payment';

INSERT INTO chain_v1.license_total
  SELECT chain_id, license_id, sum(amount), count(*), max(block_number)
    FROM chain_v1.payment_made GROUP BY chain_id, license_id;

CREATE VIEW chain.license_total AS SELECT * FROM chain_v1.license_total;
