// A small made-up history that obeys wire.md: vouchers, a usage log with pair chains on both rails, policies, epochs.
// Everything comes from hashes of labels, so a run gives the same bytes on every machine.
import { createRequire } from "node:module";
import { leafStructs } from "./law.mjs";
import { log, sums } from "./trees.mjs";

const require = createRequire(new URL("../../../tools/package.json", import.meta.url));
const { concatHex, encodeAbiParameters, keccak256, numberToHex, pad, stringToHex } = require("viem");
const { privateKeyToAddress } = require("viem/accounts");

export const NONE = (1n << 64n) - 1n;

/** 32 deterministic bytes. */
export const bytes32 = (label) => keccak256(stringToHex(`tachi.wire.vectors.v1/${label}`));
export const address = (label) => `0x${bytes32(label).slice(26)}`;
/** A deterministic integer in [0, bound). */
export const below = (bound, label) => BigInt(bytes32(label)) % BigInt(bound);
export const word = (x) => (typeof x === "string" ? pad(x, { size: 32 }) : numberToHex(x, { size: 32 }));
export const keccakWords = (...words) => keccak256(words.length === 0 ? "0x" : concatHex(words.map(word)));

export function key(name) {
  const privateKey = bytes32(`key/${name}`);
  return { name, privateKey, address: privateKeyToAddress(privateKey).toLowerCase() };
}

export const keys = Object.fromEntries(
  ["crawlerA", "crawlerB", "crawlerC", "sessionKey", "attestation1", "attestation2", "root0", "root1", "root2", "root3", "publisher"].map(
    (name) => [name, key(name)],
  ),
);

export const network = {
  settlementChainId: 84532n,
  anchorChainId: 11155111n,
  crawlLicense: address("crawlLicense"),
  paymentProcessor: address("paymentProcessor"),
  creditEscrow: address("creditEscrow"),
  meteringLedger: address("meteringLedger"),
  usdc: "0x036cbd53842c5426634e7929541ec2318f3dcf7e",
};

export const ids = {
  deployment: (chainId, ledger) => keccakWords(keccak256(stringToHex("tachi.deployment.v1")), chainId, ledger),
  domain: (name) => keccak256(stringToHex(name)),
  payment: (chainId, source, from, nonce) => keccakWords(chainId, source, from, nonce),
  request: (licenseId, crawler, random) => keccakWords(licenseId, crawler, random),
  content: (salt, url) => keccak256(concatHex([salt, stringToHex(url)])),
  vaultSalt: (chainId, licenseId) => keccakWords(chainId, licenseId),
};

export const deploymentId = ids.deployment(network.settlementChainId, network.meteringLedger);

export const rulesHash = (policies) => keccakWords(...policies.flatMap((p) => [p.licenseId, p.policyHash]));

export const configDigest = (deployment, config) =>
  keccakWords(
    keccak256(stringToHex("tachi.config.v1")),
    deployment,
    config.version,
    config.threshold,
    keccakWords(...config.signers),
    config.attestationKey,
  );

const leafTags = { PairLeaf: "0x02", LicenseLeaf: "0x03", CrawlerLeaf: "0x04" };
export const encodeLeaf = (type, leaf) => encodeAbiParameters(leafStructs[type], leafStructs[type].map((f) => leaf[f.name]));
export const leafNode = (type, leaf) => ({
  hash: keccak256(concatHex([leafTags[type], encodeLeaf(type, leaf)])),
  sum: leaf.cumulative,
});

const ascending = (name) => (a, b) => (BigInt(a[name]) < BigInt(b[name]) ? -1 : BigInt(a[name]) > BigInt(b[name]) ? 1 : 0);

/** One of the two settlement trees: parents by `parentKey`, each over its pairs ascending by `pairKey`. */
function settlementTree(pairs, type, parentKey, pairKey) {
  const groups = new Map();
  for (const pair of [...pairs].sort(ascending(pairKey))) {
    const group = groups.get(pair[parentKey]) ?? [];
    groups.set(pair[parentKey], [...group, pair]);
  }
  const parents = [...groups].map(([id, group]) => {
    const nodes = group.map((pair) => leafNode("PairLeaf", pair));
    const root = sums.root(nodes);
    const leaf = { [parentKey]: id, cumulative: root.sum, pairCount: BigInt(group.length), pairRoot: root.hash };
    return { leaf, pairs: group, nodes };
  });
  parents.sort((a, b) => ascending(parentKey)(a.leaf, b.leaf));
  const nodes = parents.map((p) => leafNode(type, p.leaf));
  const root = sums.root(nodes);
  return { parents, nodes, root: root.hash, sum: root.sum };
}

/** Both trees, totals and the settlement file of a set of pair leaves. */
export function settlement(pairs) {
  const inFile = [...pairs].sort((a, b) => ascending("licenseId")(a, b) || ascending("crawler")(a, b));
  return {
    pairs: inFile,
    file: concatHex(inFile.map((pair) => encodeLeaf("PairLeaf", pair))),
    credit: settlementTree(pairs, "LicenseLeaf", "licenseId", "crawler"),
    debit: settlementTree(pairs, "CrawlerLeaf", "crawler", "licenseId"),
  };
}

