// Thousands of vectors whose inputs are drawn by a rule instead of written down, so that the file holds results only.
//   h(kind, i, field) = keccak(keccak("tachi.vectors.v1") || word(kind) || word(i) || word(field))
//   draw(kind, i, field, bits): by the first byte of h: below 16 the least value, from 240 on the largest, else h mod 2^bits.
//   A licence id has 63 bits and is at least 1; all else is at least 0. Field numbers are those of wire.md's lists, from 0.
// A result is 32 bytes; a line of the file holds up to 16, one after the other. Of a path only its keccak stands here: of the
// siblings' hashes, in a sum tree each with its sum as 16 bytes, from leaf to root.
import { createRequire } from "node:module";
import * as law from "./law.mjs";
import { log, sums } from "./trees.mjs";
import * as s from "./scenario.mjs";

const require = createRequire(new URL("../../../tools/package.json", import.meta.url));
const { concatHex, keccak256, stringToHex, toHex } = require("viem");

/** Number and amount of each kind. The numbers are part of the rule. */
export const kinds = {
  CrawlVoucher: { kind: 1, count: 500 },
  SignerGrant: { kind: 2, count: 300 },
  UsageAttestation: { kind: 3, count: 1500 },
  EpochBody: { kind: 4, count: 700 },
  EpochHeader: { kind: 5, count: 700 },
  PolicyPublication: { kind: 6, count: 300 },
  PairLeaf: { kind: 7, count: 800 },
  LicenseLeaf: { kind: 8, count: 400 },
  CrawlerLeaf: { kind: 9, count: 400 },
  logNodes: { kind: 10, count: 400 },
  sumNodes: { kind: 11, count: 600 },
  logProofs: { kind: 12, sizes: 64 },
  sumProofs: { kind: 13, sizes: 48 },
  settlements: { kind: 14, count: 32 },
};

/** Who signs the first so many structs of a type; a header is signed by two of three roots. */
export const signed = {
  CrawlVoucher: { count: 200, key: "crawlerA" },
  SignerGrant: { count: 100, key: "sessionKey" },
  UsageAttestation: { count: 300, key: "attestation1" },
  EpochHeader: { count: 400 },
};
export const bitmaps = [3, 5, 6];

const tag = keccak256(stringToHex("tachi.vectors.v1"));
const hash = (kind, i, field) => keccak256(concatHex([tag, s.word(BigInt(kind)), s.word(BigInt(i)), s.word(BigInt(field))]));

function draw(kind, i, field, bits) {
  const h = BigInt(hash(kind, i, field));
  const most = (1n << BigInt(bits)) - 1n;
  const value = h >> 248n < 16n ? 0n : h >> 248n >= 240n ? most : h & most;
  return bits === 63 && value === 0n ? 1n : value;
}

const bitsOf = ({ name, type }) =>
  type === "address" ? 160 : type === "bytes32" ? 256 : name === "licenseId" ? 63 : Number(type.slice(4));

function drawn(type, i) {
  const members = law.typedStructs[type] ?? law.leafStructs[type];
  return Object.fromEntries(
    members.map((f, at) => {
      const value = draw(kinds[type].kind, i, at, bitsOf(f));
      return [f.name, f.type.startsWith("uint") ? value : toHex(value, { size: bitsOf(f) / 8 })];
    }),
  );
}

const range = (count) => [...Array(count).keys()];

/** Up to 16 results a line. */
function lines(results) {
  const rows = [];
  for (let i = 0; i < results.length; i += 16) rows.push(concatHex(results.slice(i, i + 16)));
  return rows;
}

const sumPath = (path) => concatHex(["0x", ...path.flatMap((n) => [n.hash, toHex(n.sum, { size: 16 })])]);

function logProofs({ kind, sizes }) {
  const leaves = range(sizes).map((i) => log.leaf(hash(kind, i, 0)));
  const roots = [];
  const paths = [];
  for (let size = 1; size <= sizes; size++) {
    const part = leaves.slice(0, size);
    roots.push(log.root(part));
    for (let i = 0; i < size; i++) paths.push(keccak256(concatHex(["0x", ...log.inclusion(i, part)])));
  }
  return { sizes, roots: lines(roots), paths: lines(paths) };
}

function sumProofs({ kind, sizes }) {
  const leaves = range(sizes).map((i) => ({ hash: hash(kind, i, 0), sum: BigInt(hash(kind, i, 1)) & ((1n << 64n) - 1n) }));
  const roots = [];
  const paths = [];
  for (let size = 1; size <= sizes; size++) {
    const part = leaves.slice(0, size);
    roots.push(sums.root(part).hash);
    for (let i = 0; i < size; i++) paths.push(keccak256(sumPath(sums.path(i, part))));
  }
  return { sizes, roots: lines(roots), paths: lines(paths) };
}

