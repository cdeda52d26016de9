// Writes wire.json and many.json, the golden vectors of wire.md, with viem as the independent implementation.
//   node docs/spec/vectors/generate.mjs           writes the files
//   node docs/spec/vectors/generate.mjs --check   exits 1 if a file is not what would be written
// Needs tools/node_modules (`npm ci` in tools). No network, no clock, no randomness.
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import * as law from "./law.mjs";
import { log, sums } from "./trees.mjs";
import { manyVectors } from "./many.mjs";
import * as s from "./scenario.mjs";

const require = createRequire(new URL("../../../tools/package.json", import.meta.url));
const viem = require("viem");
const { sign } = require("viem/accounts");

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const { bytes32, address, below, keys, network, deploymentId } = s;

// ---- domains and typed structs

const domains = {
  credit: { name: "Tachi Credit", version: "1", chainId: network.settlementChainId, verifyingContract: network.creditEscrow },
  metering: { name: "Tachi Metering", version: "1", chainId: network.settlementChainId, verifyingContract: network.meteringLedger },
  header: { name: "Tachi Header", version: "1", salt: deploymentId },
  license: { name: "Tachi License", version: "1", chainId: network.settlementChainId, verifyingContract: network.crawlLicense },
};
const domainOf = {
  CrawlVoucher: "credit",
  SignerGrant: "credit",
  UsageAttestation: "metering",
  EpochBody: "header",
  EpochHeader: "header",
  PolicyPublication: "license",
};
const typeString = (type) => `${type}(${law.typedStructs[type].map((f) => `${f.type} ${f.name}`).join(",")})`;
const hashOf = (type, data) => viem.hashStruct({ data, primaryType: type, types: { [type]: law.typedStructs[type] } });
const digestOf = (type, message) =>
  viem.hashTypedData({ domain: domains[domainOf[type]], types: { [type]: law.typedStructs[type] }, primaryType: type, message });

const join = ({ r, s: low, yParity }) => ({
  signature: viem.concatHex([r, low, yParity ? "0x1c" : "0x1b"]),
  compact: viem.concatHex([r, viem.toHex(BigInt(low) | (BigInt(yParity) << 255n), { size: 32 })]),
  highS: viem.concatHex([r, viem.toHex(ORDER - BigInt(low), { size: 32 }), yParity ? "0x1b" : "0x1c"]),
});
const signatures = new Map();
async function signed(hash, signer) {
  const known = `${hash}/${signer.address}`;
  if (!signatures.has(known)) signatures.set(known, join(await sign({ hash, privateKey: signer.privateKey })));
  return signatures.get(known);
}

async function struct(type, value, signer) {
  const digest = digestOf(type, value);
  return {
    type,
    domain: domainOf[type],
    value,
    structHash: hashOf(type, value),
    digest,
    ...(signer ? { signer: signer.address, ...(await signed(digest, signer)) } : {}),
  };
}

/** The bitmap and the joined 64-byte forms of the chosen signers. */
async function quorum(header, config, chosen) {
  const digest = digestOf("EpochHeader", header);
  const parts = [];
  for (const i of chosen) parts.push((await signed(digest, config.signers[i])).compact);
  return { bitmap: chosen.reduce((bits, i) => bits | (1 << i), 0), signatures: viem.concatHex(parts) };
}

// ---- sections

