// Writes the test vectors of this module with viem as the independent implementation, one JSON object a line.
//   node evm/src/test/vectors/generate.mjs           writes src/test/resources/vectors/*.jsonl
//   node evm/src/test/vectors/generate.mjs --check   exits 1 if a file is not what would be written
// Needs tools/node_modules (`npm ci` in tools). No network, no clock, no randomness: all values come from a hash chain.
import { createCipheriv, pbkdf2Sync, scryptSync } from "node:crypto";
import { createRequire } from "node:module";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

const require = createRequire(new URL("../../../../tools/package.json", import.meta.url));
const viem = require("viem");
const { privateKeyToAccount, sign } = require("viem/accounts");

const OUT = new URL("../resources/vectors/", import.meta.url);
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

// ---- values from a hash chain

let state = viem.keccak256(viem.toBytes("tachi evm test vectors"));
const next = () => (state = viem.keccak256(state));
const below = (n) => Number(BigInt(next()) % BigInt(n));
const pick = (list) => list[below(list.length)];
const bytes = (size) => {
  let hex = "";
  while (hex.length < 2 * size) hex += next().slice(2);
  return `0x${hex.slice(0, 2 * size)}`;
};
const uint = (bits) => {
  const full = BigInt(next()) & ((1n << BigInt(bits)) - 1n);
  return pick([0n, 1n, (1n << BigInt(bits)) - 1n, full, full, full, full >> BigInt(bits / 2), full >> BigInt(bits - 8)]);
};
const address = () => viem.getAddress(bytes(20));
const key = () => viem.numberToHex((BigInt(next()) % (ORDER - 1n)) + 1n, { size: 32 });
const word = (value) => viem.numberToHex(value, { size: 32 });
const text = () => pick(["", "a", "https://pub.example/a", "naïve café", "日本語のテキスト", "😀 four bytes", "x".repeat(31), "y".repeat(32), "z".repeat(33), "q".repeat(200)]);
const repeat = async (count, make) => {
  const rows = [];
  for (let i = 0; i < count; i++) rows.push(await make(i));
  return rows;
};

// ---- kinds of vectors

const keccak = () =>
  repeat(120, (i) => {
    const data = bytes([0, 1, 31, 32, 33, 64, 135, 136, 137, 271, 272, 273][i] ?? below(600));
    return { data, hash: viem.keccak256(data) };
  });

const addresses = () =>
  repeat(150, () => {
    const secret = key();
    const account = privateKeyToAccount(secret);
    return { secret, publicKey: account.publicKey, address: account.address };
  });

const signatures = () =>
  repeat(200, async (i) => {
    const edge = ["0x" + "00".repeat(32), "0x" + "ff".repeat(32), word(ORDER), word(ORDER - 1n), word(ORDER + 1n), word(1n)];
    const secret = [word(1n), word(2n), word(ORDER - 1n)][i] ?? key();
    const digest = edge[i] ?? next();
    const signature = await sign({ hash: digest, privateKey: secret, to: "hex" });
    const parsed = viem.parseSignature(signature);
    return {
      secret,
      digest,
      address: privateKeyToAccount(secret).address,
      signature,
      compact: viem.serializeCompactSignature(viem.signatureToCompactSignature(parsed)),
    };
  });

const personal = () =>
  repeat(30, () => {
    const message = text();
    return { message, digest: viem.hashMessage(message) };
  });

