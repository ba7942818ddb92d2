// One POST for each notification: no second try, and nobody waits for its end.

import http from "node:http";
import https from "node:https";
import { write } from "../common/json.mjs";
import { targetOf } from "./target.mjs";

/** Milliseconds until a receiver that does not answer is given up. */
const PATIENCE = 10_000;

/**
 * Send a notification over a connection of its own.
 * @param {string | null} uri null sends nothing
 * @param {object} message
 */
export function notify(uri, message) {
  if (uri === null) return;
  const { protocol, ...target } = targetOf(uri);
  const request = (protocol === "https:" ? https : http).request({
    ...target,
    method: "POST",
    agent: false,
    headers: { "Content-Type": "application/json; charset=utf-8" },
    signal: AbortSignal.timeout(PATIENCE),
  });
  // What becomes of it is nobody's business: the specification has no error handling.
  request.on("error", () => {});
  request.on("response", (response) => response.on("error", () => {}).resume());
  // In two chunks; as it is ASCII, it may be cut anywhere.
  const body = write(message);
  const middle = body.length >> 1;
  request.write(body.slice(0, middle));
  request.end(body.slice(middle));
}
