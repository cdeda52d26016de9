import { createConfig } from "ponder";
import { paymentProcessor } from "./abi";

const { RPC_URL, DATABASE_URL, CONTRACT, LAST_BLOCK } = process.env as Record<string, string>;

export default createConfig({
  database: { kind: "postgres", connectionString: DATABASE_URL },
  chains: { settlement: { id: 84532, rpc: RPC_URL } },
  contracts: {
    PaymentProcessor: {
      chain: "settlement",
      abi: paymentProcessor,
      address: CONTRACT as `0x${string}`,
      startBlock: 1,
      endBlock: Number(LAST_BLOCK),
    },
  },
});
