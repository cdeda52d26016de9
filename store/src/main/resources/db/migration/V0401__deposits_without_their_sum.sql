-- The event tells of a deposit only what it adds; a crawler's sum is that of its rows (ADR 0017).
ALTER TABLE chain.deposited DROP COLUMN total_deposited;
