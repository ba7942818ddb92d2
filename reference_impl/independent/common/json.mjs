// JSON by RFC 8259, without what JSON.parse loses: an integer keeps every digit, and 5.0 is an integer where
// 5.0000000000000001 is none.

/** Deeper nesting is refused; RFC 8259, section 9, allows a limit. */
const DEEPEST = 256;

/** An integer of more digits than this is beyond every code and limit, so only its sign counts. */
const MOST_DIGITS = 4096;

const BLANK = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?/y;
const FOUR_HEX = /[0-9a-fA-F]{4}/y;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const WORDS = { t: ["true", true], f: ["false", false], n: ["null", null] };

/** The text is no JSON; the message says why, and at which character. */
export class NoJson extends Error {}

/**
 * The text of a body.
 * @param {Uint8Array} bytes
 * @returns {string} a byte order mark included, which is then no JSON
 * @throws {NoJson} where the bytes are not UTF-8
 */
export function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NoJson("the body is not UTF-8");
  }
}

/**
 * Read one JSON text.
 * @param {string} text
 * @returns objects as Map (of a key that stands twice, the last), integers as BigInt, other numbers as Number
 * @throws {NoJson}
 */
export function parse(text) {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.blank();
  if (reader.at < text.length) throw reader.fault("something follows the value");
  return value;
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fault(why) {
    return new NoJson(`${why}, at character ${this.at}`);
  }

  /** What the sticky pattern matches here, or null; moves behind it. */
  take(pattern) {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match) this.at = pattern.lastIndex;
    return match;
  }

  blank() {
    this.take(BLANK);
  }

  /** The next character that is not blank, "" at the end; stays before it. */
  peek() {
    this.blank();
    return this.text.charAt(this.at);
  }

  skip(character) {
    if (this.peek() !== character) return false;
    this.at += 1;
    return true;
  }

  value(depth) {
    if (depth > DEEPEST) throw this.fault(`nested more than ${DEEPEST} deep`);
    const first = this.peek();
    if (first === "{") return this.object(depth);
    if (first === "[") return this.array(depth);
    if (first === '"') return this.string();
    if (first in WORDS) return this.word(...WORDS[first]);
    const number = this.take(NUMBER);
    if (!number) throw this.fault("no JSON value");
    return numberOf(...number);
  }

  word(word, value) {
    if (!this.text.startsWith(word, this.at)) throw this.fault("no JSON value");
    this.at += word.length;
    return value;
  }

  object(depth) {
    const members = new Map();
    this.skip("{");
    if (this.skip("}")) return members;
    do {
      if (this.peek() !== '"') throw this.fault("no key");
      const key = this.string();
      if (!this.skip(":")) throw this.fault("no colon");
      members.set(key, this.value(depth + 1));
    } while (this.skip(","));
    if (!this.skip("}")) throw this.fault("the object does not end");
    return members;
  }

  array(depth) {
    const items = [];
    this.skip("[");
    if (this.skip("]")) return items;
    do items.push(this.value(depth + 1));
    while (this.skip(","));
    if (!this.skip("]")) throw this.fault("the array does not end");
    return items;
  }

  string() {
    this.at += 1;
    const parts = [];
    for (;;) {
      parts.push(this.take(PLAIN)[0]);
      const next = this.text.charAt(this.at);
      if (next === '"') break;
      if (next !== "\\") throw this.fault(next ? "a raw control character" : "the text does not end");
      this.at += 1;
      parts.push(this.escaped());
    }
    this.at += 1;
    return parts.join("");
  }

  escaped() {
    const letter = this.text.charAt(this.at);
    this.at += 1;
    if (letter === "u") {
      const digits = this.take(FOUR_HEX);
      // Half of a surrogate pair stays what it is: the message may be legal all the same.
      if (digits) return String.fromCharCode(Number.parseInt(digits[0], 16));
    } else if (Object.hasOwn(ESCAPES, letter)) {
      return ESCAPES[letter];
    }
    throw this.fault("no such escape");
  }
}

/** The value of a number: BigInt if it is an integer, however it is written, else the nearest Number. */
function numberOf(written, sign, whole, fraction = "", exponent = "0") {
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return 0n;
  const significant = digits.replace(/0+$/, "");
  const zeros = Number(exponent) - fraction.length + digits.length - significant.length;
  if (zeros < 0) return Number(written);
  const endless = significant.length + zeros > MOST_DIGITS;
  const size = endless ? 10n ** BigInt(MOST_DIGITS) : BigInt(significant + "0".repeat(zeros));
  return sign ? -size : size;
}

/**
 * JSON in ASCII alone: whatever is not printable ASCII is escaped.
 * @param value null, boolean, number, BigInt, string, array, or an object of such
 */
export function write(value) {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") {
    return JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  }
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${write(key)}:${write(item)}`);
  return `{${members.join(",")}}`;
}
