/**
 * Names of nodes, channels, logs. Spec §3.1.
 */

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?";
const NODE = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const CHANNEL = new RegExp(`^${LABEL}/${LABEL}/${LABEL}$`);
const EPOCH = /^[0-9a-f]{8}$/;
const ORIGIN_LIMIT = 120;

export const is_label = (text) => new RegExp(`^${LABEL}$`).test(text);
export const is_node = (text) => text.length <= 64 && NODE.test(text);
export const is_channel = (text) => CHANNEL.test(text);
export const is_epoch = (text) => EPOCH.test(text);

/** `{text, node, channel, epoch}` of an origin, or null. */
export function origin_of(text) {
  const words = text.split("/");
  if (text.length > ORIGIN_LIMIT || words.length !== 5) return null;
  const [node, world, link, lane, epoch] = words;
  const channel = `${world}/${link}/${lane}`;
  return is_node(node) && is_channel(channel) && is_epoch(epoch) ? { text, node, channel, epoch } : null;
}

/** The order of two names in bytes: they are ASCII. */
export const by_bytes = (a, b) => (a < b ? -1 : Number(a > b));
