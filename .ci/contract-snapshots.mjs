// Compares gas, interface and storage of every contract with contracts/solidity/snapshots. Run in contracts/solidity.
// Usage: node contract-snapshots.mjs FORGE_JSON [--write]
//   *.json       gas of whole transactions, from `forge test --json`
//   abi/*.txt    functions, events and errors as signatures
//   storage/*.txt  slot, offset, size, type and name of every variable
// The judges run on the ledger's storage, so their layout must be the ledger's.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const SNAPSHOTS = "snapshots";
const LEDGER = "MeteringLedger";
const JUDGES = ["LedgerChallenges", "SettlementChallenges", "DemandChallenges", "LostBonds"];
const [forgeJson, write] = process.argv.slice(2);
const wrong = [];

/** Artifacts of the contracts that are deployed: those of src/*.sol that have code. */
function contracts() {
  return readdirSync("src")
    .filter((file) => file.endsWith(".sol"))
    .map((file) => [basename(file, ".sol"), JSON.parse(readFileSync(join("out", file, file.replace(".sol", ".json")), "utf8"))])
    .filter(([, artifact]) => artifact.bytecode.object !== "0x");
}

function abiText({ abi }) {
  return `${abi.map(signature).sort().join("\n")}\n`;
}

/** An item of the ABI as one line; structs as tuples of their members. */
function signature({ type, name, inputs, outputs, stateMutability }) {
  const list = (params) => `(${params.map(parameter).join(", ")})`;
  const returns = outputs?.length > 0 ? ` returns ${list(outputs)}` : "";
  return `${type}${name ? ` ${name}` : ""}${list(inputs ?? [])}${stateMutability ? ` ${stateMutability}` : ""}${returns}`;
}

function parameter({ type, name, components, indexed }) {
  const full = components ? type.replace("tuple", `(${components.map(parameter).join(", ")})`) : type;
  return `${full}${indexed ? " indexed" : ""}${name ? ` ${name}` : ""}`;
}

/** A struct's or array's inner layout is part of its variable's. */
function storageText({ storageLayout: { storage, types } }) {
  const lines = [];
  const line = ({ slot, offset, type, label }, depth) => {
    const { numberOfBytes, label: name } = types[type];
    lines.push(`${"  ".repeat(depth)}slot ${slot} offset ${offset} bytes ${numberOfBytes} ${name} ${label}`);
    let inner = types[type];
    while (inner.base ?? inner.value) inner = types[inner.base ?? inner.value];
    for (const member of inner.members ?? []) line(member, depth + 1);
  };
  storage.forEach((variable) => line(variable, 0));
  return `${lines.join("\n")}\n`;
}

function gas() {
  const groups = {};
  for (const { test_results: results } of Object.values(JSON.parse(readFileSync(forgeJson, "utf8")))) {
    for (const { gas_snapshots: snapshots } of Object.values(results)) {
      for (const [group, values] of Object.entries(snapshots ?? {})) {
        groups[group] = { ...groups[group], ...values };
      }
    }
  }
  return groups;
}

function compare(path, text) {
  const file = join(SNAPSHOTS, path);
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (before === text) return;
  if (write) {
    writeFileSync(file, text);
    return;
  }
  const [old, now] = [before, text].map((t) => new Set(t.split("\n")));
  wrong.push(`${file}: was`);
  [...old].filter((l) => !now.has(l)).forEach((l) => wrong.push(`  - ${l.trim()}`));
  [...now].filter((l) => !old.has(l)).forEach((l) => wrong.push(`  + ${l.trim()}`));
}

/** Snapshots of what is not there any more. */
function stale(folder, suffix, names) {
  for (const file of readdirSync(join(SNAPSHOTS, folder)).filter((f) => f.endsWith(suffix))) {
    if (names.includes(basename(file, suffix))) continue;
    if (write) rmSync(join(SNAPSHOTS, folder, file));
    else wrong.push(`${join(SNAPSHOTS, folder, file)}: nothing has that name`);
  }
}

mkdirSync(join(SNAPSHOTS, "abi"), { recursive: true });
mkdirSync(join(SNAPSHOTS, "storage"), { recursive: true });
const layouts = new Map();
for (const [name, artifact] of contracts()) {
  layouts.set(name, storageText(artifact));
  compare(`abi/${name}.txt`, abiText(artifact));
  compare(`storage/${name}.txt`, layouts.get(name));
}
for (const judge of JUDGES) {
  if (layouts.get(judge) !== layouts.get(LEDGER)) wrong.push(`${judge}: its storage is not laid out as ${LEDGER}'s, on which it runs`);
}
const groups = gas();
for (const [group, values] of Object.entries(groups)) {
  const ordered = Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
  compare(`${group}.json`, JSON.stringify(ordered, null, 2));
}
stale("abi", ".txt", [...layouts.keys()]);
stale("storage", ".txt", [...layouts.keys()]);
stale("", ".json", Object.keys(groups));
wrong.forEach((line) => console.error(line));
process.exitCode = wrong.length > 0 ? 1 : 0;
