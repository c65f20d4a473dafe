import type { Token } from "./signing/oauth2.ts";

/** A request as it goes out, credentials included; never shown or stored without redaction. */
export interface HttpRequest {
  method: string;
  /** Absolute http: or https: URL. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** Names of the headers (lower case) and query parameters that prove who we are: dropped on another origin, never shown. */
  credentials?: { readonly headers: readonly string[]; readonly query: readonly string[] };
  /** What the manifest says of its deadlines; an exchange's own options win. */
  deadlines?: Deadlines;
  /** Completes the request each time it is sent: signatures, access tokens. Called by the client, before it measures. */
  sign?: Signer;
}

/** @throws ExchangeError `auth` where no token is to be had */
export type Signer = (request: HttpRequest, tools: SigningTools) => Promise<HttpRequest>;

/** What signing may use of the client that sends. */
export interface SigningTools {
  /** Epoch milliseconds. */
  now(): number;
  exchange(request: HttpRequest): Promise<Exchange>;
  /** Access tokens of this client, by whom they are for. */
  tokens: Map<string, Promise<Token>>;
}

/** Milliseconds; a phase that did not happen (a reused connection, no TLS) is absent. */
export interface Phases {
  dns?: number;
  connect?: number;
  tls?: number;
  /** Request sent until the first byte of the response. */
  ttfb?: number;
  download?: number;
}

/** Why an exchange gave no response that can be judged. */
export type FailureKind =
  | "dns"
  | "refused"
  | "unreachable"
  | "reset"
  | "timeout"
  | "tls-expired"
  | "tls-hostname"
  | "tls-untrusted"
  | "tls"
  | "too-large"
  | "decompression"
  | "truncated"
  | "redirect-loop"
  | "redirect-refused"
  | "protocol"
  /** No access token could be had for the request. */
  | "auth"
  | "aborted";

export interface ExchangeFailure {
  kind: FailureKind;
  /** One sentence for people, host and reason in it. */
  message: string;
  hint?: string;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names; several fields of one name joined by `, `, except set-cookie, by newline. */
  headers: Readonly<Record<string, string>>;
  /** Decoded body, bounded. */
  body: Uint8Array;
  httpVersion: "1.0" | "1.1" | "2";
}

export interface Hop {
  /** Credentials and secret-looking query values redacted. */
  url: string;
  status: number;
  location: string;
  /** Milliseconds. */
  durationMs: number;
}

export interface Connection {
  reused: boolean;
  remoteAddress?: string;
  family?: 4 | 6;
  alpn?: string;
  /** `http://proxy:3128` without credentials, where the connection goes through one. */
  proxy?: string;
}

/** One certificate of the chain that a server presented, leaf first. */
export interface Certificate {
  subject: string;
  issuer: string;
  /** ISO 8601. */
  validTo: string;
}

export interface TlsInfo {
  protocol: string;
  cipher: string;
  subject: string;
  issuer: string;
  /** ISO 8601. */
  validFrom: string;
  validTo: string;
  fingerprint256: string;
  chain: readonly Certificate[];
}

/** One request with its response or its failure: the unit that probe and contract both judge. */
export interface Exchange {
  request: { method: string; url: string };
  response?: HttpResponse;
  failure?: ExchangeFailure;
  phases: Phases;
  /**
   * Milliseconds that the phases of all hops add up to: what the network and the server took, without what this process did
   * in between. Of a failure: the time until it.
   */
  totalMs: number;
  /** Epoch milliseconds. */
  startedAt: number;
  connection: Connection;
  tls?: TlsInfo;
  hops: readonly Hop[];
}

/** How long an exchange and its phases may take, milliseconds. */
export type Deadlines = Partial<Pick<Limits, "deadlineMs" | "phaseMs">>;

export interface Limits {
  /** Whole exchange with its redirects, milliseconds. */
  deadlineMs: number;
  /** Bytes as they come and after decompression. */
  maxBodyBytes: number;
  maxHeaderBytes: number;
  maxRedirects: number;
  /** Deadlines of single phases, milliseconds; absent: bounded by the whole only. */
  phaseMs: Readonly<Partial<Record<keyof Phases, number>>>;
}

/** What bounds an exchange when its caller says nothing else. */
export const DEFAULT_LIMITS: Limits = {
  deadlineMs: 30_000,
  maxBodyBytes: 32 * 1024 * 1024,
  maxHeaderBytes: 64 * 1024,
  maxRedirects: 10,
  phaseMs: {},
};

export interface ExchangeOptions {
  limits?: Partial<Limits>;
  /** Opens a connection of its own, without TLS session resumption. */
  freshConnection?: boolean;
  /** Closes its connection afterwards, which nobody else will use. */
  closeAfterwards?: boolean;
  /** Past every proxy, whatever the environment says. */
  direct?: boolean;
  signal?: AbortSignal;
}

/** Sends requests. One per run: it keeps connections, so that cold and reused ones can be told apart. */
export interface HttpClient {
  /** Never rejects: what goes wrong is `Exchange.failure`. */
  exchange(request: HttpRequest, options?: ExchangeOptions): Promise<Exchange>;
  /** Closes every connection. Nothing can be sent afterwards. */
  close(): Promise<void>;
}
