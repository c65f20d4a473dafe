import type { Dispatcher } from "undici";
import { formatBytes } from "../base/text.ts";
import type { HttpResponse, Limits } from "./exchange.ts";
import { ExchangeError } from "./failure.ts";
import { joinHeaders } from "./headers.ts";
import type { Times } from "./times.ts";

export type Received = { response: HttpResponse } | { failure: Error; responded: boolean };

export interface ReceiverOptions {
  times: Times;
  now(): number;
  limits: Limits;
  host: string;
  version(): HttpResponse["httpVersion"];
  /** Called exactly once. */
  finish(received: Received): void;
}

/** Collects one response within its bounds; the body is still as it came over the wire. */
export class Receiver implements Dispatcher.DispatchHandler {
  readonly #options: ReceiverOptions;
  #status = 0;
  #headers: Record<string, string> = {};
  #chunks: Uint8Array[] = [];
  #size = 0;
  #done = false;

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /** The head of the answer has come. */
  get responded(): boolean {
    return this.#status !== 0;
  }

  onRequestStart(): void {
    const { times, now, version } = this.#options;
    times.sent = now();
    if (version() !== "2") return;
    // Node hands the frames of HTTP/2 to the system at the end of this turn of the event loop, before any immediate.
    setImmediate(() => {
      if (!this.#done) times.sent = now();
    });
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    // 100 and 103 come before the answer proper.
    if (status < 200) return;
    const { times, now } = this.#options;
    times.firstByte ??= now();
    this.#status = status;
    this.#headers = joinHeaders(headers);
    const broken = this.#judgeHead(this.#headers);
    if (broken) this.fail(broken);
  }

  /** What of a response's head makes its body not worth reading. */
  #judgeHead(headers: Readonly<Record<string, string>>): ExchangeError | undefined {
    const { host, limits } = this.#options;
    if (headerBytes(headers) > limits.maxHeaderBytes) return this.#tooLarge("headers", limits.maxHeaderBytes);
    const length = headers["content-length"];
    if (length === undefined) return undefined;
    if (Number(length) > limits.maxBodyBytes) return this.#tooLarge("body", limits.maxBodyBytes);
    // Two parties that read such a message would see two different bodies (RFC 9112 §6.3).
    const contradicts = length.includes(",") || headers["transfer-encoding"] !== undefined;
    return contradicts
      ? new ExchangeError({
          kind: "protocol",
          message: `${host} contradicts itself about the length of its answer`,
        })
      : undefined;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#done) return;
    this.#size += chunk.length;
    const { maxBodyBytes } = this.#options.limits;
    if (this.#size > maxBodyBytes) this.fail(this.#tooLarge("body", maxBodyBytes));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#done) return;
    this.#done = true;
    const { times, now } = this.#options;
    // What the parser took since is not the network's.
    times.end = times.lastByte ?? now();
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    const httpVersion = this.#options.version();
    this.#options.finish({ response: { status: this.#status, headers: this.#headers, body, httpVersion } });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  /** Ends the exchange without a response; what comes afterwards is ignored. */
  fail(failure: Error): void {
    if (this.#done) return;
    this.#done = true;
    this.#chunks = [];
    this.#options.times.end = this.#options.now();
    this.#options.finish({ failure, responded: this.responded });
  }

  #tooLarge(what: "headers" | "body", bytes: number): ExchangeError {
    const message = `the ${what} of ${this.#options.host}'s answer ${what === "body" ? "is" : "are"} larger than ${formatBytes(bytes)}`;
    return new ExchangeError({ kind: "too-large", message });
  }
}

function headerBytes(headers: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const name in headers) bytes += name.length + (headers[name]?.length ?? 0) + 4;
  return bytes;
}
