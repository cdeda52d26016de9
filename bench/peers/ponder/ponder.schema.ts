import { index, onchainTable } from "ponder";

export const payment = onchainTable(
  "payment",
  (t) => ({
    id: t.text().primaryKey(),
    blockNumber: t.bigint().notNull(),
    blockHash: t.hex().notNull(),
    blockTimestamp: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    txHash: t.hex().notNull(),
    paymentId: t.hex().notNull(),
    licenseId: t.bigint().notNull(),
    payer: t.hex().notNull(),
    amount: t.bigint().notNull(),
    nonce: t.hex().notNull(),
    method: t.integer().notNull(),
    paidAt: t.bigint().notNull(),
  }),
  (table) => ({
    byLicense: index().on(table.licenseId),
    byPayer: index().on(table.payer),
    byPayment: index().on(table.paymentId),
  }),
);

export const licenseTotal = onchainTable("license_total", (t) => ({
  licenseId: t.bigint().primaryKey(),
  amount: t.bigint().notNull(),
  payments: t.integer().notNull(),
}));
