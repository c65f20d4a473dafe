import tls, { type SecureContext } from "node:tls";
import { Aborts } from "./aborts.ts";
import { isPrivateAddress } from "./addresses.ts";
import {
  type Arrival,
  accountOf,
  arrive,
  failureOf,
  hopOf,
  refuse,
  sumOf,
  sumOfHops,
  unsent,
  withDefaults,
} from "./arrival.ts";
import {
  DEFAULT_LIMITS,
  type Exchange,
  type ExchangeFailure,
  type ExchangeOptions,
  type Hop,
  type HttpClient,
  type HttpRequest,
  type Limits,
  type SigningTools,
} from "./exchange.ts";
import { ExchangeError } from "./failure.ts";
import type { Lane } from "./lane.ts";
import { DeadlineError } from "./link.ts";
import { LinkPool } from "./pool.ts";
import { type ProxyServer, proxyFor, proxyVariables } from "./proxy.ts";
import { redactUrl } from "./redact.ts";
import { nextRequest } from "./redirect.ts";
import { isIdempotent } from "./request.ts";
import { Stopper } from "./stopper.ts";
import { unknownToProxy } from "./tunnel.ts";
import type { ConnectionOptions } from "./wire/open.ts";

export interface ClientOptions {
  /** HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY are read from it. */
  env: Readonly<Record<string, string | undefined>>;
  clock: { now(): number; monotonic(): number };
  /** Offer HTTP/2 in the TLS handshake (default true). */
  http2?: boolean;
  /** Connect over this family only; default: whichever connects first. */
  family?: 4 | 6;
  /** A client certificate, and authorities to trust besides the usual ones; PEM. */
  tls?: { cert?: string; key?: string; passphrase?: string; ca?: string };
  /** Which addresses the internet does not reach (default: IANA's special-purpose registries). */
  isPrivate?: (address: string) => boolean;
}

/** What a load test needs of a client: connections that send one request again and again. Redirects are not followed. */
export interface LoadClient {
  lanes(count: number, request: HttpRequest): Promise<Lane[] | { failure: ExchangeFailure }>;
  /** The request with its signature or access token, as it goes out. */
  sign(request: HttpRequest): Promise<HttpRequest | { failure: ExchangeFailure }>;
}

/** One exchange on its way through redirects. */
interface Journey {
  limits: Limits;
  fresh: boolean;
  /** Its connections serve others afterwards. */
  keep: boolean;
  direct: boolean;
  stop: Stopper;
  hops: Hop[];
  /** Start of the first hop, monotonic: loading what speaks HTTP/2 and building the secure context come before it. */
  startMs?: number;
  /** A hop was answered from a public address: a private one may not follow. */
  fromPublic: boolean;
}

/** A token endpoint answers with a few hundred bytes, and no redirect. */
const TOKEN_LIMITS: Partial<Limits> = { deadlineMs: 15_000, maxBodyBytes: 1024 * 1024, maxRedirects: 0 };

