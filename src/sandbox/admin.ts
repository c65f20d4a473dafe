import { jsonReply, type SandboxReply, type SandboxRequest } from "./exchange.ts";
import { type Fault, isFaultKind, parseFault } from "./faults.ts";
import type { Json } from "./json.ts";
import { isJsonObject } from "./json.ts";
import { QUOTA_FAMILIES, type QuotaSettings } from "./quota.ts";
import { RELEASES } from "./releases.ts";
import type { SandboxSettings } from "./settings.ts";

export const ADMIN_PATH = "/__sandbox";

class Refused extends Error {}

function oneOf<T extends string>(value: Json, allowed: readonly T[], name: string): T {
  const found = allowed.find((item) => item === value);
  if (found === undefined) throw new Refused(`${name}: one of ${allowed.join(", ")}`);
  return found;
}

function amount(value: Json, name: string, least = 0): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < least) {
    throw new Refused(`${name}: a number, at least ${least}`);
  }
  return value;
}

function faultOf(value: Json): Fault {
  if (typeof value === "string") return parseFault(value);
  if (!isJsonObject(value) || typeof value.kind !== "string" || !isFaultKind(value.kind)) {
    throw new Refused('faults: texts such as "error:3" or objects with a known kind');
  }
  const { kind, times, path, delayMs } = value;
  return {
    kind,
    ...(times === undefined ? {} : { times: amount(times, "faults.times", 1) }),
    ...(path === undefined ? {} : { path: String(path) }),
    ...(delayMs === undefined ? {} : { delayMs: amount(delayMs, "faults.delayMs") }),
  };
}

function quotaOf(value: Json, before: QuotaSettings): QuotaSettings {
  if (!isJsonObject(value)) throw new Refused("quota: an object with family, limit, windowSeconds");
  const { family, limit, windowSeconds } = value;
  return {
    family: family === undefined ? before.family : oneOf(family, QUOTA_FAMILIES, "quota.family"),
    limit: limit === undefined ? before.limit : amount(limit, "quota.limit"),
    windowSeconds:
      windowSeconds === undefined ? before.windowSeconds : amount(windowSeconds, "quota.windowSeconds", 1),
  };
}

function sunsetOf(value: Json): string | undefined {
  if (value === null) return undefined;
  if (typeof value !== "string" || Number.isNaN(Date.parse(value)))
    throw new Refused("sunset: an ISO date, or null");
  return value;
}

function settingsOf(change: Json, before: SandboxSettings): SandboxSettings {
  if (!isJsonObject(change)) throw new Refused("a JSON object with the settings to change");
  const { release, quota, faults, latencyMs, jitterMs, sunset, ...unknown } = change;
  const [stranger] = Object.keys(unknown);
  if (stranger !== undefined) {
    throw new Refused(`unknown setting ${stranger}; known are ${Object.keys(before).join(", ")}`);
  }
  if (faults !== undefined && !Array.isArray(faults)) throw new Refused("faults: a list");
  return {
    release: release === undefined ? before.release : oneOf(release, RELEASES, "release"),
    quota: quota === undefined ? before.quota : quotaOf(quota, before.quota),
    faults: faults === undefined ? before.faults : faults.map(faultOf),
    latencyMs: latencyMs === undefined ? before.latencyMs : amount(latencyMs, "latencyMs"),
    jitterMs: jitterMs === undefined ? before.jitterMs : amount(jitterMs, "jitterMs"),
    sunset: sunset === undefined ? before.sunset : sunsetOf(sunset),
  };
}

/**
 * The address at which a running sandbox is switched: GET shows the settings, POST changes those it names. A POST must
 * be JSON, which a foreign page in a browser cannot send here without being asked first.
 */
export function adminReply(
  request: SandboxRequest,
  settings: SandboxSettings,
): { reply: SandboxReply; settings: SandboxSettings } {
  if (request.method === "GET") return { reply: jsonReply(200, shown(settings)), settings };
  const refuse = (status: number, message: string) => ({
    reply: jsonReply(status, { error: { message } }),
    settings,
  });
  if (request.method !== "POST") return refuse(405, "GET or POST");
  if (!request.headers["content-type"]?.includes("application/json")) {
    return refuse(415, "Send content-type: application/json");
  }
  try {
    const next = settingsOf(JSON.parse(request.body), settings);
    return { reply: jsonReply(200, shown(next)), settings: next };
  } catch (error) {
    return refuse(400, error instanceof Error ? error.message : "unreadable");
  }
}

function shown({ quota, faults, sunset, ...plain }: SandboxSettings): Json {
  return {
    ...plain,
    quota: { ...quota },
    faults: faults.map((fault) => ({ ...fault })),
    sunset: sunset ?? null,
  };
}
