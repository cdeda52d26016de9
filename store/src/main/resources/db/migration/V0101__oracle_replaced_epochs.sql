-- What the oracle keeps of an epoch that a new signer configuration overtook (wire.md section 3).

CREATE TABLE metering.epoch_replaced (LIKE metering.epoch);
ALTER TABLE metering.epoch_replaced ADD PRIMARY KEY (header_hash);
COMMENT ON TABLE metering.epoch_replaced IS
  'Epochs closed under a signer configuration that ended before they were posted; closed again under their number';
