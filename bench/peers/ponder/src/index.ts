import { ponder } from "ponder:registry";
import { licenseTotal, payment } from "ponder:schema";

ponder.on("PaymentProcessor:PaymentMade", async ({ event, context }) => {
  const { args, block, log, transaction } = event;
  await context.db.insert(payment).values({
    id: event.id,
    blockNumber: block.number,
    blockHash: block.hash,
    blockTimestamp: block.timestamp,
    logIndex: log.logIndex,
    txHash: transaction.hash,
    paymentId: args.paymentId,
    licenseId: args.licenseId,
    payer: args.payer,
    amount: args.amount,
    nonce: args.nonce,
    method: args.method,
    paidAt: args.paidAt,
  });
  await context.db
    .insert(licenseTotal)
    .values({ licenseId: args.licenseId, amount: args.amount, payments: 1 })
    .onConflictDoUpdate((row) => ({ amount: row.amount + args.amount, payments: row.payments + 1 }));
});
