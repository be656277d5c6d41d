/** Every vector of docs/protocol/vectors that a verifier has a use for, and the Ed25519 set of C2SP/CCTV. Spec §10. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { base64, hex, joined, same, text_of, unbase64, unhex, utf8 } from "../src/bytes.js";
import { card_of, digits_of, follows, is_vouched } from "../src/card.js";
import { ed25519_verifies } from "../src/ed25519.js";
import { entry_of } from "../src/entry.js";
import { head_of } from "../src/head.js";
import { is_channel, is_node, origin_of } from "../src/names.js";
import { MLDSA, known, message_of, note_of, signers_of } from "../src/note.js";
import { officer_key, persons_in } from "../src/officer.js";
import { plaintext_of } from "../src/part.js";
import { sha256 } from "../src/sha256.js";
import { BODY_VALUES, strict_json } from "../src/strictjson.js";
import { findings_of } from "../src/reading.js";
import { Frontier, leaf_hash } from "../src/tree.js";
import { source_of, verify } from "../src/verify.js";

const ROOT = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, ROOT), "utf8");
const vectors = (name) => JSON.parse(read(`docs/protocol/vectors/${name}.json`));

/** The bytes of a case: its own text or hex, or a valid one with one text replaced (§10.1.2). */
function bytes_of(each, valid, field) {
  if (each.hex !== undefined) return unhex(each.hex);
  const text = each[field] ?? valid[each.of][field];
  return utf8(each.replace ? text.replace(each.replace[0], () => each.replace[1]) : text);
}

/** A key to look for from a vkey (§2.2.8). */
function key_of(vkey) {
  const [name, id, rest] = vkey.split("+", 2).concat(vkey.split("+").slice(2).join("+"));
  const bytes = unbase64(rest);
  const key = known(name, bytes[0], bytes.subarray(1));
  assert.equal(hex(key.id), id);
  return key;
}

test("names", () => {
  const is = { node: is_node, channel: is_channel, origin: (text) => origin_of(text) !== null };
  const { valid, invalid } = vectors("names");
  for (const [what, check] of Object.entries(is)) {
    for (const name of valid[what]) assert(check(name), name);
    for (const name of invalid[what]) assert(!check(name), name);
  }
});

test("notes", async () => {
  const { valid, invalid } = vectors("note");
  for (const each of valid) {
    const note = note_of(utf8(each.note));
    const signers = await signers_of(note, each.vkeys.map(key_of));
    assert.deepEqual(signers.map(({ key, time }) => [key.name, time]), each.signers);
    assert.equal(text_of(note.text), each.text);
    assert.equal(note.lines.length, each.lines);
  }
  for (const each of invalid) {
    const note = note_of(bytes_of(each, valid, "note"));
    const vkeys = each.vkeys ?? valid[each.of ?? 0].vkeys;
    assert(note === null || (await signers_of(note, vkeys.map(key_of))) === null, each.about);
  }
});

test("what the lines of each type sign", () => {
  const { head, time, valid } = vectors("cosignature");
  for (const each of valid) {
    const key = known(each.name, Number(each.type), unbase64(each.public));
    assert.equal(hex(key.id), each.key_id);
    assert.equal(hex(message_of(key, utf8(head), time)), each.message);
  }
});

test("cards, their digits, and which follows which", async () => {
  const { partner_hash, valid, invalid, invalid_first, invalid_next, promised } = vectors("card");
  for (const each of valid) {
    const card = card_of(utf8(each.note));
    assert.equal(hex(card.hash), each.hash);
    assert.deepEqual(await digits_of(unhex(partner_hash), card.hash), each.digits);
    assert.deepEqual(card.roots.map((root) => hex(root.public_key)), each.roots);
    assert.equal(card.threshold, each.threshold);
  }
  const cards = valid.map((each) => card_of(utf8(each.note)));
  assert(await is_vouched(cards[0]));
  assert(await follows(cards[1], cards[0]));
  for (const each of invalid) assert.equal(card_of(bytes_of(each, valid, "note")), null, each.about);
  for (const each of invalid_first) {
    const card = card_of(bytes_of(each, valid, "note"));
    assert(card === null || !(await is_vouched(card)), each.about);
  }
  for (const each of invalid_next) {
    const card = card_of(bytes_of(each, valid, "note"));
    assert(card === null || !(await follows(card, cards[0])), each.about);
  }
  const [old, kept, broken, by_all] = ["old", "kept", "broken", "broken_by_all"].map((key) => card_of(utf8(promised[key])));
  assert.deepEqual([await follows(kept, old), await follows(broken, old), await follows(by_all, old)], [true, false, true]);
});

