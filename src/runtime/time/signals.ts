/** How often one controller serves: `fetch` leaves a listener on its signal, which goes with the garbage. */
const MOST_USES = 8;

/** Controllers that wait for their next use. */
const MOST_IDLE = 256;

/** A controller, and how often it has served. */
export interface Used {
  controller: AbortController;
  uses: number;
}

const idle: Used[] = [];

/**
 * A controller for one attempt. Making one costs Node 20 a tenth of what a request over loopback does, so those that
 * never aborted serve again.
 */
export function takeController(): Used {
  return idle.pop() ?? { controller: new AbortController(), uses: 0 };
}

/** Gives a controller back whose signal nobody holds any more. */
export function giveController(used: Used): void {
  used.uses++;
  if (used.controller.signal.aborted || used.uses >= MOST_USES || idle.length >= MOST_IDLE) return;
  idle.push(used);
}
