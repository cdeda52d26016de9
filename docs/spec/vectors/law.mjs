// Reads the typed structs, leaves, events and calldata out of wire.md itself, so that the vectors cannot drift from the law.
import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../wire.md", import.meta.url), "utf8");

/** The text of one numbered section. */
function section(number) {
  const start = text.search(new RegExp(`^## ${number}\\. `, "m"));
  const end = text.indexOf("\n## ", start + 1);
  return text.slice(start, end < 0 ? text.length : end);
}

/** The first code block of a section whose text matches. */
function block(number, wanted) {
  const found = [...section(number).matchAll(/^```\n([\s\S]*?)^```/gm)].find((m) => wanted.test(m[1]));
  if (!found) throw new Error(`section ${number} of wire.md has no block that matches ${wanted}`);
  return found[1];
}

function fields(list) {
  return list.split(",").map((field) => {
    const [type, name] = field.trim().split(/\s+/);
    return { name, type };
  });
}

/** Section 3: type name -> [{name, type}]. */
export const typedStructs = Object.fromEntries(
  [...block(3, /CrawlVoucher\(/).matchAll(/^(\w+)\((.*)\)$/gm)].map((m) => [m[1], fields(m[2])]),
);

/** Section 5: leaf name -> [{name, type}]. */
export const leafStructs = Object.fromEntries(
  [...block(5, /PairLeaf/).matchAll(/^(\w+Leaf)\s*\((.*)\)$/gm)].map((m) => [m[1], fields(m[2])]),
);

/** Section 6: the structs of evidence, which may nest each other and the typed structs. Name -> [{name, type}]. */
export const evidenceStructs = Object.fromEntries(
  [...block(6, /challengeAttestations/).matchAll(/^(\w+)\s*\{ (.*?) \}/gm)].map((m) => [m[1], fields(m[2].replaceAll(";", ","))]),
);

/** Section 6: the functions of challenges, demands and lost bonds, as Solidity would declare them. */
export const ledgerFunctions = [/challengeAttestations/, /demandLine/, /claimHarm/].flatMap((wanted) =>
  [...block(6, wanted).matchAll(/^([a-z]\w+\(.*?\))(?=\s|$)/gm)].map((m) => m[1]),
);

/** Section 7: [{contract, signature}] in the order of the law. A contract's name stands alone, its events are indented. */
export const events = [];
let contract = "";
for (const line of block(7, /LicenseMinted/).split("\n")) {
  const event = line.match(/^ {2}(\w+\(.*?\))/);
  const name = line.match(/^(\w+)/);
  if (name) contract = name[1];
  else if (event) events.push({ contract, signature: event[1] });
}

/** Solidity's text of a struct, for viem's human readable ABI. */
export function solidityStruct(name, members) {
  return `struct ${name} { ${members.map((m) => `${m.type} ${m.name};`).join(" ")} }`;
}