/** Every connection of one run, and the rules by which exchanges use them. */
class PooledHttpClient implements HttpClient, LoadClient {
  readonly #options: ClientOptions;
  /** Of the environment, which is slow to be asked for each request. */
  readonly #proxies: ClientOptions["env"];
  readonly #isPrivate: (address: string) => boolean;
  readonly #pool = new LinkPool();
  readonly #lanes: Lane[] = [];
  readonly #aborts = new Aborts();
  readonly #tools: SigningTools;
  #secureContext: SecureContext | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#proxies = proxyVariables(options.env);
    this.#isPrivate = options.isPrivate ?? isPrivateAddress;
    this.#tools = {
      now: () => options.clock.now(),
      exchange: (request) => this.exchange(request, { limits: TOKEN_LIMITS }),
      tokens: new Map(),
    };
  }

  async exchange(request: HttpRequest, options: ExchangeOptions = {}): Promise<Exchange> {
    const { clock } = this.#options;
    const limits = limitsOf(request, options);
    const stop = new Stopper();
    const timer = setTimeout(() => stop.stop(new DeadlineError(limits.deadlineMs)), limits.deadlineMs);
    const release = options.signal && this.#aborts.watch(options.signal, stop);
    const journey: Journey = {
      limits,
      fresh: options.freshConnection ?? false,
      keep: !options.closeAfterwards,
      direct: options.direct ?? false,
      stop,
      hops: [],
      fromPublic: false,
    };
    const startedAt = clock.now();
    try {
      const arrival = await this.#travel(request, journey);
      const { response, failure, phases, connection } = arrival;
      const { hops } = journey;
      const exchange: Exchange = {
        request: { method: request.method, url: redactUrl(request.url, request.credentials?.query) },
        phases,
        connection,
        totalMs: failure ? elapsed(journey, arrival.endedMs) : sumOf(phases) + sumOfHops(hops),
        startedAt,
        hops,
      };
      if (response) exchange.response = response;
      if (failure) exchange.failure = failure;
      if (arrival.tls) exchange.tls = arrival.tls;
      return exchange;
    } finally {
      clearTimeout(timer);
      release?.();
    }
  }

  /** Follows redirects to the response that is none. */
  async #travel(first: HttpRequest, journey: Journey): Promise<Arrival> {
    const seen = new Set<string>();
    let request = first;
    for (;;) {
      seen.add(`${request.method} ${request.url}`);
      const arrival = await this.#hop(request, journey);
      const { response } = arrival;
      const next = response && nextRequest(request, response.status, response.headers.location);
      if (!response || !next || arrival.failure) return arrival;
      if ("refused" in next)
        return refuse(arrival, "redirect-refused", `${new URL(request.url).host} redirects ${next.refused}`);
      const hop = hopOf(request, response, next.follow, arrival);
      journey.hops.push(hop);
      if (seen.has(`${next.follow.method} ${next.follow.url}`)) {
        return refuse(
          arrival,
          "redirect-loop",
          `${hop.url} redirects in a circle, by way of ${hop.location}`,
        );
      }
      if (journey.hops.length > journey.limits.maxRedirects) {
        return refuse(
          arrival,
          "redirect-loop",
          `more than ${journey.limits.maxRedirects} redirects, the last to ${hop.location}`,
        );
      }
      journey.fromPublic ||= this.#isPublic(arrival);
      request = next.follow;
    }
  }

  /** An address that is not known counts as public: what is guarded lies in private networks. */
  #isPublic({ connection: { proxy, remoteAddress } }: Arrival): boolean {
    return proxy === undefined && (remoteAddress === undefined || !this.#isPrivate(remoteAddress));
  }

  async #hop(request: HttpRequest, journey: Journey): Promise<Arrival> {
    const route = this.#route(request, journey.direct);
    if ("failure" in route) return unsent(route.failure);
    const signed = request.sign ? await this.sign(request) : request;
    if ("failure" in signed) return unsent(signed.failure);
    const url = signed.url === request.url ? route.origin : new URL(signed.url);
    const options = this.#connectionOptions(url, route.proxy, journey);
    return "failure" in options ? unsent(options.failure) : this.#send(signed, options, journey);
  }

  /** Where a request goes, and through which proxy. */
  #route(
    request: HttpRequest,
    direct = false,
  ): { origin: URL; proxy: ProxyServer | undefined } | { failure: ExchangeFailure } {
    const origin = parsed(request.url);
    if (!origin) return { failure: failureOf("protocol", `${redactUrl(request.url)} is not a URL`) };
    if (origin.protocol !== "http:" && origin.protocol !== "https:") {
      return { failure: failureOf("protocol", `${redactUrl(request.url)} is not an http: or https: URL`) };
    }
    const proxy = direct ? undefined : proxyFor(origin, this.#proxies);
    if (proxy && "invalid" in proxy) {
      return {
        failure: failureOf("protocol", proxy.invalid, "correct the variable, or name the host in NO_PROXY"),
      };
    }
    return { origin, proxy };
  }

  async sign(request: HttpRequest): Promise<HttpRequest | { failure: ExchangeFailure }> {
    if (!request.sign) return request;
    try {
      return await request.sign(request, this.#tools);
    } catch (error) {
      if (error instanceof ExchangeError) return { failure: error.failure };
      throw error;
    }
  }

  #connectionOptions(
    origin: URL,
    proxy: ProxyServer | undefined,
    { fromPublic, limits }: Pick<Journey, "fromPublic" | "limits">,
  ): ConnectionOptions | { failure: ExchangeFailure } {
    const { clock, http2, family } = this.#options;
    let secureContext: SecureContext | undefined;
    try {
      secureContext = this.#contextFor(origin, proxy);
    } catch {
      const message = "the client certificate, its key or the authorities cannot be used";
      return {
        failure: failureOf("tls", message, "each is a PEM file, and key and certificate belong together"),
      };
    }
    return {
      origin,
      now: () => clock.monotonic(),
      secureContext,
      http2: http2 ?? true,
      family,
      proxy,
      // The proxy resolves and connects; its own address says nothing about the destination's.
      refuses: fromPublic && !proxy ? this.#isPrivate : () => false,
      maxHeaderBytes: limits.maxHeaderBytes,
    };
  }

  /** Built before the first connection: its cost, some milliseconds, belongs to no phase. */
  #contextFor(origin: URL, proxy: ProxyServer | undefined): SecureContext | undefined {
    if (origin.protocol !== "https:" && proxy?.url.protocol !== "https:") return undefined;
    if (this.#secureContext) return this.#secureContext;
    const { ca, ...own } = this.#options.tls ?? {};
    this.#secureContext = tls.createSecureContext({
      ...own,
      ...(ca ? { ca: [...tls.rootCertificates, ca] } : {}),
    });
    return this.#secureContext;
  }

  async #send(request: HttpRequest, options: ConnectionOptions, journey: Journey): Promise<Arrival> {
    const { limits, stop, fresh, keep } = journey;
    const ready = { ...request, headers: withDefaults(request.headers) };
    const link = (fresh ? undefined : this.#pool.reuse(options)) ?? (await this.#pool.open(options));
    const answer = await link.send(ready, options.origin, limits, stop);
    journey.startMs ??= answer.times.start;
    const stale = "failure" in answer && answer.connection.reused && answer.times.firstByte === undefined;
    // What closing takes is not to meet the next connection's phases.
    if (!keep) await link.destroy();
    if ("response" in answer) {
      this.#pool.give(link, options);
      const { proxy, origin } = options;
      // It is the proxy that answers, and not whom it was to ask.
      if (answer.response.status === 407 && proxy && origin.protocol === "http:")
        return { failure: unknownToProxy(proxy, "HTTP_PROXY").failure, ...accountOf(answer) };
      return arrive(answer, answer.response, limits, options.origin.host);
    }
    const failure = link.describe(answer.failure, answer.responded);
    this.#pool.give(link, options);
    // The server had closed the idle connection: that says nothing about the server now.
    if (stale && failure.kind === "reset" && isIdempotent(request.method)) {
      return this.#send(request, options, { ...journey, fresh: true });
    }
    return { failure, ...accountOf(answer) };
  }

  async lanes(count: number, request: HttpRequest): Promise<Lane[] | { failure: ExchangeFailure }> {
    const route = this.#route(request);
    if ("failure" in route) return route;
    const options = this.#connectionOptions(route.origin, route.proxy, {
      limits: DEFAULT_LIMITS,
      fromPublic: false,
    });
    if ("failure" in options) return options;
    const [http2, { Lane }] = await Promise.all([this.#pool.http2For(options), import("./lane.ts")]);
    const lanes = Array.from({ length: count }, () => new Lane(options, DEFAULT_LIMITS.maxBodyBytes, http2));
    this.#lanes.push(...lanes);
    return lanes;
  }

  async close(): Promise<void> {
    for (const lane of this.#lanes) lane.close();
    await this.#pool.close();
  }
}

function limitsOf({ deadlines }: HttpRequest, { limits }: ExchangeOptions): Limits {
  const phaseMs = Object.assign({}, deadlines?.phaseMs, limits?.phaseMs);
  return Object.assign({}, DEFAULT_LIMITS, deadlines, limits, { phaseMs });
}

function elapsed({ startMs }: Journey, endedMs: number | undefined): number {
  return startMs === undefined || endedMs === undefined ? 0 : endedMs - startMs;
}

function parsed(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

/** A client that keeps its connections until it is closed. Its exchanges never reject. */
export function createHttpClient(options: ClientOptions): HttpClient & LoadClient {
  return new PooledHttpClient(options);
}
