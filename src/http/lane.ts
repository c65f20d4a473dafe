import type { OnReadOpts, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Client } from "undici";
import { formatBytes } from "../base/text.ts";
import { type Destination, type Marks, openSocket } from "./connector.ts";
import type { ExchangeFailure, HttpRequest } from "./exchange.ts";
import { describeFailure, ExchangeError } from "./failure.ts";
import type { LinkOptions } from "./link.ts";
import { isIdempotent } from "./request.ts";
import { requestBytes } from "./request-bytes.ts";
import type { Wire, WireLimits, WireListener, WireMessage } from "./wire.ts";
import { Http1Wire } from "./wire-http1.ts";
import { Http2Wire } from "./wire-http2.ts";

/** As much as Node reads at a time. */
const READ_BYTES = 64 * 1024;

/** What one request of a lane brought; it is the lane itself, and holds until the lane sends again. */
export interface LaneAnswer {
  readonly status: number;
  readonly bytes: number;
  /** Reads the headers; not done for every answer, for it costs more than the rest. */
  headers(): Record<string, string>;
  readonly failure: ExchangeFailure | undefined;
}

/**
 * One connection that sends the same request again and again, one at a time, and keeps nothing of the answers: a small part
 * of the cost of an exchange. It opens a new connection by itself where the server closes the old one.
 */
export class Lane implements LaneAnswer, WireListener {
  readonly #options: LinkOptions;
  readonly #Undici: typeof Client;
  readonly #limits: WireLimits;
  #message: WireMessage | undefined;
  #wire: Wire | undefined;
  #socket: Socket | undefined;
  #connecting = false;
  /** What its connections read into, one after the other. */
  #buffer: Buffer | undefined;
  #marks: Marks = {};
  /** Answers since the connection was opened. */
  #answered = 0;
  #again = false;
  #done: ((answer: LaneAnswer) => void) | undefined;
  failure: ExchangeFailure | undefined;

  constructor(options: LinkOptions, maxBodyBytes: number, Undici: typeof Client) {
    this.#options = options;
    this.#limits = { maxHeaderBytes: options.maxHeaderBytes, maxBodyBytes };
    this.#Undici = Undici;
  }

  get status(): number {
    return this.#wire?.status ?? 0;
  }

  get bytes(): number {
    return this.#wire?.bytes ?? 0;
  }

  headers(): Record<string, string> {
    return this.#wire?.headers() ?? {};
  }

  /** The request goes to the proxy itself, with the whole URL in its request line. */
  get #absolute(): boolean {
    return this.#options.proxy !== undefined && this.#options.origin.protocol === "http:";
  }

  /**
   * What this lane sends from now on.
   * @throws ExchangeError where it cannot be sent
   */
  load(request: HttpRequest): void {
    const { proxy } = this.#options;
    const url = new URL(request.url);
    const path = `${url.pathname}${url.search}`;
    const authorization = this.#absolute ? proxy?.authorization : undefined;
    const headers = {
      ...request.headers,
      ...(authorization ? { "proxy-authorization": authorization } : {}),
    };
    const target = this.#absolute ? `${url.origin}${path}` : path;
    try {
      const { method, body } = request;
      const bytes = requestBytes({ method, target, host: url.host, headers, body });
      this.#message = { request: { ...request, headers }, target, bytes };
    } catch (error) {
      throw new ExchangeError(this.#describe(error));
    }
  }

  /** Sends once; `done` is called exactly once. */
  fire(done: (answer: LaneAnswer) => void): void {
    this.#done = done;
    this.#again = false;
    this.failure = undefined;
    this.#send();
  }

  #send(): void {
    if (this.#wire?.open && this.#message) this.#wire.send(this.#message);
    else this.#open();
  }

  #open(): void {
    const { protocol, hostname, port } = this.#options.origin;
    const to: Destination = { protocol, hostname: hostname.replace(/^\[|\]$/g, ""), port };
    const marks: Marks = {};
    this.#wire = undefined;
    this.#marks = marks;
    this.#answered = 0;
    this.#connecting = true;
    const { wire, reading } = this.#readingWire();
    const options = { ...this.#options, marks: () => marks, ...(reading ? { reading } : {}) };
    this.#socket = openSocket(to, options, (error, socket) => {
      if (this.#marks !== marks) socket?.destroy();
      else if (error) this.broke(error);
      else this.#opened(socket, wire);
    });
  }

  /** Only a socket that carries nothing else before its first request can read into a buffer of ours from the beginning. */
  #readingWire(): { wire?: Http1Wire; reading?: OnReadOpts } {
    const { origin, proxy } = this.#options;
    if (origin.protocol !== "http:" || proxy?.url.protocol === "https:") return {};
    const wire = new Http1Wire(this.#limits, this);
    this.#buffer ??= Buffer.allocUnsafe(READ_BYTES);
    return { wire, reading: wire.reading(this.#buffer) };
  }

  #opened(socket: Socket, reading: Http1Wire | undefined): void {
    this.#connecting = false;
    if (socket instanceof TLSSocket && socket.alpnProtocol === "h2")
      this.#wire = new Http2Wire(socket, this.#options.origin.origin, this.#limits, this.#Undici, this);
    else {
      const wire = reading ?? new Http1Wire(this.#limits, this);
      wire.attach(socket, reading !== undefined);
      this.#wire = wire;
    }
    this.#send();
  }

  answered(): void {
    this.#answered++;
    this.#finish();
  }

  /**
   * A server may close an idle connection just when the next request sets out: that says nothing about the server, so the
   * request goes once more, on a new connection.
   */
  broke(error: Error): void {
    const stale =
      this.#answered > 0 && this.status === 0 && isIdempotent(this.#message?.request.method ?? "");
    if (stale && !this.#again) {
      this.#again = true;
      this.#open();
    } else this.fail(error);
  }

  tooLarge(): void {
    const message = `the answer of ${this.#options.origin.host} is larger than ${formatBytes(this.#limits.maxBodyBytes)}`;
    this.fail(new ExchangeError({ kind: "too-large", message }));
  }

  /** Ends the request under way, and its connection. */
  fail(error: Error): void {
    if (!this.#done) return;
    this.failure = this.#describe(error);
    this.#hangUp();
    this.#finish();
  }

  #describe(error: unknown): ExchangeFailure {
    const { origin, proxy } = this.#options;
    const https = origin.protocol === "https:";
    return describeFailure(error, {
      host: origin.host,
      proxy: proxy?.shown,
      responded: this.status !== 0,
      phase: this.#phase(https),
      https,
    });
  }

  #phase(https: boolean) {
    if (this.#connecting && this.#marks.connected === undefined) return "connect";
    if (this.#connecting && https) return "tls";
    return this.status === 0 ? "ttfb" : "download";
  }

  #finish(): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(this);
  }

  #hangUp(): void {
    if (this.#connecting) this.#socket?.on("error", () => {}).destroy();
    this.#connecting = false;
    this.#marks = {};
    this.#wire?.destroy();
  }

  close(): void {
    this.#done = undefined;
    this.#hangUp();
  }
}
