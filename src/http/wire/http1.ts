import type { OnReadOpts, Socket } from "node:net";
import type { HttpResponse } from "../exchange.ts";
import { ClosedError } from "../failure.ts";
import { AnswerParser } from "./answer-parser.ts";
import { announcesMore, type Wire, type WireListener, type WireMessage, type WireOptions } from "./wire.ts";

/** HTTP/1.1 on a socket: bytes out, bytes in, and between them nothing but the parser. */
export class Http1Wire implements Wire {
  readonly #parser: AnswerParser;
  readonly #listener: WireListener;
  readonly #whole: boolean;
  #socket: Socket | undefined;
  /** A request is under way. */
  #asked = false;
  #maxBodyBytes = 0;
  /** The head has come, and what it announces may come. */
  #weighed = false;
  open = true;

  constructor(options: WireOptions, listener: WireListener) {
    this.#parser = new AnswerParser(options);
    this.#whole = options.whole;
    this.#listener = listener;
  }

  get status(): number {
    return this.#parser.status;
  }

  get version(): HttpResponse["httpVersion"] {
    return this.#parser.version;
  }

  get bytes(): number {
    return this.#parser.bytes;
  }

  headers(): Record<string, string> {
    return this.#parser.headers();
  }

  body(): Uint8Array {
    return this.#parser.body();
  }

  /** For a socket that is to read into one buffer for ever, rather than into a new one for each piece. */
  reading(buffer: Buffer): OnReadOpts {
    return {
      buffer,
      callback: (size) => {
        this.#receive(buffer.subarray(0, size));
        return true;
      },
    };
  }

  /** @param socket connected; one that does not read as `reading` says is listened to */
  attach(socket: Socket, reads: boolean): void {
    this.#socket = socket;
    if (!reads) socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", (error) => this.#break(error));
    socket.on("end", () => this.#end());
    socket.on("close", () => this.#break(new ClosedError()));
  }

  send({ request, bytes, maxBodyBytes }: WireMessage): void {
    this.#asked = true;
    this.#weighed = false;
    this.#maxBodyBytes = maxBodyBytes;
    this.#parser.expect(request.method);
    this.#socket?.write(bytes);
    this.#listener.wrote?.();
  }

  #receive(chunk: Uint8Array): void {
    try {
      if (this.#asked) {
        this.#listener.arrived?.();
        this.#parser.read(chunk);
      }
      // Bytes that nobody asked for: what answers which request could no longer be told.
      else this.#drop();
    } catch (error) {
      this.#break(error as Error);
    }
    if (!this.#asked) return;
    if (this.#isTooMuch()) this.#listener.tooLarge();
    else if (this.#parser.complete) this.#answer();
  }

  #isTooMuch(): boolean {
    const { bytes, status, complete } = this.#parser;
    if (bytes > this.#maxBodyBytes) return true;
    if (!this.#whole || this.#weighed || complete || status === 0) return false;
    this.#weighed = true;
    return announcesMore(this.headers()["content-length"], this.#maxBodyBytes);
  }

  #end(): void {
    if (this.#asked && this.#parser.end()) this.#answer();
    else this.#break(new ClosedError());
  }

  #answer(): void {
    this.#asked = false;
    // An answer that comes before its request is written leaves the rest of it on the way.
    if (!this.#parser.keepAlive || this.#socket?.writableLength !== 0) this.#drop();
    this.#listener.answered();
  }

  #break(error: Error): void {
    const asked = this.#asked;
    this.#asked = false;
    this.#drop();
    if (asked) this.#listener.broke(error);
  }

  #drop(): void {
    if (!this.open) return;
    this.open = false;
    this.#parser.free();
    this.#socket?.destroy();
  }

  destroy(): void {
    this.#asked = false;
    this.#drop();
  }
}
