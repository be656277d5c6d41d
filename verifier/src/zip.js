/**
 * The one way in which an export is written as a ZIP file. Spec §11.2.
 *
 * A *source* has a `size` and `read(from, to)`, which resolves to those bytes: a file on a disk is never in memory as
 * a whole. Every header is compared as bytes with the one that must stand there, so nothing else can.
 */

import { compared, hex, joined, text_of, unhex, utf8 } from "./bytes.js";
import { sha256 } from "./sha256.js";

const LARGEST_FILE = 4_294_967_295;
const MEMBERS = [4, 4_096];
const NAME_LIMIT = 120;
const NAME = /^[a-zA-Z0-9.-]+(\/[a-zA-Z0-9.-]+){0,3}$/;
const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
const README_HASH = "a1ba48af0afe7d81e7bddfb613eb42f62a4625380118e091878e9badc98efc59";
const README_LIMIT = 65_536;
const WINDOW = 1_048_576;

const little_endian = (number, count) =>
  Uint8Array.from({ length: count }, (_, i) => Math.floor(number / 256 ** i) % 256);

const from_little_endian = (bytes) => bytes.reduceRight((sum, each) => sum * 256 + each, 0);

const CRC = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let i = 0; i < 8; i += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** What all headers of a member share: crc, both sizes, length of the name. */
function described({ crc, size, name }) {
  const [four, length] = [little_endian(size, 4), little_endian(name.length, 2)];
  return joined(little_endian(crc, 4), four, four, length);
}

const local_header = (member) =>
  joined(unhex("504b030414000000000000002100"), described(member), unhex("0000"), utf8(member.name));

const central_header = (member) =>
  joined(
    unhex("504b01021400140000000000" + "00002100"),
    described(member),
    new Uint8Array(12),
    little_endian(member.offset, 4),
    utf8(member.name),
  );

function end_of({ members, size, offset }) {
  const count = little_endian(members, 2);
  return joined(unhex("504b050600000000"), count, count, little_endian(size, 4), little_endian(offset, 4), unhex("0000"));
}

const is_name = (name) =>
  NAME.test(name) && name.length <= NAME_LIMIT && name.split("/").every((each) => each !== "." && each !== "..");

/** The member that the central header at the front of `bytes` describes, or null. */
function member_of(bytes) {
  if (bytes.length < CENTRAL_SIZE) return null;
  const number = (at, count) => from_little_endian(bytes.subarray(at, at + count));
  const length = number(28, 2);
  const name = text_of(bytes.subarray(CENTRAL_SIZE, CENTRAL_SIZE + length));
  const member = { name, crc: number(16, 4), size: number(20, 4), offset: number(42, 4) };
  if (name === null || name.length !== length || !is_name(name)) return null;
  const header = central_header(member);
  return compared(header, bytes.subarray(0, header.length)) === 0 ? member : null;
}

/** All members in their order, or null: the end, and the central headers before it. */
async function listed(source) {
  if (source.size > LARGEST_FILE || source.size < END_SIZE) return null;
  const end = await source.read(source.size - END_SIZE, source.size);
  const count = from_little_endian(end.subarray(8, 10));
  const [size, offset] = [12, 16].map((at) => from_little_endian(end.subarray(at, at + 4)));
  if (compared(end, end_of({ members: count, size, offset })) !== 0) return null;
  if (count < MEMBERS[0] || count > MEMBERS[1] || size > count * (CENTRAL_SIZE + NAME_LIMIT)) return null;
  if (offset + size + END_SIZE !== source.size) return null;
  let rest = await source.read(offset, offset + size);
  const members = new Map();
  for (let i = 0; i < count; i += 1) {
    const member = member_of(rest);
    if (member === null || members.has(member.name)) return null;
    members.set(member.name, member);
    rest = rest.subarray(CENTRAL_SIZE + member.name.length);
  }
  return rest.length === 0 ? { members, offset } : null;
}

/** Whether each local header stands where the bytes before it ended, and the central headers after the last. */
async function are_placed(source, { members, offset }) {
  let at = 0;
  for (const member of members.values()) {
    const header = local_header(member);
    const start = at + LOCAL_SIZE + member.name.length;
    if (member.offset !== at || start + member.size > offset) return false;
    if (compared(await source.read(at, start), header) !== 0) return false;
    member.start = start;
    at = start + member.size;
  }
  return at === offset;
}

/** The bytes of a member from its front, in windows. */
export class Cursor {
  #source;
  #at;
  #end;
  #window = new Uint8Array(0);

  constructor(source, { start, size }) {
    this.#source = source;
    this.#at = start;
    this.#end = start + size;
  }

  get left() {
    return this.#end - this.#at;
  }

  /** Where in the file the next byte stands. */
  get at() {
    return this.#at;
  }

  /** The next `count` bytes, or null if there are not so many. */
  async take(count) {
    if (count > this.left) return null;
    if (count > this.#window.length) {
      const end = Math.min(this.#at + Math.max(count, WINDOW), this.#end);
      this.#window = await this.#source.read(this.#at, end);
    }
    const taken = this.#window.slice(0, count);
    this.#window = this.#window.subarray(count);
    this.#at += count;
    return taken;
  }

  /** Pass over `count` bytes; false if there are not so many. */
  skip(count) {
    if (count > this.left) return false;
    this.#window = this.#window.subarray(Math.min(count, this.#window.length));
    this.#at += count;
    return true;
  }
}

async function crc_of(source, member) {
  let crc = -1;
  const cursor = new Cursor(source, member);
  while (cursor.left > 0) {
    for (const byte of await cursor.take(Math.min(cursor.left, WINDOW))) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

/** A file that was read: members by name in their order, and their bytes. */
class Zip {
  constructor(source, members) {
    this.source = source;
    this.members = members;
  }

  cursor(name) {
    return new Cursor(this.source, this.members.get(name));
  }

  bytes(name) {
    const { start, size } = this.members.get(name);
    return this.source.read(start, start + size);
  }
}

/** The members of the file in `source`, or null: it is unreadable (§11.2.4, §11.2.5). */
export async function zip_of(source) {
  const list = await listed(source);
  if (list === null || !(await are_placed(source, list))) return null;
  for (const member of list.members.values()) {
    if ((await crc_of(source, member)) !== member.crc) return null;
  }
  const zip = new Zip(source, list.members);
  const [first] = list.members.values();
  if (first.name !== "README.txt" || first.size > README_LIMIT) return null;
  return hex(sha256(await zip.bytes("README.txt"))) === README_HASH ? zip : null;
}