function identifiers() {
  const licenses = [1n, 2n, 7n, 1000001n, (1n << 63n) - 1n];
  const chains = [1n, 8453n, 84532n, 11155111n];
  const initCodeHash = bytes32("vault init code");
  const urls = ["https://example.org/", "https://example.org/a?b=c&d=%20e", "https://xn--bcher-kva.example/r%C3%A9sum%C3%A9", "http://example.org/ü/日本語?q=✓"];
  return {
    deploymentId: chains.map((settlementChainId) => {
      const meteringLedger = address(`ledger/${settlementChainId}`);
      return { settlementChainId, meteringLedger, id: s.ids.deployment(settlementChainId, meteringLedger) };
    }),
    domainHash: ["example.org", "www.example.org", "xn--bcher-kva.example", "a.b.c.d.example.co.uk", "localhost"].map((domain) => ({
      domain,
      id: s.ids.domain(domain),
    })),
    paymentId: chains.flatMap((chainId) =>
      [network.usdc, network.paymentProcessor].map((source, i) => {
        const from = keys.crawlerA.address;
        const nonce = bytes32(`payment nonce/${chainId}/${i}`);
        return { chainId, source, from, nonce, id: s.ids.payment(chainId, source, from, nonce) };
      }),
    ),
    requestId: licenses.map((licenseId) => {
      const random = bytes32(`request/${licenseId}`);
      return { licenseId, crawler: keys.crawlerB.address, random, id: s.ids.request(licenseId, keys.crawlerB.address, random) };
    }),
    contentId: urls.map((url, i) => ({ salt: bytes32(`content salt/${i}`), url, id: s.ids.content(bytes32(`content salt/${i}`), url) })),
    demandId: demandIds(),
    termsHash: policies().map(({ document, canonical }) => ({ document, canonical, id: viem.keccak256(viem.stringToHex(canonical)) })),
    vault: chains.flatMap((chainId) =>
      licenses.map((licenseId) => {
        const salt = s.ids.vaultSalt(chainId, licenseId);
        const vault = viem.getContractAddress({ opcode: "CREATE2", from: network.paymentProcessor, salt, bytecodeHash: initCodeHash });
        return { chainId, licenseId, paymentProcessor: network.paymentProcessor, initCodeHash, salt, address: vault.toLowerCase() };
      }),
    ),
  };
}

/** Demands of every kind, with zeros, largest and random values in their subjects. */
function demandIds() {
  const uint64 = (1n << 64n) - 1n;
  const uint128 = (1n << 128n) - 1n;
  const any = address("demand/crawler");
  const headerHash = bytes32("demand/header");
  const subjects = {
    1: [[bytes32("demand/leaf")], [0n], [viem.maxUint256]],
    2: [[0n], [uint64], [below(1n << 40n, "demand/index")]],
    4: [[0n, 0n, s.NONE], [1n, uint64, uint64], [1n, below(1n << 20n, "demand/parent"), below(1n << 20n, "demand/pair")]],
    9: [[any, 7n, bytes32("demand/voucher"), 5000n], [any, (1n << 63n) - 1n, viem.zeroHash, uint128], [address("demand/zero"), 1n, bytes32("demand/other"), 0n]],
  };
  return Object.entries(subjects).flatMap(([kind, rows]) =>
    rows.map((words) => ({ headerHash, kind: BigInt(kind), subject: viem.concatHex(words.map(s.word)), id: s.keccakWords(headerHash, BigInt(kind), ...words) })),
  );
}

/** Policy documents and their RFC 8785 form: keys sorted by UTF-16 units, ECMAScript's own strings and numbers. */
function policies() {
  const canonical = (v) => {
    if (Array.isArray(v)) return `[${v.map(canonical).join(",")}]`;
    if (v === null || typeof v !== "object") return JSON.stringify(v);
    return `{${Object.keys(v).sort().map((k) => `${JSON.stringify(k)}:${canonical(v[k])}`).join(",")}}`;
  };
  return [
    { licenseId: "1", version: 1, tiers: [{ path: "/*", purpose: "train", price: "5000" }, { path: "/free/*", price: "0" }] },
    { version: 2, licenseId: "7", note: "Überraschung \u20ac\u0007 \"quoted\" \\", flags: { z: null, a: true, "\u00e9": false } },
    {},
  ].map((document) => ({ document: JSON.stringify(document), canonical: canonical(document) }));
}

function domainVectors() {
  const names = { credit: network.creditEscrow, metering: network.meteringLedger, license: network.crawlLicense };
  const rows = [];
  for (const chainId of [1n, 8453n, 84532n, 11155111n]) {
    for (const [name, verifyingContract] of Object.entries(names)) {
      const domain = { ...domains[name], chainId };
      rows.push({ domain: name, name: domain.name, version: "1", chainId, verifyingContract, separator: viem.domainSeparator({ domain }) });
    }
  }
  for (const salt of [deploymentId, bytes32("other deployment")]) {
    rows.push({ domain: "header", name: "Tachi Header", version: "1", salt, separator: viem.domainSeparator({ domain: { ...domains.header, salt } }) });
  }
  return rows;
}