test("trees", () => {
  const { entries, valid } = vectors("tree");
  const frontier = new Frontier();
  for (const each of valid) {
    assert.equal(hex(frontier.root()), each.root);
    assert.equal(each.frontier, [frontier.size.toString(16).padStart(16, "0"), ...frontier.peaks.map(hex)].join(""));
    if (frontier.size < entries.length) frontier.add(leaf_hash(unhex(entries[frontier.size])));
  }
});

test("entries", () => {
  const { valid, invalid } = vectors("entry");
  for (const each of valid) {
    const entry = entry_of(utf8(each.raw));
    assert.equal(hex(leaf_hash(utf8(each.raw))), each.leaf);
    assert.deepEqual([entry.time, entry.log], [each.time, each.log]);
    assert.deepEqual(entry.seen.map(({ origin, size, root }) => [origin, size, hex(root)]), each.seen);
    assert.deepEqual([entry.act, ...entry.parts].map(({ hash, size }) => [hex(hash), size]), [each.act, ...each.parts]);
  }
  for (const each of invalid) assert.equal(entry_of(bytes_of(each, valid, "raw")), null, each.about);
});

test("lines of persons", async () => {
  const { keys, valid, invalid } = vectors("officer");
  const known_keys = keys.map((each) => {
    const key = officer_key({ node: each.name.split("/")[0], n: each.n, alg: each.alg, key: unbase64(each.public) });
    assert.equal(hex(key.id), each.key_id);
    return key;
  });
  for (const each of valid) {
    const { persons } = await persons_in(entry_of(utf8(each.entry)).note, known_keys);
    assert.deepEqual(persons, each.persons.map((n) => `a.example/officer/${n}`), each.about);
  }
  for (const each of invalid) {
    const entry = entry_of(utf8(each.entry));
    assert(entry === null || (await persons_in(entry.note, known_keys)).persons.length === 0, each.about);
  }
});

test("parts", async () => {
  const { valid, invalid } = vectors("part");
  for (const each of valid) {
    const ciphertext = unbase64(each.ciphertext);
    const plain = await plaintext_of(unhex(each.key), each.scope, ciphertext);
    assert.equal(hex(sha256(ciphertext)), each.hash);
    assert.equal(ciphertext.length, each.size);
    assert(same(plain, each.zero_bytes === undefined ? unbase64(each.plaintext) : new Uint8Array(each.zero_bytes)));
  }
  for (const each of invalid) {
    assert.equal(await plaintext_of(unhex(each.key), each.scope, unbase64(each.ciphertext)), null, each.about);
  }
});

test("heads and receipts", async () => {
  const { keys, valid, invalid_head, invalid_receipt } = vectors("head");
  const times = async (bytes, vkeys) => {
    const head = head_of(bytes);
    const signers = head && (await signers_of(head.note, vkeys.map(key_of)));
    if (signers?.length !== 2) return null;
    return signers.sort((a, b) => a.key.type - b.key.type).map((each) => each.time);
  };
  const head_time = async (bytes) => (await times(bytes, keys.write))?.[1] || null;
  const receipt_time = async (bytes) => {
    const both = await times(bytes, keys.receipt);
    return both?.[0] === both?.[1] ? both?.[0] || null : null;
  };
  for (const each of valid) {
    const bytes = utf8(each.note);
    const head = head_of(bytes);
    assert.deepEqual([head.origin, head.size, hex(head.root)], [each.origin, each.size, each.root]);
    assert.deepEqual([await head_time(bytes), await receipt_time(bytes)], [each.signed_at, each.received_at]);
  }
  for (const each of invalid_head) assert.equal(await head_time(bytes_of(each, valid, "note")), null, each.about);
  for (const each of invalid_receipt) assert.equal(await receipt_time(bytes_of(each, valid, "note")), null, each.about);
});

