import type { Socket } from "node:net";
import { formatBytes } from "../base/text.ts";
import type { Marks } from "./connector.ts";
import type { ExchangeFailure, HttpRequest } from "./exchange.ts";
import { describeFailure, ExchangeError } from "./failure.ts";
import { isIdempotent } from "./request.ts";
import type { Http2Module } from "./wire/http2.ts";
import { messageOf } from "./wire/message.ts";
import { type ConnectionOptions, openWire, READ_BYTES } from "./wire/open.ts";
import type { Wire, WireListener, WireMessage } from "./wire/wire.ts";

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
  readonly #options: ConnectionOptions;
  readonly #http2: Http2Module | undefined;
  readonly #maxBodyBytes: number;
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

  /** @param http2 needed where HTTP/2 may be agreed on */
  constructor(options: ConnectionOptions, maxBodyBytes: number, http2: Http2Module | undefined) {
    this.#options = options;
    this.#maxBodyBytes = maxBodyBytes;
    this.#http2 = http2;
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

  /**
   * What this lane sends from now on.
   * @throws ExchangeError where it cannot be sent
   */
  load(request: HttpRequest): void {
    try {
      this.#message = messageOf(request, new URL(request.url), this.#options.proxy, this.#maxBodyBytes);
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
    const marks: Marks = {};
    this.#wire = undefined;
    this.#marks = marks;
    this.#answered = 0;
    this.#connecting = true;
    const buffer = () => {
      this.#buffer ??= Buffer.allocUnsafe(READ_BYTES);
      return this.#buffer;
    };
    const opening = { marks: () => marks, whole: false, buffer, http2: this.#http2 };
    this.#socket = openWire(this.#options, this, opening, (opened) => {
      const failed = opened instanceof Error;
      if (this.#marks !== marks) return failed ? undefined : opened.wire.destroy();
      if (failed) return this.broke(opened);
      this.#connecting = false;
      this.#wire = opened.wire;
      this.#send();
    });
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
    const message = `the answer of ${this.#options.origin.host} is larger than ${formatBytes(this.#maxBodyBytes)}`;
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