/** Type hashes, edge values of every field, and random values; each signed. */
async function structVectors() {
  const rows = [];
  const signers = { UsageAttestation: keys.attestation1, EpochHeader: keys.root0, EpochBody: undefined, SignerGrant: keys.sessionKey, PolicyPublication: keys.publisher };
  for (const [type, members] of Object.entries(law.typedStructs)) {
    const signer = type in signers ? signers[type] : keys.crawlerA;
    const fill = (pick) => Object.fromEntries(members.map((f) => [f.name, pick(f)]));
    const isLicense = (f) => f.name === "licenseId";
    const bits = (f) => (f.type === "address" ? 160 : f.type === "bytes32" ? 256 : isLicense(f) ? 63 : Number(f.type.slice(4)));
    const typed = (f, n) => (f.type.startsWith("uint") ? n : viem.toHex(n, { size: bits(f) / 8 }));
    const least = (f) => (isLicense(f) ? 1n : 0n);
    rows.push(await struct(type, fill((f) => typed(f, least(f))), signer));
    rows.push(await struct(type, fill((f) => typed(f, (1n << BigInt(bits(f))) - 1n)), signer));
    for (const f of members) {
      rows.push(await struct(type, fill((g) => typed(g, g === f ? least(g) + 1n : least(g))), signer));
    }
    for (let i = 0; i < 6; i++) {
      rows.push(await struct(type, fill((f) => typed(f, below(1n << BigInt(bits(f)), `${type}/${i}/${f.name}`))), signer));
    }
  }
  return rows;
}

function configVectors() {
  const rows = s.signerConfigs().map(({ config, digest }) => ({ deploymentId, ...config, configDigest: digest }));
  for (const count of [1, 5, 32]) {
    const signers = [...Array(count).keys()].map((i) => address(`signer/${count}/${i}`)).sort();
    const config = { version: BigInt(count), threshold: BigInt((count + 1) >> 1), signers, attestationKey: address(`attestation/${count}`) };
    rows.push({ deploymentId, ...config, configDigest: s.configDigest(deploymentId, config) });
  }
  return rows;
}

function logTrees() {
  const leaf = (i) => log.leaf(viem.keccak256(s.word(BigInt(i))));
  const sizes = [...Array(21).keys(), 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 255, 256, 257, 1000];
  const leaves = [...Array(1000).keys()].map(leaf);
  const trees = sizes.map((size) => {
    const part = leaves.slice(0, size);
    const indexes = size <= 20 ? [...Array(size).keys()] : [0, 1, size >> 1, size - 2, size - 1];
    const firsts = size <= 20 ? [...Array(size + 1).keys()] : [0, 1, 2, size >> 1, (size >> 1) + 1, size - 1, size];
    return {
      size,
      root: log.root(part),
      inclusion: indexes.map((index) => ({ index, path: log.inclusion(index, part) })),
      consistency: firsts.map((first) => ({ first, path: log.consistency(first, part) })),
    };
  });
  return { leafRule: "leaf i = keccak(0x00 || keccak(word(i)))", leaves: leaves.slice(0, 20), trees };
}

function sumTrees() {
  const leaf = (i) => ({ hash: bytes32(`sum leaf/${i}`), sum: i === 3 ? (1n << 127n) - 1n : below(1n << 90n, `sum/${i}`) });
  const sizes = [...Array(21).keys(), 33, 64, 100];
  const leaves = [...Array(100).keys()].map(leaf);
  const trees = sizes.map((size) => {
    const part = leaves.slice(0, size);
    const indexes = size <= 20 ? [...Array(size).keys()] : [0, size >> 1, size - 1];
    return { size, root: sums.root(part), proofs: indexes.map((index) => ({ index, path: sums.path(index, part) })) };
  });
  const top = { hash: bytes32("top"), sum: (1n << 128n) - 1n };
  return { leaves, trees, overflow: [{ left: top, right: { hash: bytes32("one"), sum: 1n } }, { left: top, right: top }] };
}

