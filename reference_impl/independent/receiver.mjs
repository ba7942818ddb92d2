// A right receiver of CampaignGroupState notifications: POST to the URI that it prints, GET {that URI}/{guid} for what
// is stored of one GUID.

import { NoJson, decode, parse, write } from "./common/json.mjs";
import { Refusal, answer, bodyOf, serve } from "./common/server.mjs";
import { faultOf } from "./receiving/rules.mjs";
import { Store } from "./receiving/store.mjs";

const PATH = "/notifications";
const store = new Store();

async function handle(request, response) {
  const path = request.url.split("?", 1)[0];
  if (path === PATH) {
    allow(request, "POST");
    take(await bodyOf(request), request.headers);
    answer(response, 204);
  } else if (path.startsWith(`${PATH}/`)) {
    allow(request, "GET", "HEAD");
    answer(response, 200, store.read(guidIn(path)));
  } else {
    throw new Refusal(404, "nothing is here");
  }
}

function allow(request, ...methods) {
  if (!methods.includes(request.method)) throw new Refusal(405, "no such method here", { Allow: methods.join(", ") });
}

/**
 * Store a notification.
 * @param {Buffer} body its Content-Type is not asked for: to take it is better than to lose it
 * @throws {Refusal} 415 where it is compressed, 400 for what is no JSON, 422 for JSON that is no notification
 */
function take(body, headers) {
  const coding = (headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (coding !== "identity") throw new Refusal(415, "a body in a content coding is not taken", { "Accept-Encoding": "identity" });
  const value = read(body);
  const fault = faultOf(value);
  if (fault) throw new Refusal(422, fault);
  store.add(value.get("GSW_CAMPAIGN_GROUP_GUID"), body);
}

function read(body) {
  try {
    return parse(decode(body));
  } catch (error) {
    if (error instanceof NoJson) throw new Refusal(400, error.message);
    throw error;
  }
}

function guidIn(path) {
  try {
    return decodeURIComponent(path.slice(PATH.length + 1));
  } catch {
    throw new Refusal(400, "the GUID in the path is not percent-encoded UTF-8");
  }
}

serve(PATH, handle, (refusal) => write({ error: refusal.message }));
