// What makes a JSON value a notification: the mandatory rules of campaign-group-state.schema.json, no more.

/** Highest number of characters, in code points, of a name. */
const LONGEST_NAME = 255;
const TOO_LONG = `is longer than ${LONGEST_NAME} characters`;
const UNKNOWN = "is no known code";

const RUNNING = 5n;
const PREDICTIVE_MODES = [1n, 5n, 10n];
const DATE_TIME = /^[0-9]+\.[0-9]{3}$/;

// Rules: what is wrong with a value, or null.
const text = (value) => (typeof value === "string" ? null : "is no text");
const name = (value) => text(value) ?? ([...value].length > LONGEST_NAME ? TOO_LONG : null);
const time = (value) => text(value) ?? (DATE_TIME.test(value) ? null : "is not seconds with three decimals");
const integer = (value) => (typeof value === "bigint" ? null : "is no integer");
const code = (least, most) => (value) => integer(value) ?? (least <= value && value <= most ? null : UNKNOWN);

/** A number or null, not negative. A Number is minus zero only where something negative was too small for it. */
function statistic(value) {
  if (value === null) return null;
  if (typeof value !== "bigint" && typeof value !== "number") return "is neither a number nor null";
  return value < 0 || Object.is(value, -0) ? "is negative" : null;
}

const REQUIRED = {
  GSW_TENANT_NAME: text,
  GSW_TENANT_CCID: text,
  GSW_CAMPAIGN_GROUP_NAME: name,
  GSW_CAMPAIGN_GROUP_GUID: text,
  GSW_GROUP_NAME: name,
  GSW_QUEUE_NAME: name,
  GSW_CAMPAIGN_GROUP_STATE: code(-1n, 5n),
  GSW_CAMPAIGN_GROUP_ACTION: code(7n, 11n),
  GSW_CAMPAIGN_GROUP_ACTOR: integer,
  GSW_DATE_TIME: time,
};

const OPTIONAL = {
  GSW_CAMPAIGN_NAME: name,
  GSW_CAMPAIGN_TEMPLATE_NAME: name,
  GSW_DIAL_MODE: code(0n, 11n),
  GSW_OPTIMIZE_BY: code(0n, 4n),
  GSW_OPTIMIZE_GOAL: integer,
  GSW_STAT_BUSY_FACTOR: statistic,
  GSW_STAT_OVERDIAL_RATE: statistic,
  GSW_STAT_HIT_RATIO: statistic,
  GSW_STAT_TIME_TO_COMPLETE: statistic,
};

const RULES = Object.entries({ ...REQUIRED, ...OPTIONAL });

/**
 * Why a value is no notification.
 * @param value as json.mjs reads it
 * @returns {string | null} the first fault found, null for a notification
 */
export function faultOf(value) {
  if (!(value instanceof Map)) return "the body is no JSON object";
  for (const [attribute, rule] of RULES) {
    if (value.has(attribute)) {
      const fault = rule(value.get(attribute));
      if (fault) return `${attribute} ${fault}`;
    } else if (Object.hasOwn(REQUIRED, attribute)) {
      return `${attribute} is missing`;
    }
  }
  return contradiction(value);
}

/** Dial mode, method and goal where the group is not running, method and goal where the mode is not predictive. */
function contradiction(value) {
  const running = value.get("GSW_CAMPAIGN_GROUP_STATE") === RUNNING;
  if (!running && value.has("GSW_DIAL_MODE")) return "GSW_DIAL_MODE is sent though the group is not running";
  // Without a dial mode nothing is known against method and goal of a running group.
  const predictive = !value.has("GSW_DIAL_MODE") || PREDICTIVE_MODES.includes(value.get("GSW_DIAL_MODE"));
  if (running && predictive) return null;
  const optimized = ["GSW_OPTIMIZE_BY", "GSW_OPTIMIZE_GOAL"].find((attribute) => value.has(attribute));
  return optimized ? `${optimized} is sent though the group is not running in a predictive mode` : null;
}
