// Writes the figures of docs/gas.md from contracts/solidity/snapshots, or says where the page differs from them. Run in contracts/solidity.
// Usage: node gas-page.mjs [--write]
// A table stands between <!-- table NAME --> and <!-- end -->.
import { readFileSync, writeFileSync } from "node:fs";

const PAGE = "../../docs/gas.md";
const snapshots = Object.fromEntries(
  ["GasTest", "LogChallengesTest", "SettlementGasTest"].map((group) => [group, JSON.parse(readFileSync(`snapshots/${group}.json`, "utf8"))]),
);
const wrong = [];

function gas(name, group = "GasTest") {
  const value = snapshots[group][name];
  if (value === undefined) wrong.push(`${PAGE}: no snapshot "${name}" in ${group}.json`);
  return Number(value);
}

const number = (value) => value.toLocaleString("en-US");
const row = (...cells) => `| ${cells.join(" | ")} |`;

/** What is measured, its snapshot, and the most it may cost; the tests assert the same. */
const ACTIONS = [
  ["settle a direct payment", "settleAuthorization: same bucket", 125_000],
  ["the first one of a day", "settleAuthorization: first of a bucket", 125_000],
  ["the first one to a vault", "settleAuthorization: first of a vault", 145_000],
  ["post a root, 3 signatures", "post: 3 signatures", 90_000],
  ["finalise it", "finalise"],
  ["anchor it on Ethereum, 3 signatures", "anchor: 3 signatures", 60_000],
  ["claim, 128 licences", "claim: again, 128 licences", 90_000],
  ["a licence's first claim", "claim: first, 128 licences", 110_000],
  ["the same, to an address that holds no USDC", "claim: first, 128 licences, payout address without USDC"],
  ["one licence more in a batch", "claimBatch: one licence more, again", 55_000],
  ["one licence more, its first claim", "claimBatch: one licence more, first", 55_000],
  ["deposit by EIP-3009, packed signature", "depositWithAuthorization", 120_000],
  ["the same with v, r, s", "depositWithAuthorization: v, r, s", 120_000],
  ["the same, sent by the crawler itself", "depositWithAuthorization: by the crawler itself", 120_000],
  ["a crawler's first deposit", "depositWithAuthorization: first of a crawler", 120_000],
  ["USDC's own `transferWithAuthorization`", "usdc.transferWithAuthorization"],
];

function ours() {
  const bare = gas("usdc.transferWithAuthorization");
  const lines = ACTIONS.map(([what, name, limit]) => {
    if (limit !== undefined && gas(name) > limit) wrong.push(`${name} costs more than ${limit}`);
    return row(what, number(gas(name)), limit === undefined ? "" : number(limit));
  });
  lines.splice(3, 0, row("a settled payment beyond USDC's own `transferWithAuthorization`", number(gas("settleAuthorization: same bucket") - bare), number(50_000)));
  const dearest = [];
  for (const [group, values] of Object.entries(snapshots)) {
    for (const name of Object.keys(values).filter((n) => n.startsWith("challenge"))) dearest.push([gas(name, group), name]);
  }
  dearest.sort(([a], [b]) => b - a);
  const [most, name] = dearest[0];
  lines.push(row(`the dearest of ${dearest.length} challenges (\`${name}\`)`, number(most), number(250_000)));
  return [row("what", "gas", "limit"), "|---|---:|---:|", ...lines];
}

const EPOCHS = 24;
const LICENCES = 100;
const DEPOSITS = 20;
const CRAWLS = 1_000_000;

function day() {
  const claims = gas("claimBatch: one licence") + (LICENCES - 1) * gas("claimBatch: one licence more, again");
  const items = [
    [`${EPOCHS} roots posted`, `${EPOCHS} x ${number(gas("post: 3 signatures"))}`, EPOCHS * gas("post: 3 signatures")],
    [`${EPOCHS} roots finalised`, `${EPOCHS} x ${number(gas("finalise"))}`, EPOCHS * gas("finalise")],
    [
      `${LICENCES} licences paid in one batch`,
      `${number(gas("claimBatch: one licence"))} + ${LICENCES - 1} x ${number(gas("claimBatch: one licence more, again"))}`,
      claims,
    ],
    [`${DEPOSITS} crawlers deposit`, `${DEPOSITS} x ${number(gas("depositWithAuthorization"))}`, DEPOSITS * gas("depositWithAuthorization")],
  ];
  const total = items.reduce((sum, [, , value]) => sum + value, 0);
  const perCrawl = (value) => (value / CRAWLS).toFixed(2);
  if (total > 10 * CRAWLS) wrong.push(`a day costs ${total} gas, more than 10 a crawl`);
  const anchor = gas("anchor: 3 signatures");
  return [
    row("Base", "", "gas a day", "gas a crawl"),
    "|---|---|---:|---:|",
    ...items.map(([what, how, value]) => row(what, how, number(value), perCrawl(value))),
    row("**sum**", "goal: at most 10", `**${number(total)}**`, `**${perCrawl(total)}**`),
    "",
    row("Ethereum", "", "gas a day", "gas a crawl"),
    "|---|---|---:|---:|",
    row("each root anchored, as the oracle does", `${EPOCHS} x ${number(anchor)}`, number(EPOCHS * anchor), perCrawl(EPOCHS * anchor)),
    row("one root a day anchored, which the contract also takes", `1 x ${number(anchor)}`, number(anchor), perCrawl(anchor)),
  ];
}

let page = readFileSync(PAGE, "utf8");
for (const [name, lines] of Object.entries({ ours: ours(), day: day() })) {
  const [start, end] = [`<!-- table ${name} -->\n`, "\n<!-- end -->"];
  const from = page.indexOf(start) + start.length;
  const to = page.indexOf(end, from);
  if (from < start.length || to < 0) {
    wrong.push(`${PAGE}: no table ${name}`);
    continue;
  }
  const text = lines.join("\n");
  if (page.slice(from, to) === text) continue;
  if (process.argv.includes("--write")) page = page.slice(0, from) + text + page.slice(to);
  else wrong.push(`${PAGE}: table ${name} is not what the snapshots say; write it with .ci/check-contracts FORGE_JSON --write`);
}
if (process.argv.includes("--write")) writeFileSync(PAGE, page);
wrong.forEach((line) => console.error(line));
process.exitCode = wrong.length > 0 ? 1 : 0;
