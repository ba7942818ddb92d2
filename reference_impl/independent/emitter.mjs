// A right emitter of CampaignGroupState notifications, driven by the control API of control.openapi.json.

import { write } from "./common/json.mjs";
import { NotAllowed, Refusal, answer, pathOf, serve } from "./common/server.mjs";
import { Action, Actor, State } from "./emitting/codes.mjs";
import { Group } from "./emitting/group.mjs";
import { Options } from "./emitting/options.mjs";
import { automaticRequest, clientRequest, configuration, options as optionsIn } from "./emitting/reading.mjs";

const BASE = "/ocs/v3/servers/156";
const GROUP = /^\/conformance\/campaign-groups\/0*([1-9][0-9]*)\/0*([1-9][0-9]*)$/;

const options = new Options();
const groups = new Map();

const accepted = (response) => answer(response, 200, write({ status: { code: 0 } }));

function known(key) {
  const group = groups.get(key);
  if (!group) throw new Refusal(404, `no Campaign Group ${key}`);
  return group;
}

/** What a path answers to, by method; undefined for a path that is none. */
function resource(path) {
  if (path === "/conformance") return { GET: declare };
  if (path === "/conformance/options") return { GET: getOptions, PUT: putOptions };
  if (path === "/conformance/automatic") return { POST: automatic };
  if (Object.hasOwn(Action, path.slice(1))) return { POST: (...exchange) => ask(path.slice(1), ...exchange) };
  const key = GROUP.exec(path)?.slice(1).join("/");
  if (key === undefined) return undefined;
  return {
    GET: (_, response) => answer(response, 200, write({ state: known(key).state })),
    PUT: (...exchange) => putGroup(key, ...exchange),
    DELETE: (_, response) => deleteGroup(key, response),
  };
}

async function ask(name, request, response) {
  const { campaignId, groupId, ...dialing } = await clientRequest(request);
  known(`${campaignId}/${groupId}`).act(name, "client", dialing);
  accepted(response);
}

async function automatic(request, response) {
  const { campaignId, groupId, request: name, cause } = await automaticRequest(request);
  known(`${campaignId}/${groupId}`).act(name, cause, {});
  accepted(response);
}

function declare(_, response) {
  answer(response, 200, write({ capabilities: ["drain", "automatic", "groups", "options"], actors: Actor }));
}

function getOptions(_, response) {
  answer(response, 200, write(options.all));
}

async function putOptions(request, response) {
  options.put(await optionsIn(request));
  answer(response, 204);
}

async function putGroup(key, request, response) {
  const configured = await configuration(request);
  const before = groups.get(key);
  if (before && before.state !== State.NOT_LOADED) throw new Refusal(409, "the group is loaded");
  groups.set(key, new Group(configured, options));
  answer(response, before ? 204 : 201);
}

function deleteGroup(key, response) {
  groups.get(key)?.vanish();
  groups.delete(key);
  answer(response, 204);
}

async function handle(request, response) {
  const path = pathOf(request);
  const methods = path.startsWith(`${BASE}/`) && resource(path.slice(BASE.length));
  if (!methods) throw new Refusal(404, "nothing is here");
  // What GET answers, HEAD does too: Node leaves the body out.
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (!Object.hasOwn(methods, method)) throw new NotAllowed(...Object.keys(methods));
  await methods[method](request, response);
}

serve(BASE, handle, ({ status, message }) => write({ status: { code: status, message } }));