/** Both settlement trees over one set of pairs, with proofs and absences. */
function settlementVector(name, pairs) {
  const { credit, debit, file, pairs: inFile } = s.settlement(pairs);
  const side = (tree, parentKey, pairKey) => ({
    root: tree.root,
    sum: tree.sum,
    count: tree.parents.length,
    parents: tree.parents.map((p, index) => ({
      leaf: p.leaf,
      leafHash: tree.nodes[index].hash,
      index,
      path: sums.path(index, tree.nodes),
      pairs: p.pairs.map((pair, i) => ({ key: pair[pairKey], index: i, path: sums.path(i, p.nodes) })),
    })),
    absent: absent(tree, parentKey),
  });
  return {
    name,
    pairs: inFile.map((pair) => ({ ...pair, leafHash: s.leafNode("PairLeaf", pair).hash })),
    settlementFileBytes: viem.size(file),
    dataCommitment: viem.keccak256(file),
    credit: side(credit, "licenseId", "crawler"),
    debit: side(debit, "crawler", "licenseId"),
  };
}

/** Keys that are not there, and the indexes of the leaves that show it: both neighbours, or the first or last leaf alone. */
function absent(tree, parentKey) {
  const present = tree.parents.map((p) => BigInt(p.leaf[parentKey]));
  const candidates = present.flatMap((k) => [k - 1n, k + 1n]).filter((k) => k > 0n && !present.includes(k));
  const typed = (k) => (parentKey === "crawler" ? viem.toHex(k, { size: 20 }) : k);
  return [...new Set(candidates)].slice(0, 4).map((k) => {
    const after = present.filter((p) => p < k).length;
    return { key: typed(k), neighbours: [after - 1, after].filter((i) => i >= 0 && i < present.length) };
  });
}

function settlementVectors(lines) {
  const made = (name, crawlers, licenses, keep) => {
    const pairs = [];
    for (let c = 0; c < crawlers; c++)
      for (let l = 0; l < licenses; l++) {
        const label = `${name}/${c}/${l}`;
        if (below(100, `${label}/keep`) >= keep) continue;
        pairs.push({
          crawler: address(`settled crawler/${c}`),
          licenseId: 1n + below(1n << 40n, `settled licence/${l}`),
          cumulative: 1n + below(1n << 50n, `${label}/sum`),
          lastPairSeq: 1n + below(1000, `${label}/seq`),
          lastLogIndex: below(100000, `${label}/index`),
          voucherHash: bytes32(`${label}/voucher`),
        });
      }
    return settlementVector(name, pairs);
  };
  return [
    settlementVector("empty", []),
    made("one pair", 1, 1, 100),
    made("one licence, five crawlers", 5, 1, 100),
    made("five licences, one crawler", 1, 5, 100),
    made("full 3 x 4", 3, 4, 100),
    made("sparse 6 x 7", 6, 7, 50),
    made("sparse 9 x 5", 9, 5, 60),
    settlementVector("log of 20", s.pairLeaves(lines, 20)),
  ];
}

async function usage(lines, vouchers) {
  const configs = s.signerConfigs();
  const attestations = [];
  for (const a of lines) {
    const row = await struct("UsageAttestation", a, configs[Number(a.configVersion) - 1].attestation);
    attestations.push({ ...row, leafHash: log.leaf(row.structHash) });
  }
  const signedVouchers = [];
  for (const [i, v] of vouchers.entries()) {
    const own = Object.values(keys).find((k) => k.address === v.crawler);
    signedVouchers.push(await struct("CrawlVoucher", v, i % 4 === 3 ? keys.sessionKey : own));
  }
  return { vouchers: signedVouchers, attestations };
}

async function headerVectors(history) {
  const rows = [];
  for (const { header, body, policies: inForce, config, headerHash } of history) {
    const chosen = config.config.threshold === 2n ? [[0, 1], [0, 2], [1, 2], [0, 1, 2]] : [[0, 1, 2], [1, 2, 3]];
    const quorums = [];
    for (const pick of chosen) quorums.push(await quorum(header, config, pick));
    rows.push({ configVersion: config.config.version, policies: inForce, body, header, bodyHash: hashOf("EpochBody", body), headerHash, digest: digestOf("EpochHeader", header), quorums });
  }
  return rows;
}

