import type { Socket } from "node:net";
import type { Client, Dispatcher } from "undici";
import { formatBytes } from "../base/text.ts";
import { type Destination, type Marks, openSocket } from "./connector.ts";
import type { ExchangeFailure, HttpRequest } from "./exchange.ts";
import { describeFailure, ExchangeError } from "./failure.ts";
import { rawHeaders } from "./headers.ts";
import type { LinkOptions } from "./link.ts";
import { isIdempotent } from "./request.ts";

/** What one request of a lane brought; it is the lane itself, and holds until the lane sends again. */
export interface LaneAnswer {
  readonly status: number;
  readonly bytes: number;
  /** Reads the headers; not done for every answer, for it costs more than the rest. */
  headers(): Record<string, string>;
  readonly failure: ExchangeFailure | undefined;
}

/**
 * One connection that sends the same request again and again, one at a time, and keeps nothing of the answers: a tenth of the
 * cost of an exchange. It opens a new connection by itself where the server closes the old one.
 *
 * It answers undici in the terms of its core, which hands headers over as they came: the newer ones make an object of every
 * head. Nothing is allocated for an answer.
 */
export class Lane implements Dispatcher.DispatchHandler, LaneAnswer {
  readonly #options: LinkOptions;
  readonly #Undici: typeof Client;
  readonly #maxBodyBytes: number;
  #client: Client;
  #socket: Socket | undefined;
  #connecting = false;
  /** Answers since the connection was opened. */
  #answered = 0;
  #again = false;
  #marks: Marks = {};
  #dispatch: Dispatcher.DispatchOptions = { path: "/", method: "GET" };
  #done: ((answer: LaneAnswer) => void) | undefined;
  #raw: readonly Buffer[] = [];
  status = 0;
  bytes = 0;
  failure: ExchangeFailure | undefined;

  constructor(options: LinkOptions, maxBodyBytes: number, Undici: typeof Client) {
    this.#options = options;
    this.#maxBodyBytes = maxBodyBytes;
    this.#Undici = Undici;
    this.#client = this.#open();
  }

  #open(): Client {
    const { proxy, origin, http2, maxHeaderBytes } = this.#options;
    const through = proxy && origin.protocol === "http:";
    return new this.#Undici(through ? proxy.url.origin : origin.origin, {
      connect: (_destination, callback) => this.#connect(callback),
      allowH2: http2,
      pipelining: 1,
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  #connect(callback: (...result: [null, Socket] | [Error, null]) => void): void {
    const { protocol, hostname, port } = this.#options.origin;
    const to: Destination = { protocol, hostname: hostname.replace(/^\[|\]$/g, ""), port };
    const marks: Marks = {};
    this.#marks = marks;
    this.#connecting = true;
    this.#answered = 0;
    this.#socket = openSocket(to, { ...this.#options, marks: () => marks }, (error, socket) => {
      if (error) return callback(error, null);
      this.#connecting = false;
      callback(null, socket);
    });
  }

  /** What this lane sends from now on. */
  load(request: HttpRequest): void {
    const { proxy, origin } = this.#options;
    const url = new URL(request.url);
    const path = `${url.pathname}${url.search}`;
    const headers: Record<string, string> = { ...request.headers };
    if (proxy && origin.protocol === "http:") {
      headers.host = url.host;
      if (proxy.authorization) headers["proxy-authorization"] = proxy.authorization;
    }
    const target = proxy && origin.protocol === "http:" ? `${url.origin}${path}` : path;
    this.#dispatch = { path: target, method: request.method, headers, body: request.body ?? null };
  }

  /** Sends once; `done` is called exactly once. */
  fire(done: (answer: LaneAnswer) => void): void {
    this.#done = done;
    this.#again = false;
    this.failure = undefined;
    this.#send();
  }

  #send(): void {
    this.status = 0;
    this.bytes = 0;
    try {
      this.#client.dispatch(this.#dispatch, this);
    } catch (error) {
      this.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  headers(): Record<string, string> {
    return rawHeaders(this.#raw);
  }

  onConnect(): void {}

  onHeaders(status: number, headers: Buffer[]): boolean {
    // 100 and 103 come before the answer proper.
    if (status < 200) return true;
    this.status = status;
    this.#raw = headers;
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    if (this.bytes <= this.#maxBodyBytes) return true;
    const message = `the answer of ${this.#options.origin.host} is larger than ${formatBytes(this.#maxBodyBytes)}`;
    this.fail(new ExchangeError({ kind: "too-large", message }));
    return false;
  }

  onComplete(): void {
    this.#answered++;
    this.#finish();
  }

  /**
   * A server may close an idle connection just when the next request sets out: that says nothing about the server, so the
   * request goes once more, on a new connection.
   */
  onError(error: Error): void {
    const stale = this.#answered > 0 && this.status === 0 && isIdempotent(this.#dispatch.method);
    if (!stale || this.#again || !this.#done) {
      this.fail(error);
      return;
    }
    this.#again = true;
    this.#reopen();
    this.#send();
  }

  #reopen(): void {
    const before = this.#client;
    const socket = this.#connecting ? this.#socket : undefined;
    this.#client = this.#open();
    this.#answered = 0;
    socket?.on("error", () => {}).destroy();
    void before.destroy();
  }

  /** Ends the request under way, and its connection. */
  fail(error: Error): void {
    if (!this.#done) return;
    const { origin, proxy } = this.#options;
    this.failure = describeFailure(error, {
      host: origin.host,
      proxy: proxy?.shown,
      responded: this.status !== 0,
      phase:
        this.#connecting && this.#marks.connected === undefined
          ? "connect"
          : this.status === 0
            ? "ttfb"
            : "download",
      https: origin.protocol === "https:",
    });
    this.#reopen();
    this.#finish();
  }

  #finish(): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(this);
  }

  async close(): Promise<void> {
    this.#done = undefined;
    if (this.#connecting) this.#socket?.on("error", () => {}).destroy();
    await this.#client.destroy();
  }
}
