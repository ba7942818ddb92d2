// What both servers have in common: how they begin, read a body, answer, and end.

import http from "node:http";
import process from "node:process";
import { parseArgs } from "node:util";

/** Largest body that is read, in bytes. */
const LARGEST_BODY = 1024 * 1024;

/** How much of a larger one is thrown away, for its sender to see the answer, before the connection is cut; bytes. */
const LARGEST_WASTE = 64 * 1024 * 1024;

/** Milliseconds that an idle connection is kept. */
const IDLE = 60_000;

/** Milliseconds that requests have to end in when the process is told to. */
const LAST_WORDS = 500;

/** A request that is answered with a status of its own. */
export class Refusal extends Error {
  /**
   * @param {number} status 4xx
   * @param {string} message for people
   * @param {object} headers further ones
   */
  constructor(status, message, headers = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** The path does not know the method. */
export class NotAllowed extends Refusal {
  constructor(...methods) {
    super(405, `use ${methods.join(" or ")} here`, { Allow: methods.join(", ") });
  }
}

/**
 * The whole body.
 * @returns {Promise<Buffer>}
 * @throws {Refusal} 413 beyond the limit
 */
export async function bodyOf(request) {
  const pieces = [];
  let size = 0;
  if (Number(request.headers["content-length"]) > LARGEST_BODY) throw tooLarge();
  // A body that is too large is answered, so leaving the loop must not destroy the request.
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    size += piece.length;
    if (size > LARGEST_BODY) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function tooLarge() {
  return new Refusal(413, `the body has more than ${LARGEST_BODY} bytes`);
}

/** The path that is asked for, as it is written; through a proxy the whole URI stands there. */
export function pathOf(request) {
  return request.url.replace(/^https?:\/\/[^/?]*/i, "").split("?", 1)[0];
}

/** Take what is left of a request and forget it. */
function discard(request) {
  let wasted = 0;
  request.on("data", (piece) => {
    wasted += piece.length;
    if (wasted > LARGEST_WASTE) request.destroy();
  });
  request.on("error", () => {});
  request.resume();
}

/** Answer with JSON, or with nothing. */
export function answer(response, status, json, headers = {}) {
  if (json === undefined) {
    response.writeHead(status, headers).end();
  } else {
    const length = Buffer.byteLength(json);
    response.writeHead(status, { "Content-Type": "application/json", "Content-Length": length, ...headers }).end(json);
  }
}

/**
 * Begin to listen, print the URI as a line, and end with SIGTERM or SIGINT.
 * @param {string} path what follows the authority in the URI that is printed
 * @param {(request, response) => Promise<void>} handle may throw a Refusal
 * @param {(refusal: Refusal) => string} explain the JSON body of a refusal
 */
export function serve(path, handle, explain) {
  const { host, port } = place();
  const server = http.createServer({ keepAliveTimeout: IDLE }, async (request, response) => {
    // A peer may go at any time; that is its own business.
    response.on("error", () => {});
    try {
      // RFC 9112, section 3.2, has a server refuse it; Node refuses a request without one, too.
      if (request.headersDistinct.host?.length > 1) throw new Refusal(400, "more than one Host");
      await handle(request, response);
    } catch (error) {
      // A request that broke off has nobody left to answer.
      if (!request.complete && request.destroyed) return;
      const refusal = error instanceof Refusal ? error : new Refusal(500, "internal error");
      if (refusal !== error) console.error(error);
      if (response.headersSent) response.destroy();
      else answer(response, refusal.status, explain(refusal), refusal.headers);
    }
    if (!request.complete) discard(request);
  });
  server.on("error", (error) => fail(`cannot listen on ${host}:${port}: ${error.code}`, 1));
  server.listen({ host, port, backlog: 4096 }, () => {
    const { address, family, port: bound } = server.address();
    console.log(`http://${family === "IPv6" ? `[${address}]` : address}:${bound}${path}`);
  });
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => end(server));
}

function end(server) {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), LAST_WORDS);
}

/** Host and port of the command line: loopback, and a port that is free, unless it says otherwise. */
function place() {
  const options = { host: { type: "string", default: "127.0.0.1" }, port: { type: "string", default: "0" } };
  let values;
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    fail(error.message.split("\n")[0], 2);
  }
  const port = /^[0-9]{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
  if (!(port <= 65535)) fail(`--port ${JSON.stringify(values.port)} is no port`, 2);
  return { host: values.host, port };
}

function fail(message, status) {
  console.error(message);
  process.exit(status);
}
