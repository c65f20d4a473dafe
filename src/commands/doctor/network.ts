import type { Context } from "../../base/context.ts";
import { formatDuration } from "../../base/duration.ts";
import { plural } from "../../base/text.ts";
import type { Environment, Project } from "../../config/project.ts";
import { baseUrlOf } from "../../config/targets.ts";
import type { Exchange, HttpClient } from "../../http/exchange.ts";
import { proxyFor } from "../../http/proxy.ts";
import { USER_AGENT } from "../../http/request.ts";
import { CERTIFICATE_WARNING_DAYS, daysOfCertificate } from "../../probe/judge-tls.ts";
import type { Look } from "./look.ts";

/** Any host that no NO_PROXY names. */
const ANYWHERE = { https: new URL("https://host.invalid/"), http: new URL("http://host.invalid/") };

/** What the proxy variables say. */
export function lookAtProxies(env: Context["env"]): Look {
  const look = { area: "proxy", subject: "proxy" } as const;
  const through = Object.entries(ANYWHERE).map(([scheme, url]) => ({ scheme, proxy: proxyFor(url, env) }));
  const wrong = through.flatMap(({ proxy }) => (proxy && "invalid" in proxy ? [proxy.invalid] : []));
  if (wrong[0] !== undefined)
    return { ...look, state: "fail", says: wrong[0], fix: "correct the variable, or unset it" };
  const told = through.flatMap(({ scheme, proxy }) =>
    proxy && "shown" in proxy ? [`${scheme} through ${proxy.shown}`] : [],
  );
  if (told.length === 0) return { ...look, state: "ok", says: "none: connections are direct" };
  const except = env.no_proxy || env.NO_PROXY;
  return { ...look, state: "ok", says: `${told.join(", ")}${except ? `, except ${except}` : ""}` };
}

/** The addresses that the integrations have in an environment, each once. */
function originsOf(project: Project, environment: Environment): string[] {
  const bases = project.integrations.flatMap((integration) => baseUrlOf(integration, environment) ?? []);
  return [...new Set(bases.filter((base) => URL.canParse(base)).map((base) => new URL(base).origin))].sort();
}

const REDIRECTS = new Set(["redirect-loop", "redirect-refused"]);

function lookAtAnswer(origin: string, exchange: Exchange, now: number): Look {
  const { failure, tls, connection, totalMs } = exchange;
  const look = { area: "network", subject: new URL(origin).host } as const;
  // Where it leads to is not asked: that something answers is all that counts.
  if (failure && !REDIRECTS.has(failure.kind))
    return { ...look, state: "fail", says: failure.message, ...(failure.hint ? { fix: failure.hint } : {}) };
  const days = tls && daysOfCertificate(tls, now);
  const facts = [
    `answers in ${formatDuration(totalMs)}`,
    connection.proxy ? `through ${connection.proxy}` : (connection.remoteAddress ?? ""),
    tls ? tls.protocol.replace(/^TLSv/, "TLS ") : "without TLS",
    days === undefined ? "" : `certificate for ${plural(days, "day")}`,
  ];
  const says = facts.filter((fact) => fact !== "").join(", ");
  return days !== undefined && days < CERTIFICATE_WARNING_DAYS
    ? { ...look, state: "warn", says, fix: "its operator must renew the certificate" }
    : { ...look, state: "ok", says };
}

/** Dates come in whole seconds, and an answer is some time on its way. */
const NOTICEABLE_MS = 5000;
/** Signatures and tokens are refused not far beyond. */
const HARMFUL_MS = 60_000;

/** How far this clock is ahead of a server's, by the `Date` of its own answer. */
function skewOf({ response, startedAt, totalMs }: Exchange): number | undefined {
  const { date = "", age } = response?.headers ?? {};
  const told = Date.parse(date);
  if (Number.isNaN(told) || age !== undefined) return undefined;
  return startedAt + totalMs / 2 - (told + 500);
}

/** Compares this machine's clock with the servers' own, the one in the middle of them. */
export function lookAtClock(exchanges: readonly Exchange[]): Look[] {
  const skews = exchanges.flatMap((exchange) => skewOf(exchange) ?? []).sort((a, b) => a - b);
  const skew = skews[Math.floor(skews.length / 2)];
  if (skew === undefined) return [];
  const off = Math.abs(skew);
  const look = { area: "clock", subject: "clock" } as const;
  const by = `by the Date of ${plural(skews.length, "server")}`;
  if (off < NOTICEABLE_MS) return [{ ...look, state: "ok", says: `right, ${by}` }];
  return [
    {
      ...look,
      state: off < HARMFUL_MS ? "warn" : "fail",
      says: `${formatDuration(off)} ${skew > 0 ? "ahead" : "behind"}, ${by}: signed requests and tokens are refused`,
      fix: "synchronise it: `timedatectl set-ntp true`, or the date settings of the system",
    },
  ];
}

/** One HEAD request to each address, without credentials. */
export async function lookAtProviders(
  project: Project,
  environment: Environment,
  { client, ctx }: { client: HttpClient; ctx: Context },
): Promise<Look[]> {
  const origins = originsOf(project, environment);
  const exchanges = await Promise.all(
    origins.map((origin) =>
      client.exchange(
        { method: "HEAD", url: `${origin}/`, headers: { "user-agent": USER_AGENT } },
        { limits: { deadlineMs: 10_000, maxRedirects: 0 }, signal: ctx.signal },
      ),
    ),
  );
  const now = ctx.clock.now();
  const looks = exchanges.map((exchange, index) => lookAtAnswer(origins[index] ?? "", exchange, now));
  return [...looks, ...lookAtClock(exchanges)];
}
