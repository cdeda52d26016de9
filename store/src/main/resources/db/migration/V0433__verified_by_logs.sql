-- A way of proof for endpoints that give no receipts: all logs of a block, held against its bloom.

ALTER TABLE chain.block
  DROP CONSTRAINT block_verification_check,
  ADD CONSTRAINT block_verification_check
    CHECK (verification IN ('header', 'bloom', 'receipts', 'logs', 'unverified'));
COMMENT ON COLUMN chain.block.verification IS
  'What was checked: the header hash only, that the bloom excludes our contracts, the receipts root, that the bloom of the logs is the header''s, or none of these';
