/**
 * Foreign text, made harmless to look at: addresses do not open, and no character hides or turns the line.
 *
 * It is only ever put on the page as text, never as markup.
 */

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|\udb40[\udc00-\udfff]/g;

const shown_code = (character) => `[U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`;

/** The text with hidden characters named, and no other changed. */
export const visible = (text) => text.replace(HIDDEN, shown_code);

/** The text with hidden characters named, `http` as `hxxp`, and `[.]` in names of hosts. */
export function defanged(text) {
  return visible(text)
    .replace(/\b(h)(tt)(ps?:\/\/)/gi, "$1xx$3")
    .replace(/\b(f)t(p:\/\/)/gi, "$1x$2")
    .replace(/([\p{L}\p{N}_-])\.(?=[\p{L}\p{N}_-])/gu, "$1[.]")
    .replace(/([^\s@])@(?=[^\s@])/g, "$1[@]");
}

/** Lines of a value of strict JSON: one for each member, further in for each level. */
export function value_lines(value, depth = 0) {
  const space = "    ".repeat(depth);
  const members = value instanceof Map ? [...value] : value.map((each, i) => [String(i), each]);
  return members.flatMap(([key, each]) => {
    const name = `${space}${defanged(key)}:`;
    if (typeof each !== "object" || each === null) return [`${name} ${defanged(String(each))}`];
    return [name, ...value_lines(each, depth + 1)];
  });
}
