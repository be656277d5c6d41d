/**
 * The verifier without its page, for tests: `node check.js FILE [DIGITS [CHANNEL]]` prints the findings of §11.6.5;
 * `node check.js --many` reads lines of `FILE<TAB>DIGITS` from standard input and prints a line for each.
 */

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { findings_of, statements_of } from "./src/reading.js";
import { source_of, typed_digits, verify } from "./src/verify.js";

const EXITS = { proved: 0, open: 1, refused: 1, unreadable: 2 };

async function checked(path, digits, channel) {
  const groups = digits ? typed_digits(digits) : null;
  return verify(source_of(new Uint8Array(readFileSync(path))), { digits: groups, channel: channel || null });
}

/** The statements, for a comparison one by one with another verifier. */
async function told(done) {
  const statements = done.work === null ? [] : await statements_of(done.work);
  return statements.map(({ log: _log, entry: _entry, ...shown }) => shown);
}

const [first, ...others] = process.argv.slice(2);
if (first === "--many") {
  for await (const line of createInterface({ input: process.stdin })) {
    const done = await checked(...line.split("\t"));
    process.stdout.write(`${JSON.stringify({ findings: findings_of(done), statements: await told(done) })}\n`);
  }
} else {
  const findings = findings_of(await checked(first, ...others));
  process.stdout.write(`${JSON.stringify(findings)}\n`);
  process.exitCode = EXITS[findings.result];
}