/** Config 1: two of three. Config 2: three of four, another attestation key. */
export function signerConfigs() {
  const roots = (names) => names.map((n) => keys[n]).sort(ascending("address"));
  const make = (version, threshold, names, attestation) => {
    const signers = roots(names);
    const config = {
      version,
      threshold,
      signers: signers.map((s) => s.address),
      attestationKey: keys[attestation].address,
    };
    return { config, signers, attestation: keys[attestation], digest: configDigest(deploymentId, config) };
  };
  return [make(1n, 2n, ["root0", "root1", "root2"], "attestation1"), make(2n, 3n, ["root0", "root1", "root2", "root3"], "attestation2")];
}

/** The usage log: every third line DIRECT, the others CREDIT over three crawlers and four licences. */
export function usageLog(size, hashVoucher) {
  const crawlers = [keys.crawlerA, keys.crawlerB, keys.crawlerC];
  const pairs = new Map();
  const vouchers = [];
  const lines = [];
  for (let i = 0; i < size; i++) {
    const crawler = crawlers[Number(below(3, `crawler/${i}`))].address;
    const licenseId = [1n, 2n, 7n, (1n << 63n) - 1n][Number(below(4, `licence/${i}`))];
    const credit = i % 3 !== 2;
    const units = 1n + below(4, `units/${i}`);
    const unitPrice = 1000n + below(9000, `price/${i}`);
    const last = pairs.get(`${crawler}/${licenseId}`) ?? { seq: 0n, index: NONE, cumulative: 0n };
    const cumulative = last.cumulative + units * unitPrice;
    let paymentRef = ids.payment(network.settlementChainId, network.usdc, crawler, bytes32(`nonce/${i}`));
    if (credit) {
      const voucher = { crawler, licenseId, cumulativeMax: cumulative + below(50000, `headroom/${i}`), termsHash: bytes32(`terms/${licenseId}`) };
      vouchers.push(voucher);
      paymentRef = hashVoucher(voucher);
      pairs.set(`${crawler}/${licenseId}`, { seq: last.seq + 1n, index: BigInt(i), cumulative });
    }
    lines.push({
      generation: 1n,
      logIndex: BigInt(i),
      configVersion: i < 30 ? 1n : 2n,
      rail: credit ? 2n : 1n,
      crawler,
      licenseId,
      contentId: ids.content(bytes32(`salt/${licenseId}`), `https://example.org/articles/${i}`),
      requestId: ids.request(licenseId, crawler, bytes32(`random/${i}`)),
      units,
      unitPrice,
      pairSeq: credit ? last.seq + 1n : 0n,
      pairPrevIndex: credit ? last.index : NONE,
      pairCumulative: credit ? cumulative : 0n,
      paymentRef,
      issuedAtMs: 1767225600000n + BigInt(i) * 731n,
    });
  }
  return { lines, vouchers };
}

/** The pair leaves that the first `size` lines of a log give. */
export function pairLeaves(lines, size) {
  const pairs = new Map();
  for (const a of lines.slice(0, size)) {
    if (a.rail !== 2n) continue;
    pairs.set(`${a.crawler}/${a.licenseId}`, {
      crawler: a.crawler,
      licenseId: a.licenseId,
      cumulative: a.pairCumulative,
      lastPairSeq: a.pairSeq,
      lastLogIndex: a.logIndex,
      voucherHash: a.paymentRef,
    });
  }
  return [...pairs.values()];
}

/** Epoch headers at the given log sizes; equal neighbours are epochs without usage. `hashOf(type, value)` is EIP-712's hashStruct. */
export function epochs(lines, sizes, hashOf) {
  const leaves = lines.map((a) => log.leaf(hashOf("UsageAttestation", a)));
  const configs = signerConfigs();
  let prevHeaderHash = deploymentId;
  return sizes.map((size, i) => {
    const settled = settlement(pairLeaves(lines, size));
    const policies = [1n, 2n, 7n].slice(0, i).map((licenseId) => ({ licenseId, policyHash: bytes32(`policy/${licenseId}`) }));
    const config = configs[i < 3 ? 0 : 1];
    const body = {
      logSize: BigInt(size),
      logRoot: log.root(leaves.slice(0, size)),
      licenseCount: BigInt(settled.credit.parents.length),
      creditRoot: settled.credit.root,
      crawlerCount: BigInt(settled.debit.parents.length),
      debitRoot: settled.debit.root,
      totalCredit: settled.credit.sum,
      totalDebit: settled.debit.sum,
      rulesHash: rulesHash(policies),
      dataCommitment: keccak256(settled.file),
      closedAt: 1767225600n + BigInt(i) * 60n,
    };
    const header = { epoch: BigInt(i + 1), generation: 1n, prevHeaderHash, configDigest: config.digest, bodyHash: hashOf("EpochBody", body) };
    prevHeaderHash = hashOf("EpochHeader", header);
    return { header, body, policies, config, headerHash: prevHeaderHash, settled };
  });
}
