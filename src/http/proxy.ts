import { basicOf } from "./user-info.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Where a request goes through, with the credentials for it; `shown` is safe to print. */
export interface ProxyServer {
  url: URL;
  authorization?: string;
  shown: string;
}

const either = (env: Env, name: string) => env[name.toLowerCase()] || env[name.toUpperCase()] || undefined;

function excludes(rule: string, host: string, port: string): boolean {
  if (rule === "*") return true;
  const [, name = rule, rulePort] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(rule) ?? [];
  if (rulePort !== undefined && rulePort !== port) return false;
  const bare = name.replace(/^\*?\./, "");
  return host === bare || host.endsWith(`.${bare}`);
}

/** Whether NO_PROXY takes this URL out: exact hosts, domain suffixes, `*`, each with an optional port. */
function bypassed(url: URL, env: Env): boolean {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const rules = (either(env, "no_proxy") ?? "").toLowerCase().split(/[\s,]+/);
  return rules.some((rule) => rule !== "" && excludes(rule, url.hostname.toLowerCase(), port));
}

const VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];

/** What of an environment `proxyFor` reads. */
export function proxyVariables(env: Env): Env {
  return Object.fromEntries(VARIABLES.map((name) => [name, either(env, name)]));
}

/**
 * The proxy for a URL by HTTPS_PROXY, HTTP_PROXY and ALL_PROXY (either case; lower case wins, as in curl) and NO_PROXY.
 * @returns undefined for a direct connection, or what is wrong with the variable
 */
export function proxyFor(url: URL, env: Env): ProxyServer | { invalid: string } | undefined {
  const own = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const name = either(env, own) === undefined ? "ALL_PROXY" : own;
  const value = either(env, name);
  if (!value || bypassed(url, env)) return undefined;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(text)) return { invalid: `${name} is not a URL` };
  const proxy = new URL(text);
  if (proxy.protocol !== "http:" && proxy.protocol !== "https:") {
    return {
      invalid: `${name} names a ${proxy.protocol.slice(0, -1)} proxy; only http and https proxies are supported`,
    };
  }
  const authorization = basicOf(proxy);
  return { url: proxy, shown: proxy.origin, ...(authorization === undefined ? {} : { authorization }) };
}