const EIP3009 = ["from:address", "to:address", "value:uint256", "validAfter:uint256", "validBefore:uint256", "nonce:bytes32"];
const structs = {
  TransferWithAuthorization: EIP3009,
  ReceiveWithAuthorization: EIP3009,
  CancelAuthorization: ["authorizer:address", "nonce:bytes32"],
  Permit: ["owner:address", "spender:address", "value:uint256", "nonce:uint256", "deadline:uint256"],
  Words: ["account:address", "flag:bool", "small:uint64", "amount:uint128", "tag:bytes32", "wide:uint256", "tiny:uint8"],
};
const value = (type) => {
  if (type === "address") return address();
  if (type === "bool") return below(2) === 1;
  if (type === "string") return text();
  if (type === "bytes") return bytes(pick([0, 1, 31, 32, 33, 100]));
  if (type.startsWith("bytes")) return bytes(Number(type.slice(5)));
  if (type.startsWith("uint")) return uint(Number(type.slice(4)));
  throw new Error(type);
};
const domains = [
  () => ({ name: pick(["USD Coin", "USDC", "Tachi Credit"]), version: pick(["1", "2"]), chainId: pick([1, 8453, 84532, 11155111]), verifyingContract: address() }),
  () => ({ name: "Tachi Header", version: "1", salt: next() }),
  () => ({ name: pick(["x402 offer", "x402 receipt"]), version: "1", chainId: pick([1, 8453]) }),
  () => ({ name: "Permit2", chainId: pick([1, 8453]), verifyingContract: address() }),
];
const typedData = () =>
  repeat(250, async (i) => {
    const primaryType = Object.keys(structs)[i % 5];
    const members = structs[primaryType].map((m) => ({ name: m.split(":")[0], type: m.split(":")[1] }));
    const domain = domains[Math.floor(i / 5) % 4]();
    const message = Object.fromEntries(members.map((m) => [m.name, m.type === "uint256" && m.name === "value" ? uint(128) : value(m.type)]));
    const data = { domain, types: { [primaryType]: members }, primaryType, message };
    const secret = key();
    return {
      domain,
      domainSeparator: viem.domainSeparator({ domain }),
      primaryType,
      type: `${primaryType}(${members.map((m) => `${m.type} ${m.name}`).join(",")})`,
      members: members.map((m) => ({ t: m.type, v: message[m.name] })),
      structHash: viem.hashStruct({ data: message, types: data.types, primaryType }),
      digest: viem.hashTypedData(data),
      secret,
      signature: await privateKeyToAccount(secret).signTypedData(data),
    };
  });

const accessList = () => Array.from({ length: below(3) }, () => ({ address: address(), storageKeys: Array.from({ length: below(3) }, next) }));
const transactions = () =>
  repeat(160, async (i) => {
    const secret = key();
    const legacy = i % 2 === 1;
    const tip = uint(40);
    const fields = {
      type: legacy ? "legacy" : "eip1559",
      chainId: pick([1, 8453, 84532, 11155111, 2 ** 40]),
      nonce: pick([0, 1, 127, 128, 255, 256, below(1e9)]),
      gas: uint(62),
      to: below(6) === 0 ? null : address(),
      value: uint(90),
      data: bytes(pick([0, 1, 4, 36, 55, 56, 57, 300])),
      ...(legacy ? { gasPrice: uint(60) } : { maxPriorityFeePerGas: tip, maxFeePerGas: tip + uint(50), accessList: accessList() }),
    };
    const account = privateKeyToAccount(secret);
    const raw = await account.signTransaction(fields);
    return { ...fields, secret, sender: account.address, unsignedHash: viem.keccak256(viem.serializeTransaction(fields)), raw, hash: viem.keccak256(raw) };
  });

const static1 = () => pick(["address", "bool", "uint8", "uint64", "uint128", "uint256", "bytes4", "bytes16", "bytes32"]);
const argument = (depth) => {
  const kind = below(depth > 2 ? 10 : 16);
  if (kind < 8) return scalar(static1());
  if (kind < 10) return scalar(pick(["string", "bytes"]));
  if (kind < 13) {
    const item = depth < 2 && kind === 12 ? argument(depth + 1) : scalar(pick([static1(), "string", "bytes"]));
    return { t: `${item.t}[]`, v: Array.from({ length: below(4) }, () => again(item)), item };
  }
  const parts = Array.from({ length: 1 + below(3) }, () => argument(depth + 1));
  return { t: `(${parts.map((p) => p.t).join(",")})`, v: parts };
};
const scalar = (t) => ({ t, v: value(t) });
const again = (a) => {
  if (a.item) return { t: a.t, v: Array.from({ length: below(3) }, () => again(a.item)), item: a.item };
  if (Array.isArray(a.v)) return { t: a.t, v: a.v.map(again) };
  return scalar(a.t);
};
const parameter = (a, name) => {
  if (a.item) {
    const inner = parameter(a.item, name);
    return { ...inner, type: `${inner.type}[]` };
  }
  if (Array.isArray(a.v)) return { name, type: "tuple", components: a.v.map((p, i) => parameter(p, `m${i}`)) };
  return { name, type: a.t };
};
const plain = (a) => {
  if (a.item) return a.v.map(plain);
  if (Array.isArray(a.v)) return Object.fromEntries(a.v.map((p, i) => [`m${i}`, plain(p)]));
  return /^uint(8|16|24|32|40|48)$/.test(a.t) ? Number(a.v) : a.v;
};
const calls = () =>
  repeat(200, (i) => {
    const name = `method${i}`;
    const args = Array.from({ length: below(6) }, () => argument(0));
    const inputs = args.map((a, n) => parameter(a, `a${n}`));
    const data = viem.encodeFunctionData({ abi: [{ type: "function", name, inputs, outputs: [], stateMutability: "nonpayable" }], functionName: name, args: args.map(plain) });
    return { name, args, data };
  });

