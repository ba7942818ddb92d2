// The codes that an emitter needs.

/** CM_GrpCampState. */
export const State = { NOT_LOADED: 0, WAITING_UNLOAD: 1, UNLOAD_IN_PROGRESS: 2, ACTIVE: 4, RUNNING: 5 };

/** CMMessageType, by the name of the client request. */
export const Action = {
  "load-campaign": 7,
  "unload-campaign": 8,
  "start-dialing": 9,
  "stop-dialing": 10,
  "set-dialing-mode": 11,
};

/** GSW_CAMPAIGN_GROUP_ACTOR, by who causes an action: this emitter's own codes. */
export const Actor = { client: 21, schedule: 34, condition: 55 };

/** CfgDialMode: the predictive ones. */
const PREDICTIVE = [1n, 5n, 10n];

/** Whether a mode goes with an optimization method and a goal. */
export const isPredictive = (mode) => PREDICTIVE.includes(mode);

/** Pairs of modes that change into each other while a group runs. */
const PAIRS = [
  [1n, 2n],
  [4n, 5n],
];

/** Whether a running group may go from one mode to the other. */
export const mayChange = (from, to) => from === to || PAIRS.some((pair) => pair.includes(from) && pair.includes(to));
