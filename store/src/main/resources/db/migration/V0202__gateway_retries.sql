-- What finds a payment that comes again, forgets what came to nothing, and adds up what a payer has under way.

DROP INDEX gateway.reservation_undelivered;
CREATE INDEX reservation_by_fingerprint ON gateway.reservation (crawler, license_id, request_fingerprint)
  WHERE state = 'reserved' OR response_id IS NOT NULL;
CREATE INDEX reservation_ended ON gateway.reservation (updated_at) WHERE state IN ('released', 'refused');
CREATE INDEX authorization_by_request ON gateway.authorization (request_id);
CREATE INDEX authorization_under_way ON gateway.authorization (chain_id, from_address)
  WHERE state IN ('reserved', 'settling');
