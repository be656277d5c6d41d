/**
 * The terms inside an opening, as far as their form goes. Spec §7.3, §7.4.
 */

import { are_clauses } from "./clauses.js";
import { is_label, is_node } from "./names.js";
import { strict_json } from "./strictjson.js";
import { utf8 } from "./bytes.js";

const LIMIT = 49_152;
const MAX_KINDS = 256;
const KEYS = [
  "terms", "world", "parties", "items", "kinds", "persons", "roles", "open_while_suspended", "required", "clocks",
  "lapse", "hotline", "calendars",
];
const CODE = /^[a-z][a-z0-9_]{0,31}$/;
const KIND = /^[a-z][a-z0-9_]{0,31}(\.[a-z][a-z0-9_]{0,31})?$/;
const TERM = /^[1-9][0-9]{0,3}(m|h|d|wd)$/;
const DATE = /^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$/;
const URGENCIES = new Set(["U0", "U1", "U2", "U3"]);
const OPEN = new Set(["preservation", "safety_of_life", "hotline"]);
const NO_PERSONS = new Set([
  "link.opened", "link.carded", "link.continued", "link.sealkey", "officer.enrolled", "officer.ended", "received",
  "unopened", "file.got", "link.probed", "link.echoed",
]);
const LAST_INSTANT = 32_503_680_000;
const TWO_DAYS = 172_800;

export const is_code = (value) => typeof value === "string" && CODE.test(value);
export const is_kind = (value) => typeof value === "string" && KIND.test(value);
export const is_whole = (value, low, high) => typeof value === "number" && value >= low && value <= high;

/** Whether `value` is an object with exactly these keys, in this order if `ordered`. */
export function has_keys(value, keys, { ordered = false } = {}) {
  if (!(value instanceof Map) || value.size !== keys.length) return false;
  return ordered ? [...value.keys()].every((key, i) => key === keys[i]) : keys.every((key) => value.has(key));
}

const is_list = (value, low, high, test) =>
  Array.isArray(value) && value.length >= low && value.length <= high && value.every(test);

const is_codes = (value, low, high) => is_list(value, low, high, is_code) && new Set(value).size === value.length;

const is_table = (value, { low, high, key, test }) =>
  value instanceof Map && value.size >= low && value.size <= high && [...value].every(([k, v]) => key(k) && test(v));

const rise = (values) => values.every((each, i) => i === 0 || values[i - 1] < each);

function is_date(text) {
  if (typeof text !== "string" || !DATE.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

const is_dates = (value) => is_list(value, 0, 1_000, is_date) && rise(value);

function are_offsets(value) {
  const is_pair = (each) =>
    is_list(each, 2, 2, (number) => typeof number === "number") &&
    is_whole(each[0], 0, LAST_INSTANT) &&
    is_whole(each[1], -1_080, 1_080);
  if (!is_list(value, 1, 400, is_pair) || value[0][0] !== 0) return false;
  return value.every((each, i) => i === 0 || each[0] - value[i - 1][0] > TWO_DAYS);
}

function is_week(value) {
  if (!has_keys(value, ["since", "hours", "weekend"]) || !is_date(value.get("since"))) return false;
  const is_opening = (each) => is_list(each, 2, 2, (minute) => is_whole(minute, 0, 1_440));
  const [hours, weekend] = [value.get("hours"), value.get("weekend")];
  if (!is_list(hours, 1, 8, is_opening) || !rise(hours.flat())) return false;
  return is_list(weekend, 0, 6, (day) => is_whole(day, 0, 6)) && rise(weekend);
}

function is_calendar(value) {
  if (!has_keys(value, ["offsets", "weeks", "closed", "made_up"]) || !are_offsets(value.get("offsets"))) return false;
  const weeks = value.get("weeks");
  if (!is_list(weeks, 1, 400, is_week) || !rise(weeks.map((each) => each.get("since")))) return false;
  return is_dates(value.get("closed")) && is_dates(value.get("made_up"));
}

const is_limit = (value) => typeof value === "string" && TERM.test(value);

const is_clock = (value) => is_table(value, { low: 1, high: 4, key: (each) => URGENCIES.has(each), test: is_limit });

/** `[node, node]` of the parties, in byte order, or null. */
function nodes_of(value) {
  const is_party = (each, i) =>
    has_keys(each, ["node", "letter"]) &&
    typeof each.get("node") === "string" &&
    is_node(each.get("node")) &&
    each.get("letter") === "AB"[i];
  if (!is_list(value, 2, 2, is_party)) return null;
  const nodes = value.map((each) => each.get("node"));
  return rise(nodes) ? nodes : null;
}

function are_rules(terms) {
  const kinds = terms.get("kinds");
  const is_version = (value) => is_whole(value, 1, 1_000);
  if (!is_table(kinds, { low: 1, high: MAX_KINDS, key: is_kind, test: is_version })) return false;
  const key = (kind) => kinds.has(kind) && !NO_PERSONS.has(kind);
  const is_count = (value) => is_whole(value, 0, 8);
  if (!is_table(terms.get("persons"), { low: 0, high: MAX_KINDS, key, test: is_count })) return false;
  return is_table(terms.get("roles"), { low: 0, high: MAX_KINDS, key, test: (value) => is_codes(value, 1, 64) });
}

function are_agreed(terms) {
  const open = terms.get("open_while_suspended");
  const of_types = { low: 1, high: 64, key: is_code };
  return (
    is_codes(terms.get("items"), 1, 64) &&
    is_list(open, 0, 3, (each) => OPEN.has(each)) &&
    new Set(open).size === open.length &&
    is_table(terms.get("required"), { ...of_types, test: (value) => is_codes(value, 1, 64) }) &&
    is_table(terms.get("clocks"), { ...of_types, test: is_clock }) &&
    is_limit(terms.get("lapse")) &&
    are_clauses(terms.get("hotline"), terms.get("kinds"))
  );
}

/** `{world, nodes}` of the text of terms, or null. */
export function terms_of(text) {
  const bytes = utf8(text);
  const terms = bytes.length <= LIMIT && bytes.every((each) => each < 128) ? strict_json(bytes) : null;
  if (terms === null || !has_keys(terms, KEYS, { ordered: true }) || terms.get("terms") !== "parley/terms/1") return null;
  const world = terms.get("world");
  const nodes = nodes_of(terms.get("parties"));
  if (typeof world !== "string" || !is_label(world) || nodes === null || !are_agreed(terms)) return null;
  const calendars = terms.get("calendars");
  if (!are_rules(terms) || !has_keys(calendars, nodes, { ordered: true })) return null;
  return [...calendars.values()].every(is_calendar) ? { world, nodes } : null;
}
