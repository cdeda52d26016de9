export const paymentProcessor = [
  {
    type: "event",
    name: "PaymentMade",
    inputs: [
      { name: "paymentId", type: "bytes32", indexed: true },
      { name: "licenseId", type: "uint256", indexed: true },
      { name: "payer", type: "address", indexed: true },
      { name: "amount", type: "uint256", indexed: false },
      { name: "nonce", type: "bytes32", indexed: false },
      { name: "method", type: "uint8", indexed: false },
      { name: "paidAt", type: "uint64", indexed: false },
    ],
  },
] as const;
