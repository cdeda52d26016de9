// The trees of wire.md sections 4 and 5, written straight from the definitions of RFC 6962 section 2.1 and
// RFC 9162 section 2.1. Slow and plain on purpose: the vectors must not share cleverness with what they test.
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../tools/package.json", import.meta.url));
const { concatHex, keccak256, toHex } = require("viem");

/** The largest power of two below n, for n > 1. */
export function split(n) {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** The root over the items, whatever a node is. */
function rootOf(items, node, empty) {
  if (items.length === 0) return empty;
  if (items.length === 1) return items[0];
  const k = split(items.length);
  return node(rootOf(items.slice(0, k), node, empty), rootOf(items.slice(k), node, empty));
}

/** RFC 9162 2.1.3.1: the siblings of item m, from leaf to root. */
function pathOf(m, items, node) {
  if (items.length <= 1) return [];
  const k = split(items.length);
  return m < k
    ? [...pathOf(m, items.slice(0, k), node), rootOf(items.slice(k), node)]
    : [...pathOf(m - k, items.slice(k), node), rootOf(items.slice(0, k), node)];
}

/** RFC 9162 2.1.4.1: the nodes that show that the first m items are a prefix. */
function subproof(m, items, whole, node) {
  if (m === items.length) return whole ? [] : [rootOf(items, node)];
  const k = split(items.length);
  return m <= k
    ? [...subproof(m, items.slice(0, k), whole, node), rootOf(items.slice(k), node)]
    : [...subproof(m - k, items.slice(k), false, node), rootOf(items.slice(0, k), node)];
}

/** The usage log's tree. */
export const log = {
  leaf: (structHash) => keccak256(concatHex(["0x00", structHash])),
  node: (l, r) => keccak256(concatHex(["0x01", l, r])),
  root: (leaves) => rootOf(leaves, log.node, keccak256("0x")),
  inclusion: (index, leaves) => pathOf(index, leaves, log.node),
  consistency: (first, leaves) => (first === 0 ? [] : subproof(first, leaves, true, log.node)),
};

const MAX_SUM = (1n << 128n) - 1n;

/** The settlement trees. A node is {hash, sum}. */
export const sums = {
  node: (l, r) => {
    const sum = l.sum + r.sum;
    if (sum > MAX_SUM) throw new RangeError("sum overflows");
    const words = ["0x05", l.hash, toHex(l.sum, { size: 16 }), r.hash, toHex(r.sum, { size: 16 })];
    return { hash: keccak256(concatHex(words)), sum };
  },
  empty: { hash: `0x${"00".repeat(32)}`, sum: 0n },
  root: (leaves) => rootOf(leaves, sums.node, sums.empty),
  path: (index, leaves) => pathOf(index, leaves, sums.node),
};