const events = () =>
  repeat(120, (i) => {
    const eventName = `Event${i}`;
    const indexed = Array.from({ length: below(4) }, () => scalar(static1()));
    const data = Array.from({ length: below(5) }, () => scalar(pick([static1(), static1(), "string", "bytes"])));
    const inputs = [...indexed, ...data].map((a, n) => ({ name: `a${n}`, type: a.t, indexed: n < indexed.length }));
    const abi = [{ type: "event", name: eventName, inputs }];
    const args = Object.fromEntries(indexed.map((a, n) => [`a${n}`, plain(a)]));
    const topics = viem.encodeEventTopics({ abi, eventName, args });
    const body = viem.encodeAbiParameters(data.map((a) => ({ type: a.t })), data.map(plain));
    return { signature: `${eventName}(${inputs.map((p) => p.type).join(",")})`, indexed, data, topics, body };
  });

const item = (depth) => (depth > 3 || below(3) > 0 ? bytes(pick([0, 1, 1, 2, 31, 54, 55, 56, 57, 255, 256, 300])) : Array.from({ length: below(5) }, () => item(depth + 1)));
const rlp = () =>
  repeat(150, (i) => {
    const value = [[], "0x", "0x00", "0x7f", "0x80", [[]], [[], [[]]]][i] ?? item(0);
    return { value, encoded: viem.toRlp(value) };
  });

const contracts = () =>
  repeat(100, (i) => {
    const from = address();
    if (i % 2 === 0) {
      const nonce = pick([0, 1, 127, 128, 255, 256, 65535, below(1e9)]);
      return { kind: "create", from, nonce, address: viem.getContractAddress({ from, nonce: BigInt(nonce) }) };
    }
    const salt = next();
    const initCodeHash = next();
    return { kind: "create2", from, salt, initCodeHash, address: viem.getContractAddress({ opcode: "CREATE2", from, salt, bytecodeHash: initCodeHash }) };
  });

// Key files by Node's OpenSSL.
const keystores = () =>
  repeat(4, (i) => {
    const secret = key();
    const password = pick(["testpassword", "pässword 😀", ""]);
    const [salt, iv] = [bytes(32), bytes(16)].map((hex) => Buffer.from(hex.slice(2), "hex"));
    const [n, r, p] = [[262144, 8, 1], [4096, 8, 6], [1024, 1, 16]][i] ?? [];
    const derived = n ? scryptSync(password, salt, 32, { N: n, r, p, maxmem: 1 << 29 }) : pbkdf2Sync(password, salt, 10240, 32, "sha256");
    const cipher = createCipheriv("aes-128-ctr", derived.subarray(0, 16), iv);
    const ciphertext = Buffer.concat([cipher.update(Buffer.from(secret.slice(2), "hex")), cipher.final()]);
    const crypto = {
      cipher: "aes-128-ctr",
      cipherparams: { iv: iv.toString("hex") },
      ciphertext: ciphertext.toString("hex"),
      kdf: n ? "scrypt" : "pbkdf2",
      kdfparams: { dklen: 32, salt: salt.toString("hex"), ...(n ? { n, r, p } : { c: 10240, prf: "hmac-sha256" }) },
      mac: viem.keccak256(Buffer.concat([derived.subarray(16, 32), ciphertext])).slice(2),
    };
    const address = privateKeyToAccount(secret).address.slice(2).toLowerCase();
    return { secret, password, json: JSON.stringify({ version: 3, address, crypto }) };
  });

const amounts = () =>
  repeat(60, () => {
    const units = uint(128);
    return { units, usdc: `${viem.formatUnits(units, 6)} USDC`, word: word(units) };
  });

// ---- files

const kinds = { keccak, addresses, signatures, personal, typedData, transactions, calls, events, rlp, contracts, amounts, keystores };
const shown = (name, v) => (typeof v === "bigint" ? v.toString() : name === "item" ? v.t : v);
let stale = false;
let total = 0;
mkdirSync(OUT, { recursive: true });
for (const [name, make] of Object.entries(kinds)) {
  const rows = await make();
  total += rows.length;
  const content = rows.map((row) => JSON.stringify(row, shown) + "\n").join("");
  const file = new URL(`${name}.jsonl`, OUT);
  if (!process.argv.includes("--check")) writeFileSync(file, content);
  else if (!existsSync(file) || readFileSync(file, "utf8") !== content) {
    console.error(`${name}.jsonl is not what the generator writes`);
    stale = true;
  }
}
console.error(`${total} vectors`);
process.exit(stale ? 1 : 0);
