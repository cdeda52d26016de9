// Lines and branches of src/ that the tests run, from an lcov report. Names each that they do not; exits 1 below the floor.
// Usage: node coverage.mjs LCOV_FILE
import { readFileSync } from "node:fs";

const FLOOR = 0.98;
const found = { lines: 0, branches: 0 };
const hit = { lines: 0, branches: 0 };
let file = "";
for (const record of readFileSync(process.argv[2], "utf8").split("\n")) {
  const [key, value = ""] = [record.slice(0, record.indexOf(":")), record.slice(record.indexOf(":") + 1)];
  const fields = value.split(",");
  if (key === "SF") file = value;
  if (key !== "DA" && key !== "BRDA") continue;
  const kind = key === "DA" ? "lines" : "branches";
  found[kind] += 1;
  if (Number(fields.at(-1)) > 0) hit[kind] += 1;
  else console.log(`not run: ${file}:${fields[0]}${key === "BRDA" ? " (a branch)" : ""}`);
}
for (const kind of ["lines", "branches"]) {
  console.log(`${kind}: ${hit[kind]} of ${found[kind]}, ${((100 * hit[kind]) / found[kind]).toFixed(2)} %`);
  if (!(hit[kind] >= FLOOR * found[kind])) process.exitCode = 1;
}
