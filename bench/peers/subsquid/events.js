const { event, indexed } = require("@subsquid/evm-abi");
const p = require("@subsquid/evm-codec");

exports.paymentMade = event(
  "0x277f4f6bc6b82dc2555c5fb4828af482ff65ba2f3091435d904c7c631ad3e968",
  "PaymentMade(bytes32,uint256,address,uint256,bytes32,uint8,uint64)",
  {
    paymentId: indexed(p.bytes32),
    licenseId: indexed(p.uint256),
    payer: indexed(p.address),
    amount: p.uint256,
    nonce: p.bytes32,
    method: p.uint8,
    paidAt: p.uint64,
  },
);
