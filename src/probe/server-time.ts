import { parseList } from "../quota/structured.ts";

/** One member of Server-Timing. */
export interface ServerTiming {
  name: string;
  durMs?: number;
  desc?: string;
}

/** Headers in which providers say how long they took, and the milliseconds in their unit. */
const SERVER_TIME_HEADERS: Readonly<Record<string, number>> = {
  "x-envoy-upstream-service-time": 1,
  "openai-processing-ms": 1,
  "x-server-response-time": 1,
  "x-response-time": 1,
  "x-runtime": 1000,
  "x-render-time": 1000,
  "twilio-request-duration": 1000,
};

/** A Server-Timing member of one of these names is the whole, not a part. */
const WHOLE = new Set(["total", "processing", "app", "origin", "server"]);

function timings(text: string): ServerTiming[] {
  return parseList(text).map(({ value, params }) => {
    const duration = params.dur === undefined || params.dur === "" ? Number.NaN : Number(params.dur);
    return {
      name: value,
      ...(Number.isFinite(duration) ? { durMs: duration } : {}),
      ...(params.desc === undefined ? {} : { desc: params.desc }),
    };
  });
}

function headerTime(headers: Readonly<Record<string, string>>): number | undefined {
  for (const name in SERVER_TIME_HEADERS) {
    const text = headers[name];
    const value = text === undefined ? null : /^(\d+(?:\.\d+)?)\s*(ms|s)?$/.exec(text.trim());
    if (!value) continue;
    const unit = SERVER_TIME_HEADERS[name] ?? 1;
    const factor = value[2] === undefined ? unit : value[2] === "s" ? 1000 : 1;
    return Math.round(Number(value[1]) * factor * 1000) / 1000;
  }
  return undefined;
}

/** The provider's own account of its time: what of the first byte's wait is theirs, and what the network's. */
export function readServerTime(headers: Readonly<Record<string, string>>): {
  serverTimings: ServerTiming[];
  serverMs?: number;
} {
  const given = headers["server-timing"];
  const serverTimings = given === undefined ? [] : timings(given);
  const whole = serverTimings.find(
    ({ name, durMs }) => WHOLE.has(name.toLowerCase()) && durMs !== undefined,
  )?.durMs;
  const serverMs = headerTime(headers) ?? whole;
  return { serverTimings, ...(serverMs === undefined ? {} : { serverMs }) };
}
