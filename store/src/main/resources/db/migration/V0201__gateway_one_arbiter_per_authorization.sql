-- (chain, from, nonce) implies the payment id. A second unique index makes two inserts of one new row at the same moment
-- fail instead of one of them seeing the conflict, since ON CONFLICT names one index only.

ALTER TABLE gateway.authorization DROP CONSTRAINT authorization_payment_id_key;
CREATE INDEX authorization_by_payment ON gateway.authorization (payment_id);
