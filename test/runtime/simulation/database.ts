import type { Clock, EventRow, EventTable } from "../../../src/runtime/index.ts";

/** Events and effects as a database keeps them: it outlives every process. */
export class Database {
  readonly rows = new Map<string, EventRow>();
  readonly effects: string[] = [];
}

/** A process of the application, that may die at any moment: then nothing that it waits for ever comes. */
export class Process {
  readonly #random: () => number;
  readonly #clock: Clock;
  /** How likely each step with the database is its last; and, apart from that, how likely it fails. */
  readonly #risk: number;
  dead = false;
  #asleepUntil = 0;

  constructor(clock: Clock, random: () => number, risk: number) {
    this.#clock = clock;
    this.#random = random;
    this.#risk = risk;
  }

  /** Time as this process sees it: the timers of a dead one do not go off, those of one asleep go off when it wakes. */
  get clock(): Clock {
    const awake = (callback: () => void): void => {
      const sleepsFor = this.#asleepUntil - this.#clock.now();
      if (this.dead) return;
      if (sleepsFor > 0) this.#clock.after(sleepsFor, () => awake(callback));
      else callback();
    };
    return {
      now: () => this.#clock.now(),
      after: (ms, callback) => {
        let cancelled = false;
        const cancel = this.#clock.after(ms, () => awake(() => void (cancelled || callback())));
        return () => {
          cancelled = true;
          cancel();
        };
      },
    };
  }

  /** As a machine does whose lid is closed: nothing goes on, and it does not know. */
  fallAsleep(ms: number): void {
    this.#asleepUntil = this.#clock.now() + ms;
  }

  /** Does something with the database, which takes its time, fails at times, and may be the process's last deed. */
  async step<T>(deed: () => T): Promise<T> {
    await this.#pause(this.#random() * 40);
    if (this.#random() < this.#risk) throw new Error("the database is away");
    this.#mayDie();
    const result = this.dead ? undefined : { done: deed() };
    this.#mayDie();
    if (result === undefined || this.dead) return new Promise(() => {});
    return result.done;
  }

  pause(ms: number): Promise<void> {
    return this.#pause(ms);
  }

  #mayDie(): void {
    if (this.#random() < this.#risk) this.dead = true;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(ms, resolve));
  }
}

/** The table of events as a process reaches it. */
export function tableOf({ rows }: Pick<Database, "rows">, process: Process): EventTable {
  return {
    insert: (row) =>
      process.step(() => {
        if (rows.has(row.id)) return false;
        rows.set(row.id, row);
        return true;
      }),
    read: (id) => process.step(() => rows.get(id)),
    replace: (token, row) =>
      process.step(() => {
        const held = rows.get(row.id);
        if (held?.token !== token || held.done) return false;
        rows.set(row.id, row);
        return true;
      }),
  };
}

/**
 * A transaction: what is done in it is there for all, or not at all. It does not commit where a row that it replaced has
 * been changed by somebody else meanwhile.
 */
export class Transaction {
  readonly #database: Database;
  readonly #process: Process;
  readonly #read = new Map<string, EventRow | undefined>();
  readonly rows: Map<string, EventRow>;
  readonly effects: string[] = [];

  constructor(database: Database, process: Process) {
    this.#database = database;
    this.#process = process;
    this.rows = new Map(database.rows);
    for (const [id, row] of database.rows) this.#read.set(id, row);
  }

  commit(): Promise<void> {
    return this.#process.step(() => {
      const changed = [...this.rows].filter(([id, row]) => this.#read.get(id) !== row);
      for (const [id] of changed) {
        if (this.#database.rows.get(id) !== this.#read.get(id)) throw new Error("could not serialize access");
      }
      for (const [id, row] of changed) this.#database.rows.set(id, row);
      this.#database.effects.push(...this.effects);
    });
  }
}
