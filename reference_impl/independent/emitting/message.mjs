// What a notification says.

import { Actor, State, isPredictive } from "./codes.mjs";

/**
 * A notification, event or periodic: all have the same attributes.
 * @param configuration of the Campaign Group
 * @param {{dialMode: bigint, optimizeBy: bigint, optimizeGoal: bigint}} dialing in force
 * @param {string} guid
 * @param {{state: number, action: number, cause: string, time: number}} last what happened last; time in milliseconds
 */
export function message(configuration, dialing, guid, last) {
  const running = last.state === State.RUNNING;
  const written = {
    GSW_DATE_TIME: seconds(last.time),
    GSW_CAMPAIGN_GROUP_ACTOR: Actor[last.cause],
    GSW_CAMPAIGN_GROUP_ACTION: last.action,
    GSW_CAMPAIGN_GROUP_STATE: last.state,
    ...statistics(running),
    GSW_CAMPAIGN_GROUP_GUID: guid,
    GSW_CAMPAIGN_GROUP_NAME: configuration.name,
    GSW_GROUP_NAME: configuration.groupName,
    GSW_QUEUE_NAME: configuration.queueName,
    GSW_TENANT_CCID: configuration.tenantCcid,
    GSW_TENANT_NAME: configuration.tenantName ?? "undefined",
    // No attribute of the table: releases have added some, and a receiver has to take them.
    GSW_SERVER_NAME: "independent",
  };
  const { campaignName, campaignTemplateName } = configuration;
  if (campaignName !== null) written.GSW_CAMPAIGN_NAME = campaignName;
  if (campaignTemplateName !== null) written.GSW_CAMPAIGN_TEMPLATE_NAME = campaignTemplateName;
  if (running) written.GSW_DIAL_MODE = dialing.dialMode;
  if (running && isPredictive(dialing.dialMode)) {
    written.GSW_OPTIMIZE_GOAL = dialing.optimizeGoal;
    written.GSW_OPTIMIZE_BY = dialing.optimizeBy;
  }
  return written;
}

function seconds(milliseconds) {
  const digits = String(milliseconds).padStart(4, "0");
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

/** Nobody is called, so the figures are made up; a group that does not dial has none. */
function statistics(running) {
  const rate = () => Math.round(Math.random() * 1200) / 1000;
  return {
    GSW_STAT_TIME_TO_COMPLETE: running ? Math.round(Math.random() * 7200) : null,
    GSW_STAT_HIT_RATIO: running ? rate() : null,
    GSW_STAT_OVERDIAL_RATE: running ? rate() : null,
    GSW_STAT_BUSY_FACTOR: running ? rate() : null,
  };
}
