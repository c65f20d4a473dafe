import { sharedByRequests } from "./platform.ts";

/** How often one controller serves: `fetch` leaves a listener on its signal, which goes with the garbage. */
const MOST_USES = 8;

/** Controllers that wait for their next use. */
const MOST_IDLE = 256;

/** A controller with its signal, at hand because asking for that takes time, and how often it has served. */
export interface Used {
  readonly controller: AbortController;
  readonly signal: AbortSignal;
  uses: number;
}

const idle: Used[] = [];

/**
 * A controller for one attempt. Making one costs Node 20 a tenth of what a request over loopback does, so those that
 * never aborted serve again.
 */
export function takeController(): Used {
  const used = idle.pop();
  if (used) return used;
  const controller = new AbortController();
  return { controller, signal: controller.signal, uses: 0 };
}

/** Gives a controller back that did not abort, and whose signal nobody holds any more. */
export function giveController(used: Used): void {
  used.uses++;
  if (sharedByRequests && used.uses < MOST_USES && idle.length < MOST_IDLE) idle.push(used);
}
