/**
 * What both sides say of destroying content: orders, and the answers to them. Spec §11.6.6.
 */

import { erasing_of, order_of } from "./act.js";
import { hex } from "./bytes.js";

/** Every entry whose act was read, with its log, line by line. */
function* read_entries(work) {
  for (const log of work.logs) {
    for (const entry of log.entries) if (entry.act) yield { log, entry };
  }
}

/** The list under `key`, which is made if there is none. */
function list_at(lists, key) {
  if (!lists.has(key)) lists.set(key, []);
  return lists.get(key);
}

/** The orders in their order: `{place, node, ground, parts, answers}`, the parts as ids of statements. */
export function erasures_of(work) {
  const found = [];
  const answers = new Map();
  for (const { log, entry } of read_entries(work)) {
    const told = { place: `${log.side.mark} ${log.base + entry.index}`, node: log.node };
    const order = order_of(entry.act);
    const answer = erasing_of(entry.act);
    if (order) found.push({ ...told, ground: order.ground, parts: order.parts, id: hex(entry.leaf) });
    if (answer) list_at(answers, hex(answer.order)).push({ ...told, says: answer.says });
  }
  return found.map(({ id, ...told }) => ({ ...told, answers: answers.get(id) ?? [] }));
}

/** For each statement that an order names, by its id in hex, the places of the orders. */
export function orders_of(work) {
  const places = new Map();
  for (const { place, parts } of erasures_of(work)) {
    for (const id of parts.map(hex)) list_at(places, id).push(place);
  }
  return places;
}