// ---- calldata and events

const tuples = { ...law.typedStructs, ...law.leafStructs, ...law.evidenceStructs };
const solidity = [
  ...Object.entries(tuples).map(([name, members]) => law.solidityStruct(name, members)),
  "struct Committed { EpochHeader header; EpochBody body; }",
  "struct LogProof { UsageAttestation leaf; uint64 index; bytes32[] path; }",
  "struct SumNode { bytes32 hash; uint128 sum; }",
];

/** The first four bytes of the calldata of every challenge, demand and claim to a lost bond. */
function selectors() {
  const abi = viem.parseAbi([...solidity, ...law.ledgerFunctions.map((f) => `function ${f}`)]);
  return abi.filter((item) => item.type === "function").map((f) => ({ name: f.name, selector: viem.toFunctionSelector(f) }));
}

async function challengeVectors(lines, vouchers, history) {
  const abi = viem.parseAbi([...solidity, ...law.ledgerFunctions.map((f) => `function ${f}`)]);
  const [config] = s.signerConfigs();
  const call = (name, args, note) => ({ name, note, args, calldata: viem.encodeFunctionData({ abi, functionName: name, args }) });
  const a = lines[4];
  const b = { ...a, units: a.units + 1n };
  const sig = async (x) => (await signed(digestOf("UsageAttestation", x), config.attestation)).signature;
  const rows = [call("challengeAttestations", [a, await sig(a), b, await sig(b)], "one index, two amounts")];
  const other = { ...history[1].header, bodyHash: hashOf("EpochBody", { ...history[1].body, closedAt: 1767225999n }) };
  const qa = await quorum(history[1].header, config, [0, 1]);
  const qb = await quorum(other, config, [1, 2]);
  rows.push(call("challengeHeaders", [history[1].header, qa.bitmap, qa.signatures, other, qb.bitmap, qb.signatures, 1n], "one epoch, two bodies"));
  const target = history[2];
  const leaves = lines.slice(0, Number(target.body.logSize)).map((x) => log.leaf(hashOf("UsageAttestation", x)));
  const proof = (i) => ({ leaf: lines[i], index: BigInt(i), path: log.inclusion(i, leaves) });
  const none = { leaf: Object.fromEntries(law.typedStructs.UsageAttestation.map((f) => [f.name, f.type === "address" ? `0x${"00".repeat(20)}` : f.type === "bytes32" ? `0x${"00".repeat(32)}` : 0n])), index: 0n, path: [] };
  const committed = { header: target.header, body: target.body };
  const later = lines.findIndex((x) => x.rail === 2n && x.pairSeq > 1n);
  const first = lines.findIndex((x) => x.rail === 2n && x.pairSeq === 1n);
  rows.push(call("challengePairChain", [committed, proof(later), proof(Number(lines[later].pairPrevIndex))], "an honest chain, which the ledger must refuse"));
  rows.push(call("challengePairChain", [committed, proof(first), none], "an honest first leaf, previous proof empty"));
  return [...rows, ...(await remedyVectors(lines, vouchers, history, call, none))];
}

