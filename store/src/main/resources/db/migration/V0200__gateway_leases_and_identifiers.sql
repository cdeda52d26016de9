-- Who works on a payment, until when, and what a crashed gateway needs to go on.

ALTER TABLE gateway.authorization
  ADD COLUMN owner text NOT NULL,
  ADD COLUMN lease_until timestamptz NOT NULL;
COMMENT ON COLUMN gateway.authorization.owner IS 'The gateway that reserved it; its next start releases what it left';
COMMENT ON COLUMN gateway.authorization.lease_until IS 'After it, anybody may take over a row that is only reserved';

ALTER TABLE gateway.reservation
  ADD COLUMN owner text NOT NULL,
  ADD COLUMN lease_until timestamptz NOT NULL,
  ADD COLUMN entry bytea;
COMMENT ON COLUMN gateway.reservation.entry IS 'tachi.v1.UsageEntry, protobuf; set before it is reported, and reported again as it is';
COMMENT ON COLUMN gateway.reservation.lease_until IS 'Until then a request waits for the attestation; after it, the background reports again';
CREATE INDEX reservation_undelivered ON gateway.reservation (crawler, license_id, request_fingerprint)
  WHERE state IN ('reported', 'attested');

CREATE TABLE gateway.payment_identifier (
  payer types.address NOT NULL,
  identifier text NOT NULL,
  fingerprint types.hash NOT NULL,
  license_id bigint NOT NULL,
  request_id types.hash NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (payer, identifier)
);
COMMENT ON TABLE gateway.payment_identifier IS 'x402 extension payment-identifier: one identifier, one request, one response';
CREATE INDEX payment_identifier_by_expiry ON gateway.payment_identifier (expires_at);

-- Forgetting a response looks for the rows that point to it.
CREATE INDEX authorization_by_response ON gateway.authorization (response_id) WHERE response_id IS NOT NULL;
CREATE INDEX reservation_by_response ON gateway.reservation (response_id) WHERE response_id IS NOT NULL;
