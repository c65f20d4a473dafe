import type { Socket } from "node:net";
import type { Client, Dispatcher } from "undici";
import { ClosedError } from "../failure.ts";
import { rawHeaders } from "../headers.ts";
import { announcesMore, type Wire, type WireListener, type WireMessage, type WireOptions } from "./wire.ts";

/**
 * HTTP/2 on a connected socket, by undici. It is answered in the terms of its core, which hands headers over as they came:
 * the newer ones make an object of every head.
 */
export class Http2Wire implements Wire, Dispatcher.DispatchHandler {
  readonly #client: Client;
  readonly #listener: WireListener;
  readonly #whole: boolean;
  #maxBodyBytes = 0;
  #chunks: Uint8Array[] = [];
  #asked = false;
  #raw: readonly Buffer[] = [];
  readonly version = "2";
  status = 0;
  bytes = 0;
  open = true;

  constructor(
    socket: Socket,
    origin: string,
    { maxHeaderBytes, whole }: WireOptions,
    Undici: typeof Client,
    listener: WireListener,
  ) {
    this.#listener = listener;
    this.#whole = whole;
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
      maxHeaderSize: maxHeaderBytes,
      // Deadlines are ours, of the whole and of each phase.
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

  body(): Uint8Array {
    const [first] = this.#chunks;
    return this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
  }

  send({ request, target, maxBodyBytes }: WireMessage): void {
    this.#asked = true;
    this.#maxBodyBytes = maxBodyBytes;
    this.#chunks = [];
    this.status = 0;
    this.bytes = 0;
    const { method, headers, body } = request;
    this.#client.dispatch({ path: target, method, headers, body: body ?? null }, this);
  }

  onConnect(): void {
    if (!this.#whole) return;
    this.#listener.wrote?.();
    // Node hands the frames of HTTP/2 to the system at the end of this turn of the event loop, before any immediate.
    setImmediate(() => {
      if (this.#asked && this.status === 0) this.#listener.wrote?.();
    });
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    // 103 comes before the answer proper.
    if (status < 200) return true;
    this.#listener.arrived?.();
    this.status = status;
    this.#raw = headers;
    if (!this.#whole || !announcesMore(this.headers()["content-length"], this.#maxBodyBytes)) return true;
    this.#listener.tooLarge();
    return false;
  }

  onData(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    if (this.bytes > this.#maxBodyBytes) {
      this.#listener.tooLarge();
      return false;
    }
    if (this.#whole) this.#chunks.push(chunk);
    return true;
  }

  onComplete(): void {
    this.#listener.arrived?.();
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