/** Demands, answers and claims to a lost bond, about epoch 3 and the one before it. */
async function remedyVectors(lines, vouchers, history, call, noLine) {
  const [, second, third] = history;
  const of = ({ header, body }) => ({ header, body });
  const treesOf = (epoch) => s.settlement(s.pairLeaves(lines, Number(epoch.body.logSize)));
  const [older, newer] = [treesOf(second), treesOf(third)];
  const key = ({ licenseId, crawler }, tree) => (tree.parents[0]?.leaf.licenseId === undefined ? BigInt(crawler) : licenseId);
  const parent = (tree, i) => {
    const { cumulative, pairCount, pairRoot } = tree.parents[i].leaf;
    return { leaf: { key: key(tree.parents[i].leaf, tree), cumulative, pairCount, pairRoot }, index: BigInt(i), path: sums.path(i, tree.nodes) };
  };
  const pair = (tree, i, j) => ({ pair: tree.parents[i].pairs[j], index: BigInt(j), path: sums.path(j, tree.parents[i].nodes), parent: parent(tree, i) });
  const noParent = { leaf: { key: 0n, cumulative: 0n, pairCount: 0n, pairRoot: viem.zeroHash }, index: 0n, path: [] };
  const noPair = { pair: { crawler: viem.zeroAddress, licenseId: 0n, cumulative: 0n, lastPairSeq: 0n, lastLogIndex: 0n, voucherHash: viem.zeroHash }, index: 0n, path: [], parent: noParent };
  const noGap = { pairs: [], parents: [] };
  const has = (tree, { crawler, licenseId }) => tree.parents.some((p) => p.pairs.some((q) => q.crawler === crawler && q.licenseId === licenseId));
  const places = newer.credit.parents.flatMap((p, i) => p.pairs.map((q, j) => ({ ...q, i, j })));
  const grown = places.find((q) => has(older.credit, q));
  const fresh = places.find((q) => !has(older.credit, q) && older.credit.parents.some((p) => p.leaf.licenseId === q.licenseId));
  const place = (tree, { crawler, licenseId }) => {
    const i = tree.parents.findIndex((p) => p.leaf.licenseId === licenseId);
    return [i, tree.parents[i].pairs.findIndex((q) => q.crawler === crawler)];
  };
  /** Neighbours in a licence's pairs; of the second one only what is its own. */
  const around = (tree, { crawler, licenseId }) => {
    const [i] = place(tree, { crawler, licenseId });
    const after = tree.parents[i].pairs.filter((q) => BigInt(q.crawler) < BigInt(crawler)).length;
    const shown = [after - 1, after].filter((j) => j >= 0 && j < tree.parents[i].pairs.length).map((j) => pair(tree, i, j));
    if (shown.length < 2) return { pairs: shown, parents: [] };
    let meets = 0;
    while ((shown[0].index >> BigInt(meets)) & 1n) meets++;
    const path = shown[1].path.slice(0, shown[1].path.length - shown[0].path.length + meets);
    return { pairs: [shown[0], { ...noPair, pair: shown[1].pair, path }], parents: [] };
  };
  const leaves = lines.slice(0, Number(third.body.logSize)).map((x) => log.leaf(hashOf("UsageAttestation", x)));
  const line = (i) => ({ leaf: lines[i], index: BigInt(i), path: log.inclusion(i, leaves) });
  const credit = lines.findIndex((x) => x.rail === 2n && x.pairSeq > 1n);
  const voucher = vouchers.find((v) => digestOf("CrawlVoucher", v) === lines[credit].paymentRef);
  const signer = Object.values(keys).find((k) => k.address === voucher.crawler);
  const attested = (await signed(digestOf("UsageAttestation", lines[credit]), keys.attestation1)).signature;
  const demandId = s.keccakWords(third.headerHash, 4n, 1n, 0n, s.NONE);
  return [
    call("demandLine", [of(third), lines[credit], attested], "a promised line"),
    call("demandReference", [of(third), true, pair(newer.debit, 0, 0), noLine], "the last line of a pair"),
    call("demandReference", [of(third), false, noPair, line(credit)], "the line before one"),
    call("demandVoucher", [of(third), false, pair(newer.credit, 0, 0), noLine], "the voucher of a pair"),
    call("demandVoucher", [of(third), false, noPair, line(credit)], "the voucher of a line"),
    call("demandNode", [of(third), true, 0n, s.NONE], "a crawler's leaf"),
    call("answerLine", [of(third), lines[credit], line(credit).path], ""),
    call("answerReference", [of(third), line(credit)], ""),
    call("answerVoucher", [of(third), voucher, lines[credit].pairCumulative, (await signed(digestOf("CrawlVoucher", voucher), signer)).signature], ""),
    call("answerNode", [of(third), false, pair(newer.credit, 0, 0)], "a pair"),
    call("answerNode", [of(third), true, { ...noPair, index: s.NONE, parent: parent(newer.debit, 0) }], "a crawler's leaf"),
    call("expireDemand", [of(third), demandId], ""),
    call("claimHarm", [of(third), of(second), pair(newer.credit, grown.i, grown.j), pair(older.credit, ...place(older.credit, grown)), noGap], "a pair that grew"),
    call("claimHarm", [of(third), of(second), pair(newer.credit, fresh.i, fresh.j), noPair, around(older.credit, fresh)], "a new pair of an old licence"),
    call("coverOverdraw", [{ leaf: newer.debit.parents[0].leaf, index: 0n, path: sums.path(0, newer.debit.nodes) }], ""),
    call("challengeThawed", [of(third), of(second), parent(newer.debit, 0), parent(older.debit, 0), []], "billed before"),
    call("challengeThawed", [of(second), of(history[0]), parent(older.debit, 0), noParent, []], "never billed before"),
  ];
}