/** The pairs of settlement n: 1 to 8 crawlers by 1 to 8 licences, about two pairs of three there, at least the first one. */
function pairsOf(kind, n) {
  const below = (bound, i, field) => BigInt(hash(kind, n * 1000 + i, field)) % BigInt(bound);
  const crawlers = Number(1n + below(8, 0, 0));
  const licenses = Number(1n + below(8, 0, 1));
  const pairs = [];
  for (let c = 0; c < crawlers; c++)
    for (let l = 0; l < licenses; l++) {
      const i = 100 + c * 8 + l;
      if (c + l > 0 && below(3, i, 0) === 0n) continue;
      pairs.push({
        crawler: toHex(BigInt(hash(kind, n * 1000 + c, 2)) & ((1n << 160n) - 1n), { size: 20 }),
        licenseId: 1n + below(1n << 40n, l, 3),
        cumulative: 1n + below(1n << 60n, i, 1),
        lastPairSeq: 1n + below(1n << 20n, i, 2),
        lastLogIndex: below(1n << 32n, i, 3),
        voucherHash: hash(kind, n * 1000 + i, 4),
      });
    }
  return pairs;
}

/**
 * Roots, counts and file of each settlement; and of every pair, in the file's order, in the credit and then in the debit tree,
 * keccak(pair's path || parent's path).
 */
function settlements({ kind, count }) {
  return range(count).map((n) => {
    const { credit, debit, file, pairs } = s.settlement(pairsOf(kind, n));
    const proofs = pairs.flatMap((pair) =>
      [credit, debit].map((tree) => {
        const at = tree.parents.findIndex((p) => p.pairs.includes(pair));
        const { pairs: siblings, nodes } = tree.parents[at];
        return keccak256(concatHex([sumPath(sums.path(siblings.indexOf(pair), nodes)), sumPath(sums.path(at, tree.nodes))]));
      }),
    );
    return {
      pairs: pairs.length,
      creditRoot: credit.root,
      debitRoot: debit.root,
      total: credit.sum,
      dataCommitment: keccak256(file),
      proofs: lines(proofs),
    };
  });
}

/**
 * All of them. `hashOf(type, value)` is EIP-712's hashStruct, `digestOf` its digest; `compact(digest, key)` the 64-byte signature.
 */
export async function manyVectors({ hashOf, digestOf, compact }) {
  const structs = {};
  for (const type of Object.keys(law.typedStructs)) {
    structs[type] = { ...kinds[type], hashes: lines(range(kinds[type].count).map((i) => hashOf(type, drawn(type, i)))) };
  }
  const leaves = {};
  for (const type of Object.keys(law.leafStructs)) {
    leaves[type] = { ...kinds[type], hashes: lines(range(kinds[type].count).map((i) => s.leafNode(type, drawn(type, i)).hash)) };
  }
  leaves.UsageAttestation = {
    ...kinds.UsageAttestation,
    hashes: lines(range(kinds.UsageAttestation.count).map((i) => log.leaf(hashOf("UsageAttestation", drawn("UsageAttestation", i))))),
  };
  const [{ signers }] = s.signerConfigs();
  const signatures = {};
  for (const [type, { count, key }] of Object.entries(signed)) {
    const rows = [];
    for (const i of range(count)) {
      const digest = digestOf(type, drawn(type, i));
      const by = key ? [s.keys[key]] : signers.filter((_, n) => (bitmaps[i % 3] >> n) & 1);
      rows.push(digest);
      for (const signer of by) rows.push(await compact(digest, signer));
    }
    const size = key ? 2 : 3;
    // One line a signed struct: digest, then signatures.
    signatures[type] = { ...kinds[type], count, signers: (key ? [s.keys[key]] : signers).map((k) => k.address) };
    signatures[type].rows = range(count).map((i) => concatHex(rows.slice(i * size, (i + 1) * size)));
  }
  const node = (i) => log.node(hash(kinds.logNodes.kind, i, 0), hash(kinds.logNodes.kind, i, 1));
  const half = (i, f) => ({ hash: hash(kinds.sumNodes.kind, i, f), sum: draw(kinds.sumNodes.kind, i, f + 1, 127) });
  return {
    version: 1,
    source: "docs/spec/vectors/many.mjs",
    tag,
    structs,
    leaves,
    signatures,
    logNodes: { ...kinds.logNodes, hashes: lines(range(kinds.logNodes.count).map(node)) },
    sumNodes: { ...kinds.sumNodes, hashes: lines(range(kinds.sumNodes.count).map((i) => sums.node(half(i, 0), half(i, 2)).hash)) },
    logProofs: { kind: kinds.logProofs.kind, ...logProofs(kinds.logProofs) },
    sumProofs: { kind: kinds.sumProofs.kind, ...sumProofs(kinds.sumProofs) },
    settlements: { kind: kinds.settlements.kind, rows: settlements(kinds.settlements) },
  };
}
