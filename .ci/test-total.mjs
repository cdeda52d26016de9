// Adds up the tests of one run: surefire's XML reports of every module and forge's JSON.
// Usage: node test-total.mjs REPOSITORY FORGE_JSON. Names what failed, then prints
// "N passed, N failed, N skipped" as the last line; exits 1 if anything failed or nothing ran.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [home, forgeJson] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

function addSurefire(module) {
  const reports = join(home, module, "target", "surefire-reports");
  if (!existsSync(reports)) {
    return;
  }
  for (const name of readdirSync(reports).filter((n) => /^TEST-.*\.xml$/.test(n))) {
    const xml = readFileSync(join(reports, name), "utf8");
    const suite = xml.match(/<testsuite\s[^>]*>/)[0];
    const count = (key) => Number(suite.match(new RegExp(`\\s${key}="(\\d+)"`))?.[1] ?? 0);
    const failed = count("failures") + count("errors");
    total.failed += failed;
    total.skipped += count("skipped");
    total.passed += count("tests") - failed - count("skipped");
    if (failed > 0) {
      for (const [, attributes] of xml.matchAll(/<testcase\s([^>]*[^/])>\s*<(?:failure|error)\b/g)) {
        const of = (key) => attributes.match(new RegExp(`(?:^|\\s)${key}="([^"]*)"`))?.[1];
        failures.push(`${module}: ${of("classname")}.${of("name")}`);
      }
    }
  }
}

function addForge() {
  if (!forgeJson || !existsSync(forgeJson)) {
    return;
  }
  let suites;
  try {
    suites = JSON.parse(readFileSync(forgeJson, "utf8"));
  } catch {
    total.failed += 1;
    failures.push("contracts: forge did not get as far as running its tests (.tachi/log/forge.log)");
    return;
  }
  for (const [suite, { test_results: results }] of Object.entries(suites)) {
    for (const [test, { status }] of Object.entries(results)) {
      if (status === "Success") {
        total.passed += 1;
      } else if (status === "Skipped") {
        total.skipped += 1;
      } else {
        total.failed += 1;
        failures.push(`solidity: ${suite} ${test}`);
      }
    }
  }
}

readdirSync(home, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .forEach((entry) => addSurefire(entry.name));
addForge();
failures.forEach((failure) => console.log(`FAILED ${failure}`));
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
