// The life of a Campaign Group.

import { randomBytes } from "node:crypto";
import { Refusal } from "../common/server.mjs";
import { Action, State, mayChange } from "./codes.mjs";
import { message } from "./message.mjs";
import { notify } from "./notifier.mjs";
import { LONGEST, Pacer } from "./pacer.mjs";

/** Least time in milliseconds between the steps of an unload, so that GSW_DATE_TIME tells their order. */
const STEP = 2;

/** A Campaign Group that is configured, loaded or not. */
export class Group {
  #configuration;
  #options;
  #pacer;
  #guid;
  #dialing;
  #last;
  #state = State.NOT_LOADED;
  #started = false;
  #unloading = false;
  #timer;

  /**
   * @param configuration as the control API has it
   * @param options an Options
   */
  constructor(configuration, options) {
    this.#configuration = configuration;
    this.#options = options;
    this.#pacer = new Pacer(options, () => this.#send());
  }

  /** CM_GrpCampState. */
  get state() {
    return this.#state;
  }

  /**
   * Do what a client, or the emitter itself, asks for.
   * @param {string} request as in the path of the control API
   * @param {string} cause client, schedule or condition
   * @param dialing mode, method and goal as far as the request says them
   * @throws {Refusal} 409 where the state does not allow it
   */
  act(request, cause, dialing) {
    if (request === "load-campaign") this.#load(cause);
    else if (request === "start-dialing") this.#start(cause, dialing);
    else if (request === "set-dialing-mode") this.#setDialingMode(cause, dialing);
    else if (request === "stop-dialing") this.#stop(cause);
    else this.#unload(cause);
  }

  /** Be gone without a word. */
  vanish() {
    this.#pacer.stop();
    clearTimeout(this.#timer);
  }

  #load(cause) {
    this.#expect(State.NOT_LOADED);
    this.#guid = `cg.${randomBytes(18).toString("base64url")}`;
    this.#dialing = this.#configuration;
    this.#started = false;
    this.#become(State.ACTIVE, "load-campaign", cause);
    this.#pacer.start();
  }

  #start(cause, dialing) {
    this.#expect(State.ACTIVE);
    this.#started = true;
    this.#dialing = cause === "client" ? { ...this.#dialing, ...dialing } : this.#configuration;
    this.#become(State.RUNNING, "start-dialing", cause);
  }

  /** Only a change of the mode is reported: one of method or goal shows in the next periodic message. */
  #setDialingMode(cause, dialing) {
    this.#expect(State.RUNNING);
    const before = this.#dialing.dialMode;
    const after = dialing.dialMode ?? before;
    if (!mayChange(before, after)) throw new Refusal(409, `mode ${before} changes into ${after} by a stop and a start`);
    this.#dialing = { ...this.#dialing, ...dialing };
    if (after !== before) this.#become(State.RUNNING, "set-dialing-mode", cause);
  }

  #stop(cause) {
    this.#expect(State.RUNNING);
    this.#become(State.ACTIVE, "stop-dialing", cause);
  }

  /** A running group stops first; one that was started waits until its calls have drained. */
  #unload(cause) {
    if (this.#state === State.NOT_LOADED) throw this.#impossible();
    // Another unload cannot make it end sooner, or twice.
    if (this.#unloading) return;
    this.#unloading = true;
    this.#pacer.stop();
    const half = Math.min(Math.max((this.#configuration.drainSeconds * 1000) / 2, STEP), LONGEST);
    const steps = [];
    if (this.#state === State.RUNNING) steps.push([0, State.ACTIVE, "stop-dialing"]);
    if (this.#started) {
      steps.push([steps.length * STEP, State.WAITING_UNLOAD, "unload-campaign"]);
      steps.push([half, State.UNLOAD_IN_PROGRESS, "unload-campaign"]);
    }
    steps.push([steps.length ? half : 0, State.NOT_LOADED, "unload-campaign"]);
    this.#walk(steps, cause);
  }

  #walk(steps, cause) {
    const [[wait, state, request], ...rest] = steps;
    const step = () => {
      this.#become(state, request, cause);
      if (rest.length) this.#walk(rest, cause);
      else this.#unloading = false;
    };
    if (wait === 0) step();
    else this.#timer = setTimeout(step, wait);
  }

  #expect(state) {
    if (this.#state !== state || this.#unloading) throw this.#impossible();
  }

  #impossible() {
    return new Refusal(409, `not possible in state ${this.#state}${this.#unloading ? ", while it is unloaded" : ""}`);
  }

  #become(state, request, cause) {
    this.#state = state;
    this.#last = { state, action: Action[request], cause, time: Date.now() };
    this.#send();
  }

  #send() {
    notify(this.#options.uri, message(this.#configuration, this.#dialing, this.#guid, this.#last));
  }
}