/** Three samples of an event: zeros, largest values, and random values. */
function eventVectors() {
  const again = ["LicenseMinted", "LicenseDeactivated", "LicenseReactivated", "TermsURIUpdated"];
  const legacy = law.events.filter((e) => e.contract === "CrawlLicense" && again.includes(e.signature.split("(")[0]));
  return [...law.events, ...legacy.map((e) => ({ ...e, contract: "Legacy" }))].flatMap(({ contract, signature }) => {
    const [event] = viem.parseAbi([`event ${signature}`, ...solidity]).filter((item) => item.type === "event");
    return ["zero", "max", "random"].map((kind) => {
      const args = Object.fromEntries(event.inputs.map((input) => [input.name, sample(input, kind, `${contract}/${signature}/${input.name}`)]));
      const inData = event.inputs.filter((input) => !input.indexed);
      return {
        contract,
        event: event.name,
        signature: viem.toEventSignature(event),
        kind,
        args,
        topics: viem.encodeEventTopics({ abi: [event], eventName: event.name, args }),
        data: viem.encodeAbiParameters(inData, inData.map((input) => args[input.name])),
      };
    });
  });
}

function sample(input, kind, label) {
  if (input.components) return Object.fromEntries(input.components.map((c) => [c.name, sample(c, kind, `${label}/${c.name}`)]));
  if (input.type.endsWith("[]")) {
    const count = { zero: 0, max: 3, random: 5 }[kind];
    return [...Array(count).keys()].map((i) => sample({ ...input, type: input.type.slice(0, -2) }, kind, `${label}/${i}`));
  }
  if (input.type === "string") return { zero: "", max: "ü€😀".repeat(40), random: `https://example.org/${label.length}` }[kind];
  if (input.type === "bytes") return { zero: "0x", max: viem.concatHex([bytes32(label), "0xff"]), random: bytes32(label) }[kind];
  const id = input.type === "uint256" && /^(licenseId|tokenId|otherId|holderId)$/.test(input.name);
  const bits = input.type === "address" ? 160 : input.type === "bytes32" ? 256 : id ? 63 : /^(amount|\w+Amount|fee|bond|cumulative|reward|remainder|insurance|total\w+)$/.test(input.name) ? 128 : Number(input.type.slice(4));
  const ofKind = { zero: id ? 1n : 0n, max: (1n << BigInt(bits)) - 1n, random: below(1n << BigInt(bits), label) }[kind];
  if (input.type === "address") return viem.toHex(ofKind, { size: 20 });
  if (input.type === "bytes32") return viem.toHex(ofKind, { size: 32 });
  return ofKind;
}

// ---- http

