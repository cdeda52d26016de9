// Each PaymentMade becomes a row, and adds to the running total of its licence.
const { EvmBatchProcessor } = require("@subsquid/evm-processor");
const { TypeormDatabase } = require("@subsquid/typeorm-store");
const { LicenseTotal, Payment } = require("./lib/model");
const { paymentMade } = require("./events");

const { RPC_URL, CONTRACT, LAST_BLOCK } = process.env;

const processor = new EvmBatchProcessor()
  .setRpcEndpoint(RPC_URL)
  .setFinalityConfirmation(10)
  .setBlockRange({ from: 1, to: Number(LAST_BLOCK) })
  .addLog({ address: [CONTRACT.toLowerCase()], topic0: [paymentMade.topic] })
  .setFields({ log: { transactionHash: true } });

processor.run(new TypeormDatabase({ supportHotBlocks: true }), async (context) => {
  const payments = [];
  const sums = new Map();
  for (const block of context.blocks) {
    for (const log of block.logs) {
      if (log.topics[0] !== paymentMade.topic) continue;
      const event = paymentMade.decode(log);
      payments.push(
        new Payment({
          id: log.id,
          blockNumber: block.header.height,
          blockHash: block.header.hash,
          blockTimestamp: BigInt(block.header.timestamp),
          logIndex: log.logIndex,
          txHash: log.transactionHash,
          paymentId: event.paymentId,
          licenseId: event.licenseId,
          payer: event.payer,
          amount: event.amount,
          nonce: event.nonce,
          method: event.method,
          paidAt: event.paidAt,
        }),
      );
      const id = event.licenseId.toString();
      const sum = sums.get(id) ?? { amount: 0n, payments: 0 };
      sum.amount += event.amount;
      sum.payments += 1;
      sums.set(id, sum);
    }
  }
  await context.store.insert(payments);
  if (sums.size === 0) return;
  const ids = [...sums.keys()];
  const known = await context.store.find(LicenseTotal, { where: ids.map((id) => ({ id })) });
  const totals = new Map(known.map((total) => [total.id, total]));
  for (const [id, sum] of sums) {
    const total = totals.get(id) ?? new LicenseTotal({ id, amount: 0n, payments: 0 });
    total.amount += sum.amount;
    total.payments += sum.payments;
    totals.set(id, total);
  }
  await context.store.upsert([...totals.values()]);
});
