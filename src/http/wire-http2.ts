import type { Socket } from "node:net";
import type { Client, Dispatcher } from "undici";
import { ClosedError } from "./failure.ts";
import { rawHeaders } from "./headers.ts";
import type { Wire, WireLimits, WireListener, WireMessage } from "./wire.ts";

/**
 * HTTP/2 on a connected socket, by undici. It is answered in the terms of its core, which hands headers over as they came:
 * the newer ones make an object of every head.
 */
export class Http2Wire implements Wire, Dispatcher.DispatchHandler {
  readonly #client: Client;
  readonly #listener: WireListener;
  readonly #maxBodyBytes: number;
  #asked = false;
  #raw: readonly Buffer[] = [];
  status = 0;
  bytes = 0;
  open = true;

  constructor(
    socket: Socket,
    origin: string,
    { maxBodyBytes }: WireLimits,
    Undici: typeof Client,
    listener: WireListener,
  ) {
    this.#listener = listener;
    this.#maxBodyBytes = maxBodyBytes;
    let given = false;
    this.#client = new Undici(origin, {
      // Not within the call, which undici does not expect. There is no second socket: the lane opens another wire.
      connect: (_destination, callback) => {
        const again = given;
        given = true;
        queueMicrotask(() => (again ? callback(new ClosedError(), null) : callback(null, socket)));
      },
      allowH2: true,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#client.on("disconnect", () => {
      this.open = false;
    });
  }

  headers(): Record<string, string> {
    return rawHeaders(this.#raw);
  }

  send({ request, target }: WireMessage): void {
    this.#asked = true;
    this.status = 0;
    this.bytes = 0;
    const { method, headers, body } = request;
    this.#client.dispatch({ path: target, method, headers, body: body ?? null }, this);
  }

  onConnect(): void {}

  onHeaders(status: number, headers: Buffer[]): boolean {
    // 103 comes before the answer proper.
    if (status < 200) return true;
    this.status = status;
    this.#raw = headers;
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    if (this.bytes <= this.#maxBodyBytes) return true;
    this.#listener.tooLarge();
    return false;
  }

  onComplete(): void {
    this.#asked = false;
    this.#listener.answered();
  }

  onError(error: Error): void {
    const asked = this.#asked;
    this.#asked = false;
    this.open = false;
    if (asked) this.#listener.broke(error);
  }

  destroy(): void {
    this.#asked = false;
    this.open = false;
    void this.#client.destroy();
  }
}