async function httpVectors(lines, vouchers) {
  const base64 = (value) => Buffer.from(JSON.stringify(value, text), "utf8").toString("base64");
  const text = (_, v) => (typeof v === "bigint" ? v.toString() : v);
  const credit = { licenseId: "7", termsHash: bytes32("terms/7"), name: "Tachi Credit", version: "1", verifyingContract: network.creditEscrow };
  const required = {
    x402Version: 2,
    error: "PAYMENT-SIGNATURE header is required",
    resource: { url: "https://example.org/articles/1" },
    accepts: [
      { scheme: "exact", network: "eip155:84532", amount: "5000", asset: network.usdc, payTo: address("vault"), maxTimeoutSeconds: 60, extra: { name: "USDC", version: "2" } },
      { scheme: "tachi-credit", network: "eip155:84532", amount: "5000", asset: network.usdc, payTo: network.creditEscrow, maxTimeoutSeconds: 60, extra: credit },
    ],
  };
  const voucher = vouchers[0];
  const signer = Object.values(keys).find((k) => k.address === voucher.crawler);
  const payment = {
    x402Version: 2,
    accepted: required.accepts[1],
    payload: { voucher, signature: (await signed(digestOf("CrawlVoucher", voucher), signer)).signature },
  };
  const attestation = { attestation: lines[0], signature: (await signed(digestOf("UsageAttestation", lines[0]), keys.attestation1)).signature };
  const settled = { success: true, transaction: "", network: "eip155:84532", payer: voucher.crawler, extra: { requestId: lines[0].requestId, charged: "5000", reserved: "0", cumulativeMax: "25000" } };
  const all = { "PAYMENT-REQUIRED": required, "PAYMENT-SIGNATURE": payment, "PAYMENT-RESPONSE": settled, "Tachi-Attestation": attestation };
  return Object.entries(all).map(([header, json]) => ({ header, json, base64: base64(json) }));
}

// ---- the file

/** JSON with one vector a line, so that a change shows as the lines it changes. */
function render(value, depth = 0, deepest = 2) {
  const compact = JSON.stringify(value, (_, v) => (typeof v === "bigint" ? v.toString() : v));
  if (compact.length <= 160 || depth > deepest || value === null || typeof value !== "object") return compact;
  const pad = "  ".repeat(depth + 1);
  const end = "  ".repeat(depth);
  if (Array.isArray(value)) return `[\n${value.map((v) => pad + JSON.stringify(v, (_, x) => (typeof x === "bigint" ? x.toString() : x))).join(",\n")}\n${end}]`;
  return `{\n${Object.entries(value).map(([k, v]) => `${pad}${JSON.stringify(k)}: ${render(v, depth + 1, deepest)}`).join(",\n")}\n${end}}`;
}

const { lines, vouchers } = s.usageLog(48, (v) => digestOf("CrawlVoucher", v));
const history = s.epochs(lines, [0, 13, 30, 30, 48], hashOf);
const file = {
  version: 1,
  source: "docs/spec/vectors/generate.mjs",
  keys: Object.values(keys),
  network: { ...network, deploymentId },
  constants: {
    NONE: s.NONE,
    deploymentTag: viem.keccak256(viem.stringToHex("tachi.deployment.v1")),
    configTag: viem.keccak256(viem.stringToHex("tachi.config.v1")),
    emptyLogRoot: log.root([]),
    emptyRulesHash: s.rulesHash([]),
    typeHashes: Object.fromEntries(Object.keys(law.typedStructs).map((t) => [t, viem.keccak256(viem.stringToHex(typeString(t)))])),
    typeStrings: Object.fromEntries(Object.keys(law.typedStructs).map((t) => [t, typeString(t)])),
  },
  ids: identifiers(),
  domains: domainVectors(),
  structs: await structVectors(),
  configs: configVectors(),
  logTree: logTrees(),
  sumTree: sumTrees(),
  settlements: settlementVectors(lines),
  usage: await usage(lines, vouchers),
  headers: await headerVectors(history),
  challenges: await challengeVectors(lines, vouchers, history),
  selectors: selectors(),
  events: eventVectors(),
  http: await httpVectors(lines, vouchers),
};

const many = await manyVectors({ hashOf, digestOf, compact: async (digest, key) => (await signed(digest, key)).compact });
const check = process.argv.includes("--check");
for (const [name, content, deepest] of [["wire.json", file, 2], ["many.json", many, 3]]) {
  const target = new URL(name, import.meta.url);
  const json = `${render(content, 0, deepest)}\n`;
  if (!check) {
    writeFileSync(target, json);
  } else if (readFileSync(target, "utf8") !== json) {
    process.stderr.write(`docs/spec/vectors/${name} is not what its generator writes; run the generator\n`);
    process.exitCode = 1;
  }
}
