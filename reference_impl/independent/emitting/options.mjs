// The three options.

const DEFAULTS = {
  "send-campaigngroup-states": false,
  "campaigngroup-states-uri": null,
  "campaigngroup-states-interval": 10n,
};

/** The options as they are set; whoever watches the interval is told when it changes. */
export class Options {
  #set = DEFAULTS;
  #watchers = new Set();

  get all() {
    return this.#set;
  }

  /** Where notifications go, null while none are sent. */
  get uri() {
    return this.#set["send-campaigngroup-states"] ? this.#set["campaigngroup-states-uri"] : null;
  }

  /** Milliseconds between periodic messages, null for none. */
  get interval() {
    const seconds = this.#set["campaigngroup-states-interval"];
    return seconds > 0n ? Number(seconds) * 1000 : null;
  }

  /** Set all three; one that is left out goes back to its default. */
  put(options) {
    const before = this.interval;
    this.#set = { ...DEFAULTS, ...options };
    if (this.interval !== before) for (const watcher of this.#watchers) watcher();
  }

  watch(watcher) {
    this.#watchers.add(watcher);
  }

  unwatch(watcher) {
    this.#watchers.delete(watcher);
  }
}
