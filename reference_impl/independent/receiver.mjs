// A right receiver of CampaignGroupState notifications: POST to the URI that it prints, GET {that URI}/{guid} for what
// is stored of one GUID.

import { NoJson, decode, parse, write } from "./common/json.mjs";
import { NotAllowed, Refusal, answer, bodyOf, pathOf, serve } from "./common/server.mjs";
import { faultOf } from "./receiving/rules.mjs";
import { Store } from "./receiving/store.mjs";

const PATH = "/notifications";
const SURROGATE = /%ED%([AB][0-9A-F])%([89AB][0-9A-F])/gi;
const store = new Store();

async function handle(request, response) {
  const path = pathOf(request);
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
  if (!methods.includes(request.method)) throw new NotAllowed(...methods);
}

/**
 * Store a notification.
 * @param {Buffer} body its Content-Type is not asked for: to take it is better than to lose it
 * @throws {Refusal} 415 where it is compressed, 400 for what is no JSON, 422 for JSON that is no notification
 */
function take(body, headers) {
  const coding = (headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (coding !== "identity") throw new Refusal(415, "no content coding is taken", { "Accept-Encoding": "identity" });
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
  // Half of a surrogate pair, which a GUID may hold as an escape, is no UTF-8: it is read as if it were.
  const quoted = path.slice(PATH.length + 1).replace(SURROGATE, (_, ...bytes) => {
    const [high, low] = bytes.slice(0, 2).map((byte) => Number.parseInt(byte, 16) & 0x3f);
    return String.fromCharCode(0xd000 | (high << 6) | low);
  });
  try {
    return decodeURIComponent(quoted);
  } catch {
    throw new Refusal(400, "the GUID in the path is not percent-encoded UTF-8");
  }
}

serve(PATH, handle, (refusal) => write({ error: refusal.message }));
