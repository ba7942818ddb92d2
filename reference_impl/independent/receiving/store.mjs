// The messages that were taken, as they came.

/** Messages in memory, by GUID, each in the bytes in which it was sent. */
export class Store {
  #messages = new Map();

  /**
   * @param {string} guid
   * @param {Buffer} body one JSON object, and white space
   */
  add(guid, body) {
    const of = this.#messages.get(guid);
    if (of) of.push(body);
    else this.#messages.set(guid, [body]);
  }

  /**
   * @param {string} guid
   * @returns {Buffer} JSON array of its messages in the order in which they came; empty for an unknown one
   */
  read(guid) {
    const pieces = [];
    for (const body of this.#messages.get(guid) ?? []) pieces.push(Buffer.from(pieces.length ? "," : "["), body);
    return Buffer.concat([...pieces, Buffer.from(pieces.length ? "]" : "[]")]);
  }
}
