// When a group's periodic messages are due.

/** Longest time in milliseconds that a timer of Node takes. */
export const LONGEST = 2 ** 31 - 1;

/**
 * Calls `due` once in every interval, counted from the start or from the last change of the interval: how long a call
 * takes, and how late a timer is, does not move the next one.
 */
export class Pacer {
  #options;
  #due;
  #timer;
  #next;

  /**
   * @param options an Options
   * @param {() => void} due
   */
  constructor(options, due) {
    this.#options = options;
    this.#due = due;
  }

  start() {
    this.#options.watch(this.#begin);
    this.#begin();
  }

  stop() {
    this.#options.unwatch(this.#begin);
    clearTimeout(this.#timer);
  }

  #begin = () => {
    clearTimeout(this.#timer);
    const interval = this.#options.interval;
    if (interval === null) return;
    this.#next = performance.now() + interval;
    this.#wait();
  };

  #wait() {
    this.#timer = setTimeout(this.#tick, Math.min(Math.max(this.#next - performance.now(), 0), LONGEST));
  }

  #tick = () => {
    const late = performance.now() - this.#next;
    if (late >= 0) {
      // What a sleeping machine has missed is not made up for.
      this.#next += (Math.floor(late / this.#options.interval) + 1) * this.#options.interval;
      this.#due();
    }
    this.#wait();
  };
}
