import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { IncompleteError, UsageError } from "../../base/errors.ts";
import { secretsOfAuth } from "../../config/auth-secrets.ts";
import { redirectOf } from "../../contract/judge.ts";
import { authorize } from "../../http/auth.ts";
import { readBody } from "../../http/body.ts";
import { createHttpClient } from "../../http/client.ts";
import type { Exchange, HttpRequest } from "../../http/exchange.ts";
import { type HarRequest, harExchanges } from "../../http/har.ts";
import { brokenNotes } from "../../http/har-entries.ts";
import { isSecretName, redactUrl } from "../../http/redact.ts";
import { parseAuth } from "../../scaffold/auth-text.ts";
import { variableName } from "../../scaffold/names.ts";
import { type ObservedApi, observeApi, type SeenExchange } from "../../scaffold/observed/source.ts";

export interface ObserveOptions {
  name: string;
  fromHar?: string | undefined;
  fromUrl?: readonly string[] | undefined;
  baseUrl: string | undefined;
  auth: string | undefined;
  envVar: string | undefined;
}

/** An API as it was seen, and how its requests proved who they were, as `--auth` says it. */
export interface Observed {
  api: ObservedApi;
  auth: string;
}

function seenOf({ method, url }: { method: string; url: string }, exchange: Exchange): SeenExchange[] {
  const { response } = exchange;
  if (!response || !URL.canParse(url)) return [];
  const { status, headers } = response;
  const answer = { status, headers, body: readBody(response), redirect: redirectOf(exchange) };
  return [{ method: method.toUpperCase(), url: redactUrl(url), answer }];
}

/** Browsers take credentials out of what they export: then nothing is known, and `none` says so. */
function authOf(requests: readonly HarRequest[]): string {
  for (const { url, headers } of requests) {
    for (const [name, value] of headers) {
      const scheme = /^(bearer|basic)\b/i.exec(value)?.[1]?.toLowerCase();
      if (name.toLowerCase() === "authorization") return scheme ?? "header:Authorization";
      if (isSecretName(name) && name.toLowerCase() !== "cookie") return `header:${name}`;
    }
    const [parameter] = URL.canParse(url) ? [...new URL(url).searchParams.keys()].filter(isSecretName) : [];
    if (parameter !== undefined) return `query:${parameter}`;
  }
  return "none";
}

async function fromHar(file: string, options: ObserveOptions, ctx: Context): Promise<Observed> {
  const text = await readFile(resolve(ctx.cwd, file), "utf8").catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${file} cannot be read: ${why}`, { code: "usage/no-file", cause });
  });
  const { exchanges, broken } = harExchanges(text, file);
  for (const line of brokenNotes(file, broken)) ctx.io.note(line);
  const api = observeApi(
    exchanges.flatMap(({ request, exchange }) => seenOf(request, exchange)),
    { name: options.name, baseUrl: options.baseUrl, isSecretName },
  );
  const own = exchanges.filter(({ request }) => request.url.startsWith(api.baseUrl));
  return { api, auth: options.auth ?? authOf(own.map(({ request }) => request)) };
}

/** The request with the credential of its variable, where `--auth` says that there is one. */
function authorized(url: string, { name, auth = "none", envVar }: ObserveOptions, ctx: Context): HttpRequest {
  const request: HttpRequest = { method: "GET", url, headers: { accept: "application/json" } };
  const scheme = parseAuth(auth);
  const secrets = secretsOfAuth(scheme).map((secret, index): [string, string] => {
    const variable = index === 0 && envVar !== undefined ? envVar : variableName(name, secret);
    const value = ctx.env[variable];
    if (value) return [secret, value];
    throw new UsageError(`--auth ${auth} needs a credential, and ${variable} is not set`, {
      code: "scaffold/credential",
      hint: `set ${variable} for this command, or name another variable with --env-var`,
    });
  });
  return authorize(request, scheme, new Map(secrets));
}

async function fromUrls(urls: readonly string[], options: ObserveOptions, ctx: Context): Promise<Observed> {
  const wrong = urls.find((url) => !/^https?:\/\//.test(url) || !URL.canParse(url));
  if (wrong !== undefined) {
    throw new UsageError(`--from-url '${wrong}' is not an http: or https: URL`, { code: "scaffold/url" });
  }
  const requests = urls.map((url) => authorized(url, options, ctx));
  const client = createHttpClient({ env: ctx.env, clock: ctx.clock });
  try {
    const seen: SeenExchange[] = [];
    for (const request of requests) {
      ctx.io.note(`asking ${redactUrl(request.url)}`);
      const exchange = await client.exchange(request, { signal: ctx.signal });
      ctx.signal.throwIfAborted();
      if (exchange.failure) {
        throw new IncompleteError(exchange.failure.message, {
          code: `probe/${exchange.failure.kind}`,
          hint: exchange.failure.hint,
        });
      }
      seen.push(...seenOf(request, exchange));
    }
    const refused = seen.find(({ answer }) => answer.status >= 400);
    if (refused) {
      throw new IncompleteError(`${refused.url} answered with ${refused.answer.status}`, {
        code: "scaffold/refused",
        hint: refused.answer.status === 401 ? "--auth says how to prove who you are" : undefined,
      });
    }
    const api = observeApi(seen, { name: options.name, baseUrl: options.baseUrl, isSecretName });
    return { api, auth: options.auth ?? "none" };
  } finally {
    await client.close();
  }
}

/** The API as traffic shows it, where `--from-har` or `--from-url` says so. */
export async function observe(options: ObserveOptions, ctx: Context): Promise<Observed | undefined> {
  const { fromHar: har, fromUrl: urls = [] } = options;
  if (har !== undefined && urls.length > 0) {
    throw new UsageError("--from-har and --from-url exclude each other", { code: "usage/exclusive" });
  }
  if (har !== undefined) return fromHar(har, options, ctx);
  return urls.length > 0 ? fromUrls(urls, options, ctx) : undefined;
}
