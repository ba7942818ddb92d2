// What the bodies of the control API have to look like; whatever they do not name is ignored.

import { NoJson, decode, parse } from "../common/json.mjs";
import { Refusal, bodyOf } from "../common/server.mjs";
import { targetOf } from "./target.mjs";

const LONGEST_NAME = 255;
const HALF_A_PAIR = /\p{Surrogate}/u;

const unreadable = (message) => new Refusal(400, message);

// Kinds of values: each returns what the value stands for, or undefined where it is of another kind.

/** Text, but for half of a surrogate pair, which many receivers cannot store. */
const string = (value) => (typeof value === "string" && !HALF_A_PAIR.test(value) ? value : undefined);
const name = (value) => (string(value) !== undefined && [...value].length <= LONGEST_NAME ? value : undefined);
const orNull = (kind) => (value) => (value === null ? null : kind(value));
const boolean = (value) => (typeof value === "boolean" ? value : undefined);
const integer = (value) => (typeof value === "bigint" ? value : undefined);
const between = (least, most) => (value) => (integer(value) >= least && value <= most ? value : undefined);
const oneOf = (...values) => (value) => (values.includes(value) ? value : undefined);
const id = (value) => (integer(value) >= 1n ? value : undefined);
const seconds = (value) => (["bigint", "number"].includes(typeof value) && value >= 0 ? Number(value) : undefined);
const address = (value) => (typeof value === "string" && targetOf(value) ? value : undefined);
/** An empty option is one that is not set. */
const uri = (value) => (value === "" ? null : address(value));

const DIALING = { dialMode: between(0n, 11n), optimizeBy: between(0n, 4n), optimizeGoal: integer };
const IDS = { campaignId: id, groupId: id };
const CONFIGURATION = {
  name,
  groupName: name,
  campaignName: orNull(name),
  campaignTemplateName: orNull(name),
  queueName: name,
  tenantName: orNull(name),
  tenantCcid: string,
  ...DIALING,
};
const AUTOMATIC = {
  request: oneOf("load-campaign", "unload-campaign", "start-dialing", "stop-dialing"),
  cause: oneOf("schedule", "condition"),
};
const OPTIONS = {
  "send-campaigngroup-states": boolean,
  "campaigngroup-states-uri": orNull(uri),
  "campaigngroup-states-interval": integer,
};

/**
 * The members of a body that are known.
 * @param {Map} body
 * @param {Record<string, Function>} required kinds by key
 * @param {Record<string, Function>} optional the same, of keys that may be left out
 * @throws {Refusal} 400
 */
function pick(body, required, optional = {}) {
  const picked = {};
  for (const [key, kind] of Object.entries({ ...required, ...optional })) {
    if (body.has(key)) {
      picked[key] = kind(body.get(key));
      if (picked[key] === undefined) throw unreadable(`${key} has no lawful value`);
    } else if (Object.hasOwn(required, key)) {
      throw unreadable(`${key} is missing`);
    }
  }
  return picked;
}

async function objectIn(request) {
  const body = await bodyOf(request);
  let value;
  try {
    value = parse(decode(body));
  } catch (error) {
    throw error instanceof NoJson ? unreadable(error.message) : error;
  }
  if (!(value instanceof Map)) throw unreadable("the body is no JSON object");
  return value;
}

function dataIn(body) {
  const data = body.get("data");
  if (!(data instanceof Map)) throw unreadable("data is missing or no object");
  return data;
}

/** A client request: campaignId and groupId, and how to dial as far as it says. */
export async function clientRequest(request) {
  const data = dataIn(await objectIn(request));
  return pick(data, IDS, DIALING);
}

/** What the emitter shall do by itself: campaignId, groupId, request, cause. */
export async function automaticRequest(request) {
  const body = await objectIn(request);
  return { ...pick(dataIn(body), IDS), ...pick(body, AUTOMATIC) };
}

/** The configuration of a Campaign Group. */
export async function configuration(request) {
  return { drainSeconds: 0, ...pick(await objectIn(request), CONFIGURATION, { drainSeconds: seconds }) };
}

/** The three options; undefined for one that is left out. */
export async function options(request) {
  return pick(await objectIn(request), {}, OPTIONS);
}
