/**
 * Strict JSON: every rule is checked on the characters while they are read; there is no other parser. Spec §6.1.
 *
 * Objects come back as Maps, so no key of a foreign text is ever the name of a property.
 */

import { text_of } from "./bytes.js";

const LIMIT = 2_097_152;
const DEPTH = 8;
const ACT_VALUES = 10_000;
export const BODY_VALUES = 100_000;
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?[1-9][0-9]*|0/y;
const PLAIN = /[^"\\\u0000-\u001f]+/y;
const HEX = /[0-9a-fA-F]{4}/y;
const WORDS = new Map([["true", true], ["false", false], ["null", null]]);
const ESCAPES = new Map([...'"\\/'].map((each) => [each, each]));
for (const [letter, character] of ["b\b", "f\f", "n\n", "r\r", "t\t"]) ESCAPES.set(letter, character);

class Refused extends Error {}

class Scanner {
  #text;
  #at = 0;
  #left;
  #depth = 0;

  constructor(text, values) {
    this.#text = text;
    this.#left = values;
  }

  whole() {
    const value = this.#object();
    if (this.#at !== this.#text.length) throw new Refused();
    return value;
  }

  #next() {
    return this.#text[this.#at];
  }

  #match(pattern) {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) throw new Refused();
    this.#at += found[0].length;
    return found[0];
  }

  #expect(character) {
    if (this.#next() !== character) throw new Refused();
    this.#at += 1;
  }

  #count() {
    this.#left -= 1;
    if (this.#left < 0) throw new Refused();
  }

  #value() {
    const first = this.#next();
    if (first === "{") return this.#object();
    if (first === "[") return this.#array();
    this.#count();
    if (first === '"') return this.#string();
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  #number() {
    const number = Number(this.#match(NUMBER));
    if (!Number.isSafeInteger(number)) throw new Refused();
    // What would go on as a fraction, an exponent or a digit is refused by what must follow: `,` `]` `}` or space.
    return number;
  }

  /** Everything between two brackets: `each` reads one member. */
  #inside(open, close, each) {
    this.#count();
    this.#depth += 1;
    if (this.#depth > DEPTH) throw new Refused();
    this.#expect(open);
    this.#match(SPACE);
    if (this.#next() !== close) {
      for (;;) {
        each();
        this.#match(SPACE);
        if (this.#next() !== ",") break;
        this.#at += 1;
        this.#match(SPACE);
      }
    }
    this.#expect(close);
    this.#depth -= 1;
  }

  #array() {
    const values = [];
    this.#inside("[", "]", () => values.push(this.#value()));
    return values;
  }

  #object() {
    const members = new Map();
    this.#inside("{", "}", () => {
      const key = this.#string();
      if (members.has(key)) throw new Refused();
      this.#match(SPACE);
      this.#expect(":");
      this.#match(SPACE);
      members.set(key, this.#value());
    });
    return members;
  }

  #string() {
    this.#expect('"');
    let text = "";
    for (;;) {
      if (this.#next() === '"') break;
      if (this.#next() === "\\") text += this.#escape();
      else text += this.#match(PLAIN);
    }
    this.#at += 1;
    return text;
  }

  #escape() {
    this.#expect("\\");
    const letter = this.#next();
    this.#at += 1;
    if (letter !== "u") {
      if (!ESCAPES.has(letter)) throw new Refused();
      return ESCAPES.get(letter);
    }
    const unit = parseInt(this.#match(HEX), 16);
    if (unit === 0 || (unit >= 0xdc00 && unit <= 0xdfff)) throw new Refused();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    this.#expect("\\");
    this.#expect("u");
    const second = parseInt(this.#match(HEX), 16);
    if (second < 0xdc00 || second > 0xdfff) throw new Refused();
    return String.fromCharCode(unit, second);
  }
}

/** The object in `bytes` as a Map, or null if they are not strict JSON. */
export function strict_json(bytes, values = ACT_VALUES) {
  const text = bytes.length <= LIMIT ? text_of(bytes) : null;
  if (text === null) return null;
  try {
    return new Scanner(text, values).whole();
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}
