/**
 * `export.txt`: what else there is in an export. Spec §11.3.
 */

import { number_of, positive_of, text_of } from "./bytes.js";
import { by_bytes, is_channel, is_node, origin_of } from "./names.js";

const LIMIT = 1_048_576;
const OF_EACH_NODE = 64;
const FILES = 2_048;
const DIGITS = /^[0-9]{5}( [0-9]{5}){11}$/;
const HASH = /^[0-9a-f]{64}$/;
const IN_EACH_LOG = ["acceptance", "entries", "heads", "receipts", "content"];
const OF_ORPHANS = ["head", "entries", "content"];
const MOST_ORPHANS = 128;

/** The lines at the front that begin with `word`, without it; they are taken. */
function taken(lines, word) {
  const found = [];
  while (lines[0]?.startsWith(`${word} `)) found.push(lines.shift().slice(word.length + 1));
  return found;
}

function card_of_line(rest) {
  const [node, serial, ...more] = rest.split(" ");
  const number = positive_of(serial ?? "");
  return more.length === 0 && is_node(node) && number !== null ? { node, serial: number } : null;
}

function log_of_line(rest) {
  const [text, count, ...more] = rest.split(" ");
  const origin = origin_of(text);
  const number = number_of(count ?? "");
  return more.length === 0 && origin !== null && number !== null ? { ...origin, count: number } : null;
}

function orphans_of_line(rest) {
  const log = log_of_line(rest);
  return log !== null && log.count > 0 ? { ...log, folder: "orphans" } : null;
}

function file_of_line(rest) {
  const [hash, size, ...more] = rest.split(" ");
  const number = positive_of(size ?? "");
  return more.length === 0 && HASH.test(hash) && number !== null ? { hash, size: number } : null;
}

const rise = (texts) => texts.every((each, i) => i === 0 || by_bytes(texts[i - 1], each) < 0);

/** Whether the rows stand node by node, and each of the two nodes has 1 to 64. */
function are_by_node(rows, nodes) {
  const counts = nodes.map((node) => rows.filter((each) => each.node === node).length);
  const sorted = rows.every((each, i) => each.node === nodes[i < counts[0] ? 0 : 1]);
  return sorted && counts.every((each) => each >= 1 && each <= OF_EACH_NODE);
}

/** Whether these are beside the lines: of this channel and these nodes, and of no log that is the last of its node. */
function are_beside(orphans, { channel, logs }, nodes) {
  const last = nodes.map((node) => logs.findLast((each) => each.node === node).text);
  const is_beside = (each) => each.channel === channel && nodes.includes(each.node) && !last.includes(each.text);
  return orphans.length <= MOST_ORPHANS && rise(orphans.map((each) => each.text)) && orphans.every(is_beside);
}

function is_sound({ channel, cards, logs, forks, revocations, orphans, files }, nodes) {
  if (nodes.length !== 2 || !rise(nodes) || !are_by_node(cards, nodes) || !are_by_node(logs, nodes)) return false;
  const follow = (card, i) => i === 0 || card.node !== cards[i - 1].node || card.serial === cards[i - 1].serial + 1;
  const origins = logs.map((each) => each.text);
  const are_listed = (named) => {
    const places = named.map((each) => origins.indexOf(each));
    return places.every((each, i) => each > (i === 0 ? -1 : places[i - 1]));
  };
  return (
    cards.every(follow) &&
    logs.every((each) => each.channel === channel) &&
    new Set(origins).size === origins.length &&
    are_listed(forks) &&
    are_listed(revocations) &&
    are_beside(orphans, { channel, logs }, nodes) &&
    files.length <= FILES &&
    rise(files.map((each) => each.hash))
  );
}

/** `{channel, digits, nodes, cards, logs, forks, revocations, orphans, files}` of the bytes of `export.txt`, or null. */
export function listing_of(bytes) {
  if (bytes.length > LIMIT || bytes.some((each) => each > 127)) return null;
  const text = text_of(bytes);
  const lines = text.slice(0, -1).split("\n");
  if (!text.endsWith("\n") || lines.shift() !== "parley-export/1") return null;
  const [channels, groups] = [taken(lines, "channel"), taken(lines, "digits")];
  const cards = taken(lines, "card").map(card_of_line);
  const logs = taken(lines, "log").map(log_of_line);
  const forks = taken(lines, "fork");
  const revocations = taken(lines, "revocation");
  const orphans = taken(lines, "orphans").map(orphans_of_line);
  const files = taken(lines, "file").map(file_of_line);
  if (lines.length > 0 || channels.length !== 1 || groups.length !== 1) return null;
  if ([...cards, ...logs, ...orphans, ...files].includes(null) || !is_channel(channels[0]) || !DIGITS.test(groups[0])) return null;
  const rows = { cards, logs, forks, revocations, orphans, files };
  const listing = { channel: channels[0], digits: groups[0].split(" "), ...rows };
  const nodes = [...new Set(cards.map((each) => each.node))];
  return is_sound(listing, nodes) ? { ...listing, nodes } : null;
}

export const card_name = ({ node, serial }) => `cards/${node}/${serial}`;
export const log_name = ({ folder = "logs", node, epoch }, what) => `${folder}/${node}/${epoch}/${what}`;
export const file_name = (hash) => `files/${hash}`;
export const fork_name = ({ node, epoch }) => `forks/${node}/${epoch}`;
export const revocation_name = ({ node, epoch }) => `revocations/${node}/${epoch}`;

/** The names that the members must have, in their order (§11.3.4). */
export function names_of({ nodes, cards, logs, forks, revocations, orphans, files }) {
  const firsts = nodes.map((node) => logs.find((each) => each.node === node));
  const of_log = (log) => IN_EACH_LOG.slice(firsts.includes(log) ? 1 : 0).map((what) => log_name(log, what));
  return [
    "README.txt",
    "export.txt",
    ...cards.map(card_name),
    ...logs.flatMap(of_log),
    ...forks.map((text) => fork_name(origin_of(text))),
    ...revocations.map((text) => revocation_name(origin_of(text))),
    ...orphans.flatMap((log) => OF_ORPHANS.map((what) => log_name(log, what))),
    ...files.map((each) => file_name(each.hash)),
  ];
}
