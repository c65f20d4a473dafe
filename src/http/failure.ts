import { formatDuration } from "../base/duration.ts";
import { neutralize } from "../base/text.ts";
import type { ExchangeFailure, FailureKind, Phases } from "./exchange.ts";

/** Where an exchange stood when something went wrong. */
export interface FailureContext {
  host: string;
  /** `http://proxy:3128`, where there is one. */
  proxy?: string | undefined;
  /** Whether the head of the answer had arrived. */
  responded: boolean;
  phase: keyof Phases;
  https: boolean;
}

/** Carries a failure that was decided by us to where failures are described. */
export class ExchangeError extends Error {
  readonly failure: ExchangeFailure;

  constructor(failure: ExchangeFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The other side closed the connection while an answer was due. */
export class ClosedError extends Error {
  readonly code = "INTEG_CLOSED";
}

const PHASE_WORDS: Readonly<Record<keyof Phases, string>> = {
  dns: "resolving its name",
  connect: "opening the connection",
  tls: "the TLS handshake",
  ttfb: "waiting for the first byte",
  download: "downloading the body",
};

/** A deadline that passed: what was waited for, and for how long. */
export function timedOut(context: FailureContext, afterMs: number, whole: boolean): ExchangeFailure {
  const { phase, responded } = context;
  const doing = phase === "download" && !responded ? "receiving the headers" : PHASE_WORDS[phase];
  const scope = whole ? `while ${doing}` : `for ${doing} alone`;
  return {
    kind: "timeout",
    message: `${context.host} took longer than ${formatDuration(afterMs)} (${scope})`,
    ...(whole ? { hint: "a longer deadline: --timeout 60s" } : {}),
  };
}

interface Rule {
  kind: FailureKind;
  says(context: FailureContext): string;
  hint?: string;
}

const UNTRUSTED = "if the authority is your own, name its certificate: NODE_EXTRA_CA_CERTS=/path/ca.pem";

const certificate = (kind: FailureKind, what: string, hint: string): Rule => ({
  kind,
  says: ({ host }) => `the certificate of ${host} ${what}`,
  hint,
});

const untrusted = (what: string) => certificate("tls-untrusted", what, UNTRUSTED);
const noRoute: Rule = {
  kind: "unreachable",
  says: ({ host }) => `no route to ${host}`,
  hint: "check the network, VPN or firewall",
};
const reset: Rule = {
  kind: "reset",
  says: ({ host }) => `${host} closed the connection without an answer`,
};
const resetOverTls: Rule = {
  ...reset,
  hint: "does it want a client certificate? some servers close the connection where none is shown",
};
const wantsCertificate: Rule = {
  kind: "tls",
  says: ({ host }) => `${host} wants a client certificate, and none was shown`,
  hint: "--cert and --key name one",
};
const protocol = (what: string): Rule => ({ kind: "protocol", says: ({ host }) => `${host} ${what}` });

const RULES: Readonly<Record<string, Rule>> = {
  ENOTFOUND: {
    kind: "dns",
    says: ({ host }) => `the name ${host} does not exist`,
    hint: "check the spelling of the base URL",
  },
  EAI_AGAIN: {
    kind: "dns",
    says: ({ host }) => `the name ${host} could not be resolved: the name server did not answer`,
    hint: "check the network and its DNS",
  },
  ECONNREFUSED: {
    kind: "refused",
    says: ({ host }) => `${host} refused the connection: nothing listens there`,
    hint: "check the host and port of the base URL",
  },
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  EADDRNOTAVAIL: noRoute,
  EHOSTDOWN: noRoute,
  ENETDOWN: noRoute,
  ETIMEDOUT: { kind: "timeout", says: ({ host }) => `${host} did not accept the connection` },
  ECONNRESET: reset,
  EPIPE: reset,
  CERT_HAS_EXPIRED: certificate(
    "tls-expired",
    "has expired",
    "its operator must renew it; is this machine's clock right?",
  ),
  CERT_NOT_YET_VALID: certificate("tls-expired", "is not valid yet", "is this machine's clock right?"),
  ERR_TLS_CERT_ALTNAME_INVALID: certificate(
    "tls-hostname",
    "is for other host names",
    "check the host of the base URL",
  ),
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted("is self-signed"),
  SELF_SIGNED_CERT_IN_CHAIN: untrusted("is signed by an authority that this machine does not trust"),
  // A server that leaves the intermediates out looks the same as one with an authority of its own.
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted(
    "is signed by an authority that this machine does not know, or the intermediate certificates are missing",
  ),
  UNABLE_TO_GET_ISSUER_CERT: untrusted("is signed by an authority that this machine does not know"),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted("is signed by an authority that this machine does not know"),
  CERT_UNTRUSTED: untrusted("is not trusted"),
  CERT_REVOKED: untrusted("has been revoked"),
  ERR_SSL_WRONG_VERSION_NUMBER: {
    kind: "tls",
    says: ({ host }) => `${host} does not speak TLS on this port`,
    hint: "is it an http:// address?",
  },
  ERR_SSL_PACKET_LENGTH_TOO_LONG: {
    kind: "tls",
    says: ({ host }) => `${host} does not speak TLS on this port`,
    hint: "is it an http:// address?",
  },
  ERR_SSL_UNSUPPORTED_PROTOCOL: {
    kind: "tls",
    says: ({ host }) => `${host} offers no TLS version that is safe today (1.2 or 1.3)`,
  },
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: {
    kind: "tls",
    says: ({ host }) => `${host} offers no TLS version that is safe today (1.2 or 1.3)`,
  },
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: wantsCertificate,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: wantsCertificate,
  UND_ERR_HEADERS_OVERFLOW: {
    kind: "too-large",
    says: ({ host }) => `${host} sent more than 64 KiB of headers`,
  },
  HPE_HEADER_OVERFLOW: {
    kind: "too-large",
    says: ({ host }) => `${host} sent more than 64 KiB of headers`,
  },
  INTEG_PRIVATE_ADDRESS: {
    kind: "redirect-refused",
    says: ({ host }) => `a redirect leads from the internet to ${host}, an address in a private network`,
    hint: "it was not followed: this is how servers are tricked into reading internal services",
  },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: protocol("contradicts itself about the length of its answer"),
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: protocol(
    "was to be sent a body of another length than Content-Length says",
  ),
  HPE_INVALID_CONSTANT: protocol("did not answer in HTTP/1.1"),
  HPE_INVALID_VERSION: protocol("did not answer in HTTP/1.1"),
  HPE_INVALID_CONTENT_LENGTH: protocol("sent an invalid Content-Length"),
  HPE_UNEXPECTED_CONTENT_LENGTH: protocol("sent both Content-Length and Transfer-Encoding"),
  HPE_INVALID_TRANSFER_ENCODING: protocol("sent an invalid Transfer-Encoding"),
  HPE_INVALID_HEADER_TOKEN: protocol("sent a header with characters that HTTP does not allow"),
  HPE_INVALID_STATUS: protocol("sent an invalid status line"),
  HPE_INVALID_CHUNK_SIZE: protocol("sent an invalid chunk size"),
  ERR_HTTP2_ERROR: protocol("broke the rules of HTTP/2"),
  ERR_HTTP2_SESSION_ERROR: protocol("broke the rules of HTTP/2"),
  ERR_HTTP2_STREAM_ERROR: protocol("ended the HTTP/2 stream with an error"),
  ERR_HTTP2_GOAWAY_SESSION: reset,
};

/**
 * Whether the server reset the connection or closed it makes no name of its own here: where the reset comes together with the last
 * bytes, libuv tells of the bytes and of an end, so that it would depend on how busy this machine is.
 */
const CUT: Rule = {
  kind: "truncated",
  says: ({ host }) => `${host} closed the connection before its answer was complete`,
};

/** What llhttp refuses has no code, only its reason within the message. */
const PARSER_REASONS: readonly (readonly [RegExp, string])[] = [
  [/expected http\//i, "HPE_INVALID_CONSTANT"],
  [/http version/i, "HPE_INVALID_VERSION"],
  [/transfer-encoding.*content-length|content-length.*transfer-encoding/i, "HPE_UNEXPECTED_CONTENT_LENGTH"],
  [/content-length/i, "HPE_INVALID_CONTENT_LENGTH"],
  [/transfer-encoding/i, "HPE_INVALID_TRANSFER_ENCODING"],
  [/status/i, "HPE_INVALID_STATUS"],
  [/chunk size/i, "HPE_INVALID_CHUNK_SIZE"],
  [/header/i, "HPE_INVALID_HEADER_TOKEN"],
];

const parserCode = ({ message }: Error) =>
  PARSER_REASONS.find(([reason]) => reason.test(message))?.[1] ?? "HPE_UNKNOWN";

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (error.name === "HTTPParserError") return parserCode(error);
  if (error instanceof AggregateError) return codeOf(error.errors.at(-1));
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

function ruleOf(code: string, context: FailureContext): Rule | undefined {
  const closed = code === "UND_ERR_SOCKET" || code === "INTEG_CLOSED";
  if (closed || RULES[code] === reset) {
    if (context.responded) return CUT;
    return context.https ? resetOverTls : reset;
  }
  // Before a response began, the parser's complaints all mean the same: this is not HTTP.
  if (code.startsWith("HPE_") && !(code in RULES)) return protocol("sent an answer that is not valid HTTP");
  if (code.startsWith("ERR_SSL_") && !(code in RULES)) {
    return {
      kind: "tls",
      says: ({ host }) =>
        `the TLS handshake with ${host} failed (${code.slice(8).toLowerCase().replaceAll("_", " ")})`,
    };
  }
  return RULES[code];
}

/** The connection that fails is the one to the proxy: the destination was never asked. */
function proxyFailure(rule: Rule, proxy: string, context: FailureContext): ExchangeFailure {
  const host = URL.canParse(proxy) ? new URL(proxy).host : proxy;
  return {
    kind: rule.kind,
    message: `the proxy ${proxy} cannot be used: ${rule.says({ ...context, host })}`,
    hint: "correct HTTP_PROXY or HTTPS_PROXY, or name the host in NO_PROXY",
  };
}

/** Names what went wrong: kind, one sentence, what to do. Never holds a credential or the provider's raw text. */
export function describeFailure(error: unknown, context: FailureContext): ExchangeFailure {
  if (error instanceof ExchangeError) return error.failure;
  const code = codeOf(error);
  const { proxy, phase } = context;
  const through = proxy && !context.responded ? ` (through the proxy ${proxy})` : "";
  const rule = ruleOf(code, context);
  if (rule && proxy && (phase === "dns" || phase === "connect")) return proxyFailure(rule, proxy, context);
  if (rule) {
    return {
      kind: rule.kind,
      message: `${rule.says(context)}${through}`,
      ...(rule.hint ? { hint: rule.hint } : {}),
    };
  }
  const tls = context.phase === "tls";
  const reason = neutralize(error instanceof Error ? error.message : String(error)).slice(0, 200);
  return {
    kind: tls ? "tls" : "protocol",
    message: `${tls ? "the TLS handshake" : "the exchange"} with ${context.host} failed: ${reason}${through}`,
  };
}
