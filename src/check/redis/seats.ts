import { randomUUID } from "node:crypto";
import type { Clock } from "../../base/context.ts";
import type { Board } from "./board.ts";

export interface SeatOptions {
  board: Pick<Board, "takeSeat" | "leaveSeat">;
  clock: Clock;
  /** How many requests all workers together have under way with one host. */
  perHost: number;
  /** Milliseconds after which the seat of a worker that is silent is free again. */
  leaseMs: number;
}

/** Milliseconds between two looks for a free seat: less than most answers take. */
const LOOK_MS = 50;

/**
 * The seats of each host, which all workers at one Redis share: who holds one may send. While Redis is lost, nobody waits for
 * one; then each worker's own bound holds.
 */
export class HostSeats {
  readonly #options: SeatOptions;

  constructor(options: SeatOptions) {
    this.#options = options;
  }

  /** Waits for a seat, does the work in it, and frees it. @throws what `signal` was aborted with */
  async run<R>(host: string, signal: AbortSignal, work: () => Promise<R>): Promise<R> {
    const { board, clock, leaseMs } = this.#options;
    const holder = randomUUID();
    while (!(await this.#take(host, holder))) await clock.sleep(LOOK_MS, signal);
    const renewal = setInterval(() => void this.#take(host, holder), leaseMs / 3);
    try {
      return await work();
    } finally {
      clearInterval(renewal);
      await board.leaveSeat(host, holder).catch(() => {});
    }
  }

  #take(host: string, holder: string): Promise<boolean> {
    const { board, perHost, leaseMs } = this.#options;
    return board.takeSeat(host, holder, { seats: perHost, leaseMs }).catch(() => true);
  }
}
