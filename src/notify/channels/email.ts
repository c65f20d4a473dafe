import { neutralize } from "../../base/text.ts";
import { describeFailure } from "../../http/failure.ts";
import { blocksOf, titleOf } from "../message.ts";
import { type Channel, notTold } from "./channel.ts";

export interface EmailOptions {
  /** `smtps://user:password@host:465`: a secret. */
  smtp: string;
  from: string;
  to: readonly string[];
}

const CONNECT_MS = 15_000;
const SOCKET_MS = 30_000;
/** For the whole mail: a server may always say a little before the socket's time is over. */
const DEADLINE_MS = 60_000;

const WHO = "The mail server";
const ESCAPES = "write %40 for @, %3A for :, %2F for / and %25 for % in user and password";

/** @throws IncompleteError where it is no address of a mail server */
function serverOf(smtp: string) {
  const url = URL.canParse(smtp) ? new URL(smtp) : undefined;
  if (!url || !/^smtps?:$/.test(url.protocol)) {
    throw notTold(WHO, "its address is none", "write smtps://user:password@host:465");
  }
  const secure = url.protocol === "smtps:";
  try {
    return {
      // A URL has brackets around an address of IPv6.
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: Number(url.port) || (secure ? 465 : 587),
      secure,
      // A password never goes out in clear text.
      requireTLS: url.password !== "" && !secure,
      ...(url.username === ""
        ? {}
        : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    };
  } catch {
    throw notTold(WHO, "its address is none: a % in it begins no escape", ESCAPES);
  }
}

/** Mail by SMTP. Plain text: nothing that a provider says can be a link or load a picture by itself. */
export function emailChannel(
  { smtp, from, to }: EmailOptions,
  { signal, deadlineMs = DEADLINE_MS }: { signal: AbortSignal; deadlineMs?: number },
): Channel {
  return {
    name: "email",
    tell: async (message) => {
      const server = serverOf(smtp);
      // Loaded late: only a run that has something to tell by mail needs it.
      const { createTransport } = await import("nodemailer");
      const transport = createTransport({
        ...server,
        connectionTimeout: CONNECT_MS,
        socketTimeout: SOCKET_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const deadline = AbortSignal.timeout(deadlineMs);
      try {
        const { rejected }: { rejected: readonly string[] } = await transport.sendMail({
          from,
          to: [...to],
          subject: `[integ] ${titleOf(message)}`,
          text: blocksOf(message).join("\n\n"),
          // Nobody's notice of absence comes back.
          headers: { "Auto-Submitted": "auto-generated" },
          signal: AbortSignal.any([signal, deadline]),
        });
        if (rejected.length === 0) return undefined;
        return notTold("Some by mail", `the server refuses ${neutralize(rejected.join(", "))}`, RECIPIENTS);
      } catch (error) {
        signal.throwIfAborted();
        const { why, hint } = deadline.aborted ? TOO_LONG : reasonOf(error);
        throw notTold(WHO, why, hint);
      } finally {
        transport.close();
      }
    },
  };
}

const RECIPIENTS = "check `from` and `to` under `notify.email` in integ.config.yaml";
const PORTS = "check its host and port: smtps:// is for TLS from the start (465), smtp:// for STARTTLS (587)";

interface Reason {
  why: string;
  hint: string;
}

const TOO_LONG: Reason = { why: "it took too long", hint: PORTS };

/** By the library's code for what was under way. */
const REASONS: Readonly<Record<string, Reason>> = {
  EAUTH: { why: "it refuses user and password", hint: `check them; ${ESCAPES}` },
  EENVELOPE: { why: "it refuses the sender, or all recipients", hint: RECIPIENTS },
  EMESSAGE: { why: "it refuses the mail", hint: "see its log" },
  ETLS: { why: "it does not go over to TLS, and a password goes over nothing else", hint: PORTS },
  EDNS: { why: "its name cannot be resolved", hint: "check its host" },
  ETIMEDOUT: TOO_LONG,
  EPROTOCOL: { why: "it does not speak SMTP", hint: PORTS },
};

const text = (error: object, key: string): string => String(Reflect.get(error, key) ?? "");

/** Why a mail was not taken. The library's messages may quote what was sent, and a host may be a slip of a password: neither is told. */
function reasonOf(error: unknown): Reason {
  if (!(error instanceof Error)) return { why: "it failed", hint: PORTS };
  const code = text(error, "code");
  const status = text(error, "responseCode");
  const known = REASONS[code];
  if (known) return { ...known, why: `${known.why}${status && ` (${status})`}` };
  const system = text(error, "originalCode");
  const context = { host: "the server", responded: false, phase: "connect", https: true } as const;
  const { kind, message, hint } = describeFailure(Object.assign(new Error(), { code: system }), context);
  if (kind === "protocol")
    return { why: `it failed: ${code || error.name}${status && ` (${status})`}`, hint: PORTS };
  return { why: message, hint: kind === "tls-untrusted" && hint ? hint : PORTS };
}
