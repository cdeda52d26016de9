require("reflect-metadata");
const { BigIntColumn, Entity, IntColumn, PrimaryColumn, StringColumn } = require("@subsquid/typeorm-store");

class Row {
  constructor(values) {
    Object.assign(this, values);
  }
}

class Payment extends Row {}
class LicenseTotal extends Row {}

const columns = (type, all) => {
  Reflect.defineMetadata("design:type", String, type.prototype, "id"); // as TypeScript would say it
  for (const [name, column] of Object.entries(all)) column(type.prototype, name);
};

columns(Payment, {
  id: PrimaryColumn(),
  blockNumber: IntColumn({ nullable: false }),
  blockHash: StringColumn({ nullable: false }),
  blockTimestamp: BigIntColumn({ nullable: false }),
  logIndex: IntColumn({ nullable: false }),
  txHash: StringColumn({ nullable: false }),
  paymentId: StringColumn({ nullable: false }),
  licenseId: BigIntColumn({ nullable: false }),
  payer: StringColumn({ nullable: false }),
  amount: BigIntColumn({ nullable: false }),
  nonce: StringColumn({ nullable: false }),
  method: IntColumn({ nullable: false }),
  paidAt: BigIntColumn({ nullable: false }),
});
Entity()(Payment);

columns(LicenseTotal, {
  id: PrimaryColumn(),
  amount: BigIntColumn({ nullable: false }),
  payments: IntColumn({ nullable: false }),
});
Entity()(LicenseTotal);

module.exports = { LicenseTotal, Payment };
