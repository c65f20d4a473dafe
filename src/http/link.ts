import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { formatBytes } from "../base/text.ts";
import type { Connection, ExchangeFailure, HttpRequest, HttpResponse, Limits, TlsInfo } from "./exchange.ts";
import { describeFailure, ExchangeError, type FailureContext, timedOut } from "./failure.ts";
import type { Stopper } from "./stopper.ts";
import { phaseOf, phaseStart, type Times } from "./times.ts";
import { tlsInfoOf } from "./tls-info.ts";
import type { Http2Module } from "./wire/http2.ts";
import { messageOf } from "./wire/message.ts";
import { type ConnectionOptions, openWire, READ_BYTES } from "./wire/open.ts";
import type { Wire, WireListener, WireMessage } from "./wire/wire.ts";

/** What one request brought, before decompression. */
export type Answer = ({ response: HttpResponse } | { failure: Error; responded: boolean }) & {
  times: Times;
  connection: Connection;
  tls?: TlsInfo;
};

/** Aborts a hop: `whole` carries the deadline that passed. */
export class DeadlineError extends Error {
  readonly afterMs: number;

  constructor(afterMs: number) {
    super("deadline");
    this.afterMs = afterMs;
  }
}

/** The request under way. */
interface Sending {
  reused: boolean;
  limits: Limits;
  stop: Stopper;
  /** Watches the phases, where one has a deadline of its own. */
  timer: NodeJS.Timeout | undefined;
  settle(answer: Answer): void;
}

/** Who answers on a connection. */
interface Facts {
  peer: Pick<Connection, "remoteAddress" | "family" | "alpn">;
  tls?: TlsInfo;
}

/** How long before a server closes an idle connection no other request sets out on it, milliseconds; half of a shorter time. */
const CLOSING_MS = 1000;

/** One connection to one origin, opened by its first request, that two exchanges never share at a time. */
export class Link implements WireListener {
  readonly #options: ConnectionOptions;
  readonly #http2: Http2Module | undefined;
  #wire: Wire | undefined;
  #socket: Socket | undefined;
  /** Read when it stood: a socket that was closed knows neither its peer nor its certificate any more. */
  #facts: Facts | undefined;
  #times: Times = { start: 0 };
  #sending: Sending | undefined;
  /** Until when the server says that it keeps the connection, on the monotonic clock. */
  #keptUntil = Number.POSITIVE_INFINITY;
  #closed = false;

  /** @param http2 needed where HTTP/2 may be agreed on */
  constructor(options: ConnectionOptions, http2: Http2Module | undefined) {
    this.#options = options;
    this.#http2 = http2;
  }

  /** Whether another request may be sent. */
  get usable(): boolean {
    return !this.#closed && this.#wire?.open === true && this.#options.now() < this.#keptUntil;
  }

  /**
   * Sends one request and waits for its end; never rejects. The reason of a stop becomes the failure.
   * @param url the request's
   */
  send(request: HttpRequest, url: URL, limits: Limits, stop: Stopper): Promise<Answer> {
    this.#times = { start: this.#options.now() };
    return new Promise((settle) => {
      const reused = this.#wire !== undefined;
      this.#sending = { reused, limits, stop, timer: this.#watchPhases(limits), settle };
      if (stop.reason) return this.#fail(stop.reason);
      stop.listener = (reason) => this.#fail(reason);
      this.#begin(request, url, limits);
    });
  }

  #begin(request: HttpRequest, url: URL, limits: Limits): void {
    try {
      const message = messageOf(request, url, this.#options.proxy, limits.maxBodyBytes);
      if (this.#wire) this.#wire.send(message);
      else this.#open(message);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #open(message: WireMessage): void {
    const opening = {
      marks: () => this.#times,
      whole: true,
      buffer: () => Buffer.allocUnsafe(READ_BYTES),
      http2: this.#http2,
    };
    this.#socket = openWire(this.#options, this, opening, (opened) => {
      if (opened instanceof Error) return this.#fail(opened);
      this.#socket = opened.socket;
      this.#wire = opened.wire;
      if (this.#closed) return opened.wire.destroy();
      this.#facts = factsOf(opened.socket, true);
      opened.wire.send(message);
    });
  }

  wrote(): void {
    this.#times.sent = this.#options.now();
  }

  arrived(): void {
    const at = this.#options.now();
    this.#times.lastByte = at;
    this.#times.firstByte ??= at;
  }

  answered(): void {
    const { status, version, headers } = this.#head();
    const broken = this.#judgeHead(headers);
    if (broken) {
      this.#fail(broken);
      return;
    }
    const times = this.#times;
    // What the parser took since is not the network's.
    times.end = times.lastByte ?? this.#options.now();
    this.#keptUntil = this.#keptFor(headers["keep-alive"]);
    const body = this.#wire?.body() ?? new Uint8Array();
    this.#settle({ response: { status, headers, body, httpVersion: version } });
  }

  #head() {
    const wire = this.#wire;
    return {
      status: wire?.status ?? 0,
      version: wire?.version ?? "1.1",
      headers: wire?.headers() ?? {},
    } as const;
  }