/** The bytes of an export: its own, or those of a valid one with stretches replaced (§10.2.1). */
function export_of(each, valid) {
  let bytes = unbase64(each.zip ?? valid[each.of].zip);
  for (const [offset, count, fresh] of (each.replace ?? []).toReversed()) {
    bytes = joined(bytes.subarray(0, offset), unbase64(fresh), bytes.subarray(offset + count));
  }
  return bytes;
}

test("exports", async () => {
  const { valid, refused } = vectors("exports");
  const found = async (each) => {
    const { digits } = valid[each.of ?? 0];
    return findings_of(await verify(source_of(export_of(each, valid)), { digits, channel: null }));
  };
  for (const each of valid) assert.deepEqual(await found(each), each.findings, each.about);
  for (const each of refused) assert.equal((await found(each)).step, each.step, each.about);
});

test("strict JSON", () => {
  const { accept, refuse } = vectors("strictjson");
  for (const each of accept) assert(strict_json(bytes_of(each, accept, "text"), BODY_VALUES) !== null, JSON.stringify(each));
  for (const each of refuse) assert.equal(strict_json(bytes_of(each, accept, "text")), null, each.about);
});

test("of the 914 cases of C2SP/CCTV exactly 43 are valid", async () => {
  const cases = JSON.parse(read("tests/protocol/vectors/third_party/cctv/ed25519vectors.json"));
  let valid = 0;
  for (const { key, sig, msg } of cases) valid += await ed25519_verifies(unhex(key), utf8(msg), unhex(sig));
  assert.deepEqual([cases.length, valid], [914, 43]);
});

test("a signature whose S is larger by the order of the group is another one, and refused", async () => {
  const cases = JSON.parse(read("tests/protocol/vectors/third_party/cctv/ed25519vectors.json"));
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  let changed = 0;
  for (const { key, sig, msg } of cases) {
    const [public_key, message, signature] = [unhex(key), utf8(msg), unhex(sig)];
    if (!(await ed25519_verifies(public_key, message, signature))) continue;
    const larger = BigInt(`0x${hex(signature.subarray(32).toReversed())}`) + order;
    const s = unhex(larger.toString(16).padStart(64, "0")).reverse();
    assert(!(await ed25519_verifies(public_key, message, Uint8Array.of(...signature.subarray(0, 32), ...s))));
    changed += 1;
  }
  assert.equal(changed, 43);
});

test("a part whose last, empty chunk is cut off does not open", async () => {
  const { valid } = vectors("part");
  for (const each of valid.filter(({ size }) => size === 16_472)) {
    const ciphertext = unbase64(each.ciphertext);
    assert.notEqual(await plaintext_of(unhex(each.key), each.scope, ciphertext), null);
    assert.equal(await plaintext_of(unhex(each.key), each.scope, ciphertext.subarray(0, -16)), null);
  }
});

test("an ML-DSA line by another implementation", async () => {
  const note = note_of(utf8(read("tests/protocol/vectors/third_party/torchwood/mldsa-log.note.txt")));
  const key = key_of(read("tests/protocol/vectors/third_party/torchwood/mldsa-log.vkey.txt").trim());
  assert.equal(key.type, MLDSA);
  assert.equal((await signers_of(note, [key])).length, 1);
});

test("base64 in its one form alone", () => {
  for (const text of ["AA==", "AAA=", "AAAA", ""]) assert.equal(base64(unbase64(text)), text);
  for (const text of ["AB==", "AAB=", "A===", "AA", "AA=A", "A A=", "AA-_", "AA==\n"]) assert.equal(unbase64(text), null);
});
