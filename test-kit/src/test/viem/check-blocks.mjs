// Recomputes blocks that a node serves with viem as the independent implementation: the header's hash, each
// transaction's hash, the roots of transactions and receipts, the blooms, and the logs that eth_getLogs gives.
//   node check-blocks.mjs URL FROM TO     prints one line; exits 1 at the first difference
// Needs tools/node_modules (`npm ci` in tools).
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../../tools/package.json", import.meta.url));
const { concat, createPublicClient, hexToBytes, http, keccak256, serializeTransaction, toHex, toRlp } = require("viem");
const opStack = require("viem/op-stack");

const [url, from, to] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const client = createPublicClient({ transport: http(url) });
const rpc = (method, ...params) => client.request({ method, params });
const number = (quantity) => (BigInt(quantity) === 0n ? "0x" : toHex(BigInt(quantity)));

const same = (what, found, expected) => {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    console.error(`${what}: computed ${found}, served ${expected}`);
    process.exit(1);
  }
};

// ---- header

const header = (b) => {
  const fields = [
    b.parentHash, b.sha3Uncles, b.miner, b.stateRoot, b.transactionsRoot, b.receiptsRoot, b.logsBloom,
    number(b.difficulty), number(b.number), number(b.gasLimit), number(b.gasUsed), number(b.timestamp),
    b.extraData, b.mixHash, b.nonce,
  ];
  const later = [
    ["baseFeePerGas", number], ["withdrawalsRoot"], ["blobGasUsed", number], ["excessBlobGas", number],
    ["parentBeaconBlockRoot"], ["requestsHash"], ["blockAccessListHash"], ["slotNumber", number],
  ];
  for (const [name, form = (x) => x] of later) {
    if (b[name] !== undefined) fields.push(form(b[name]));
  }
  return keccak256(toRlp(fields));
};

// ---- a trie over the RLP of indexes, straight from the yellow paper

const nibblesOf = (hex) => [...hex.slice(2)].map((digit) => parseInt(digit, 16));
const compact = (path, leaf) => {
  const flag = (leaf ? 2 : 0) + (path.length % 2);
  const all = path.length % 2 ? [flag, ...path] : [flag, 0, ...path];
  return `0x${all.map((nibble) => nibble.toString(16)).join("")}`;
};
const node = (entries) => {
  if (entries.length === 0) return "0x";
  if (entries.length === 1) return [compact(entries[0].path, true), entries[0].value];
  const [first] = entries;
  let shared = 0;
  while (entries.every((entry) => entry.path[shared] === first.path[shared])) shared++;
  if (shared > 0) {
    const rest = entries.map((entry) => ({ ...entry, path: entry.path.slice(shared) }));
    return [compact(first.path.slice(0, shared), false), reference(node(rest))];
  }
  const children = Array.from({ length: 16 }, (_, nibble) =>
    reference(
      node(
        entries
          .filter((entry) => entry.path[0] === nibble)
          .map((entry) => ({ ...entry, path: entry.path.slice(1) })),
      ),
    ),
  );
  return [...children, "0x"];
};
const reference = (child) => {
  if (child === "0x") return child;
  const encoded = toRlp(child);
  return encoded.length < 2 + 64 ? child : keccak256(encoded);
};
const root = (values) =>
  keccak256(toRlp(node(values.map((value, i) => ({ path: nibblesOf(toRlp(number(i))), value })))));

// ---- bloom

const bloom = (logs) => {
  const bits = new Uint8Array(256);
  for (const log of logs) {
    for (const item of [log.address, ...log.topics]) {
      const hash = hexToBytes(keccak256(item));
      for (const at of [0, 2, 4]) {
        const bit = ((hash[at] << 8) | hash[at + 1]) & 2047;
        bits[255 - (bit >> 3)] |= 1 << (bit & 7);
      }
    }
  }
  return toHex(bits);
};

// ---- transactions and receipts

const KINDS = { "0x0": "legacy", "0x1": "eip2930", "0x2": "eip1559" };
const encodedTransaction = (t) => {
  const gas = BigInt(t.gas);
  const value = BigInt(t.value);
  if (t.type === "0x7e") {
    return opStack.serializeTransaction({
      type: "deposit", sourceHash: t.sourceHash, from: t.from, to: t.to, gas, value, data: t.input,
      mint: BigInt(t.mint), isSystemTx: false,
    });
  }
  const price =
    t.type === "0x2"
      ? { maxFeePerGas: BigInt(t.maxFeePerGas), maxPriorityFeePerGas: BigInt(t.maxPriorityFeePerGas) }
      : { gasPrice: BigInt(t.gasPrice) };
  const signature =
    t.type === "0x0"
      ? { r: t.r, s: t.s, v: BigInt(t.v) }
      : { r: t.r, s: t.s, yParity: Number(t.yParity) };
  return serializeTransaction(
    {
      type: KINDS[t.type], chainId: Number(t.chainId), nonce: Number(t.nonce), gas, value, to: t.to, data: t.input,
      ...price, ...(t.type === "0x0" ? {} : { accessList: t.accessList }),
    },
    signature,
  );
};
const encodedReceipt = (r) => {
  const fields = [
    number(r.status), number(r.cumulativeGasUsed), r.logsBloom, r.logs.map((log) => [log.address, log.topics, log.data]),
  ];
  if (r.depositReceiptVersion !== undefined) fields.push(number(r.depositNonce), number(r.depositReceiptVersion));
  return r.type === "0x0" ? toRlp(fields) : concat([r.type, toRlp(fields)]);
};

// ---- all blocks

let [blocks, transactions, logs] = [0, 0, 0];
let parent;
for (let n = from; n <= to; n++) {
  const tag = toHex(n);
  const block = await rpc("eth_getBlockByNumber", tag, true);
  const receipts = await rpc("eth_getBlockReceipts", tag);
  same(`hash of block ${n}`, header(block), block.hash);
  if (parent) same(`parent of block ${n}`, block.parentHash, parent);
  parent = block.hash;
  block.transactions.forEach((t) => same(`hash of transaction ${t.transactionIndex} of block ${n}`, keccak256(encodedTransaction(t)), t.hash));
  same(`transactions of block ${n}`, root(block.transactions.map(encodedTransaction)), block.transactionsRoot);
  same(`receipts of block ${n}`, root(receipts.map(encodedReceipt)), block.receiptsRoot);
  const all = receipts.flatMap((r) => r.logs);
  receipts.forEach((r, i) => {
    same(`bloom of receipt ${i} of block ${n}`, bloom(r.logs), r.logsBloom);
    same(`transaction of receipt ${i} of block ${n}`, r.transactionHash, block.transactions[i].hash);
  });
  same(`bloom of block ${n}`, bloom(all), block.logsBloom);
  all.forEach((log, i) => same(`index of log ${i} of block ${n}`, Number(log.logIndex), i));
  same(`logs of block ${n}`, await rpc("eth_getLogs", { fromBlock: tag, toBlock: tag }), all);
  same(`logs of block ${n} by hash`, await rpc("eth_getLogs", { blockHash: block.hash }), all);
  blocks++;
  transactions += receipts.length;
  logs += all.length;
}
// viem's own readers must accept the answers too.
const read = await client.getBlock({ blockNumber: BigInt(to), includeTransactions: true });
if (read.transactions.length > 0) await client.getTransactionReceipt({ hash: read.transactions.at(-1).hash });
await client.getLogs({ fromBlock: BigInt(from), toBlock: BigInt(to) });
console.log(`${blocks} blocks, ${transactions} transactions, ${logs} logs`);