  /** `Keep-Alive: timeout=5` (RFC 9112 leaves it to practice): a request that sets out late would meet a closed door. */
  #keptFor(header: string | undefined): number {
    const seconds = /timeout=\s*(\d+)/i.exec(header ?? "")?.[1];
    if (seconds === undefined) return Number.POSITIVE_INFINITY;
    const keptMs = Number(seconds) * 1000;
    return this.#options.now() + keptMs - Math.min(CLOSING_MS, keptMs / 2);
  }

  /** What of an answer's head makes it no answer. */
  #judgeHead(headers: Readonly<Record<string, string>>): ExchangeError | undefined {
    const { maxHeaderBytes, origin } = this.#options;
    if (headerBytes(headers) > maxHeaderBytes) return this.#tooLarge("headers", maxHeaderBytes);
    const length = headers["content-length"];
    if (length === undefined) return undefined;
    // Two parties that read such a message would see two different bodies (RFC 9112 §6.3).
    return length.includes(",") || headers["transfer-encoding"] !== undefined
      ? new ExchangeError({
          kind: "protocol",
          message: `${origin.host} contradicts itself about the length of its answer`,
        })
      : undefined;
  }

  #tooLarge(what: "headers" | "body", bytes: number): ExchangeError {
    const message = `the ${what} of ${this.#options.origin.host}'s answer ${what === "body" ? "is" : "are"} larger than ${formatBytes(bytes)}`;
    return new ExchangeError({ kind: "too-large", message });
  }

  tooLarge(): void {
    this.#fail(this.#tooLarge("body", this.#sending?.limits.maxBodyBytes ?? 0));
  }

  broke(error: Error): void {
    this.#fail(error);
  }

  /** Ends the request under way without a response, and its connection. */
  #fail(failure: Error): void {
    if (!this.#sending) return;
    this.#times.end = this.#options.now();
    this.#settle({ failure, responded: this.#responded });
    void this.destroy();
  }

  #settle(received: { response: HttpResponse } | { failure: Error; responded: boolean }): void {
    const sending = this.#sending;
    if (!sending) return;
    this.#sending = undefined;
    sending.stop.listener = undefined;
    if (sending.timer) clearInterval(sending.timer);
    sending.settle(Object.assign(received, { times: this.#times }, this.#account(sending.reused)));
  }

  /** The head of the answer has come. */
  get #responded(): boolean {
    return this.#wire !== undefined && this.#wire.status !== 0;
  }

  /** Fails the hop when a phase outlasts its own deadline. Costs nothing where no phase has one. */
  #watchPhases({ phaseMs }: Limits): NodeJS.Timeout | undefined {
    const bounds = Object.values(phaseMs);
    if (bounds.length === 0) return undefined;
    return setInterval(
      () => {
        const phase = this.#phase();
        const bound = phaseMs[phase];
        if (bound === undefined || this.#options.now() - phaseStart(this.#times, phase) <= bound) return;
        this.#fail(new ExchangeError(timedOut(this.#context(this.#responded), bound, false)));
      },
      Math.max(5, Math.min(...bounds) / 20),
    );
  }

  #phase() {
    return phaseOf(this.#times, this.#options.origin.protocol === "https:");
  }

  #context(responded: boolean): FailureContext {
    const { proxy, origin } = this.#options;
    return {
      host: origin.host,
      proxy: proxy?.shown,
      responded,
      phase: this.#phase(),
      https: origin.protocol === "https:",
    };
  }

  /** A failure as people read it, by where this link's last exchange stood. */
  describe(error: Error, responded: boolean): ExchangeFailure {
    const context = this.#context(responded);
    if (error instanceof DeadlineError) return timedOut(context, error.afterMs, true);
    return describeFailure(error, context);
  }

  #account(reused: boolean): Pick<Answer, "connection" | "tls"> {
    const agreed = this.#times.secured !== undefined;
    const { peer, tls } = this.#facts ?? (this.#socket ? factsOf(this.#socket, agreed) : { peer: {} });
    const connection: Connection = Object.assign({ reused }, peer);
    const proxy = this.#options.proxy?.shown;
    if (proxy !== undefined) connection.proxy = proxy;
    return tls ? { connection, tls } : { connection };
  }

  /** Waits until the connection is closed. */
  destroy(): Promise<void> {
    const socket = this.#socket;
    this.#closed = true;
    const gone =
      socket && !socket.closed
        ? new Promise<void>((resolve) => socket.once("close", () => resolve()))
        : Promise.resolve();
    if (this.#wire) this.#wire.destroy();
    else socket?.on("error", () => {}).destroy();
    return gone;
  }
}

/** What a socket says of the other side. @param agreed whether its TLS handshake came to an end */
function factsOf(socket: Socket, agreed: boolean): Facts {
  const secured = socket instanceof TLSSocket ? socket : undefined;
  const tls = secured && agreed ? tlsInfoOf(secured) : undefined;
  return {
    peer: {
      ...(socket.remoteAddress ? { remoteAddress: socket.remoteAddress } : {}),
      ...(socket.remoteFamily ? { family: socket.remoteFamily === "IPv6" ? 6 : 4 } : {}),
      ...(secured?.alpnProtocol ? { alpn: secured.alpnProtocol } : {}),
    },
    ...(tls ? { tls } : {}),
  };
}

function headerBytes(headers: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const name in headers) bytes += name.length + (headers[name]?.length ?? 0) + 4;
  return bytes;
}
