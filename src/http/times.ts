import type { Phases } from "./exchange.ts";

/** When each step of one hop happened, on the monotonic clock, milliseconds; absent: it did not happen (yet). */
export interface Times {
  start: number;
  dnsStart?: number;
  dnsEnd?: number;
  /** The first address is tried: what lies between the answer of the resolver and this is our own time. */
  attempted?: number;
  connected?: number;
  secured?: number;
  /** The request's head was written: what was done to write it is our own time. */
  sent?: number;
  firstByte?: number;
  /** The newest bytes came, or their end. */
  lastByte?: number;
  end?: number;
}

const between = (from: number | undefined, to: number | undefined) =>
  from === undefined || to === undefined ? undefined : Math.max(0, to - from);

/** The phases that took place. On a reused connection there are no dns, connect and tls. */
export function phasesOf(times: Times): Phases {
  const phases: Phases = {};
  const add = (name: keyof Phases, ms: number | undefined) => {
    if (ms !== undefined) phases[name] = ms;
  };
  add("dns", between(times.dnsStart, times.dnsEnd));
  add("connect", between(times.attempted ?? times.dnsEnd ?? times.start, times.connected));
  add("tls", between(times.connected, times.secured));
  add("ttfb", between(times.sent, times.firstByte));
  add("download", between(times.firstByte, times.end));
  return phases;
}

/** The phase a hop is in, by the marks it has and those it lacks. */
export function phaseOf(times: Times, https: boolean): keyof Phases {
  if (times.firstByte !== undefined) return "download";
  if (times.sent !== undefined || times.secured !== undefined) return "ttfb";
  if (times.connected !== undefined) return https ? "tls" : "ttfb";
  return times.dnsStart !== undefined && times.dnsEnd === undefined ? "dns" : "connect";
}

/** When the phase a hop is in began. */
export function phaseStart(times: Times, phase: keyof Phases): number {
  const starts = {
    dns: times.dnsStart,
    connect: times.attempted ?? times.dnsEnd,
    tls: times.connected,
    ttfb: times.sent,
    download: times.firstByte,
  };
  return starts[phase] ?? times.start;
}
