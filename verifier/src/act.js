/**
 * Acts: the envelope, and the kinds that a verifier must understand. Spec §6.2, §7.1, §7.2, §7.5, §7.8.
 */

import { hex, id_of, unbase64 } from "./bytes.js";
import { is_channel, origin_of } from "./names.js";
import { officer_key } from "./officer.js";
import { strict_json } from "./strictjson.js";
import { has_keys, is_code, is_kind, is_whole, terms_of } from "./terms.js";

const ENVELOPE = ["k", "v", "re", "by", "ref", "d"];
const REF = /^[ -~]{1,64}$/;
const ASCII = /^[ -~\n\t]*$/;
const LARGEST = Number.MAX_SAFE_INTEGER;

/** Whether every string and key, however deep, holds the characters of §6.2.3 alone. */
function is_ascii(value) {
  if (typeof value === "string") return ASCII.test(value);
  if (Array.isArray(value)) return value.every(is_ascii);
  if (value instanceof Map) return [...value].every(([key, each]) => ASCII.test(key) && is_ascii(each));
  return true;
}

const is_by = (by) => has_keys(by, ["role", "n"]) && is_code(by.get("role")) && is_whole(by.get("n"), 0, 1_000_000);

/** `{kind, version, re, by, ref, d}` of the bytes of an act, `d` as a Map; or null. */
export function act_of(bytes) {
  const act = strict_json(bytes);
  if (act === null || !has_keys(act, ENVELOPE)) return null;
  const [kind, version, re, by, ref, d] = ENVELOPE.map((key) => act.get(key));
  if (!is_kind(kind) || !is_whole(version, 1, 1_000) || !is_by(by)) return null;
  if ((re !== null && id_of(re) === null) || !(d instanceof Map) || !is_ascii(d)) return null;
  if (ref !== null && (typeof ref !== "string" || !REF.test(ref))) return null;
  return { kind, version, re, by: { role: by.get("role"), n: by.get("n") }, ref, d };
}

/** The fields of `d`, where `optional` ones may be absent or null (§6.2.5); null if there are others or too few. */
function fields_of(d, needed, optional = []) {
  if ([...d.keys()].some((key) => !needed.includes(key) && !optional.includes(key))) return null;
  if (needed.some((key) => !d.has(key))) return null;
  return Object.fromEntries([...needed, ...optional].map((key) => [key, d.get(key) ?? null]));
}

const is = (act, kind) => act !== null && act.kind === kind && act.version === 1 && act.re === null;

function is_after(after) {
  if (after === null) return true;
  const is_end = (each) =>
    has_keys(each, ["origin", "size", "root"]) &&
    typeof each.get("origin") === "string" &&
    origin_of(each.get("origin")) !== null &&
    is_whole(each.get("size"), 1, LARGEST) &&
    id_of(each.get("root")) !== null;
  return Array.isArray(after) && after.length >= 1 && after.length <= 2 && after.every(is_end);
}

const is_pair = (value, test) => Array.isArray(value) && value.length === 2 && value.every(test);

/** `{channel, origins, cards}` of an opening, the cards as hashes; or null (§7.1.1, §7.1.2). */
export function opening_of(act) {
  const d = is(act, "link.opened")
    ? fields_of(act.d, ["channel", "origins", "cards", "protocol", "terms"], ["after"])
    : null;
  if (d === null || d.protocol !== "parley/v1" || typeof d.channel !== "string" || !is_channel(d.channel)) return null;
  if (typeof d.terms !== "string" || !is_after(d.after)) return null;
  if (!is_pair(d.origins, (each) => typeof each === "string") || !is_pair(d.cards, (each) => id_of(each))) return null;
  const origins = d.origins.map(origin_of);
  const terms = terms_of(d.terms);
  if (terms === null || origins.some((each, i) => each?.channel !== d.channel || each.node !== terms.nodes[i])) return null;
  if (d.channel.split("/")[0] !== terms.world) return null;
  const nodes = (d.after ?? []).map((each) => origin_of(each.get("origin")).node);
  if (nodes.some((each) => !terms.nodes.includes(each)) || new Set(nodes).size !== nodes.length) return null;
  return { channel: d.channel, origins: d.origins, cards: d.cards.map(id_of) };
}

/** `{hash, serial, text}` of the announcement of a card, `text` null if it has none; or null (§7.2.1). */
export function carded_of(act) {
  const d = is(act, "link.carded") ? fields_of(act.d, ["card", "serial"], ["text"]) : null;
  if (d === null || !is_whole(d.serial, 2, 1_000_000)) return null;
  if (d.text !== null && (typeof d.text !== "string" || d.text.length > 16_384)) return null;
  const hash = id_of(d.card);
  return hash && { hash, serial: d.serial, text: d.text };
}

const GROUNDS = ["retention", "purpose_met", "mistaken", "court_order", "agreed"];
const OBJECTIONS = ["legal_hold", "proceedings", "own_law", "not_agreed"];

/** The id of a statement of which parts are named, or null: all of them, or some by rising numbers (§7.8.2). */
function named_of(value) {
  if (!has_keys(value, ["statement", "parts"])) return null;
  const parts = value.get("parts");
  const is_next = (each, i) => is_whole(each, 0, 255) && (i === 0 || parts[i - 1] < each);
  const are_numbers = Array.isArray(parts) && parts.length >= 1 && parts.length <= 256 && parts.every(is_next);
  return parts === "all" || are_numbers ? id_of(value.get("statement")) : null;
}

/** `{parts, ground}` of an order to erase, the parts as ids of statements; or null (§7.8.2). */
export function order_of(act) {
  const d = is(act, "record.erasure_ordered") ? fields_of(act.d, ["parts", "ground"]) : null;
  if (d === null || !GROUNDS.includes(d.ground) || !Array.isArray(d.parts)) return null;
  const parts = d.parts.length >= 1 && d.parts.length <= 256 ? d.parts.map(named_of) : [null];
  return parts.includes(null) || new Set(parts.map(hex)).size !== parts.length ? null : { parts, ground: d.ground };
}

/** `{order, says}` of an answer to an order to erase, the order as an id; or null (§7.8.3). */
export function erasing_of(act) {
  if (act === null || act.version !== 1 || act.re === null) return null;
  const order = id_of(act.re);
  if (act.kind === "record.erased") return fields_of(act.d, []) && { order, says: "erased" };
  const d = act.kind === "record.erasure_refused" ? fields_of(act.d, ["ground"]) : null;
  return d !== null && OBJECTIONS.includes(d.ground) ? { order, says: d.ground } : null;
}

/** The key of an officer of `node` that the act enrols, or null (§7.5.2). */
export function enrolled_of(act, node) {
  const d = is(act, "officer.enrolled")
    ? fields_of(act.d, ["n", "alg", "key", "roles", "since", "until"])
    : null;
  if (d === null || !is_whole(d.n, 1, 1_000_000) || typeof d.key !== "string") return null;
  const roles = d.roles;
  if (!Array.isArray(roles) || roles.length < 1 || roles.length > 16 || !roles.every(is_code)) return null;
  if (new Set(roles).size !== roles.length || !is_whole(d.since, 0, LARGEST)) return null;
  if (d.until !== null && (!is_whole(d.until, 0, LARGEST) || d.until <= d.since)) return null;
  const key = unbase64(d.key);
  return key && officer_key({ node, n: d.n, alg: d.alg, key });
}
