import type { OnReadOpts, Socket } from "node:net";
import { AnswerParser } from "./answer-parser.ts";
import { ClosedError } from "./failure.ts";
import type { Wire, WireLimits, WireListener, WireMessage } from "./wire.ts";

/** HTTP/1.1 on a socket: bytes out, bytes in, and between them nothing but the parser. */
export class Http1Wire implements Wire {
  readonly #parser: AnswerParser;
  readonly #listener: WireListener;
  readonly #maxBodyBytes: number;
  #socket: Socket | undefined;
  /** A request is under way. */
  #asked = false;
  open = true;

  constructor(limits: WireLimits, listener: WireListener) {
    this.#parser = new AnswerParser(limits.maxHeaderBytes);
    this.#maxBodyBytes = limits.maxBodyBytes;
    this.#listener = listener;
  }

  get status(): number {
    return this.#parser.status;
  }

  get bytes(): number {
    return this.#parser.bytes;
  }

  headers(): Record<string, string> {
    return this.#parser.headers();
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

  send({ request, bytes }: WireMessage): void {
    this.#asked = true;
    this.#parser.expect(request.method);
    this.#socket?.write(bytes);
  }

  #receive(chunk: Uint8Array): void {
    try {
      if (this.#asked) this.#parser.read(chunk);
      // Bytes that nobody asked for: what answers which request could no longer be told.
      else this.#drop();
    } catch (error) {
      this.#break(error as Error);
    }
    if (!this.#asked) return;
    if (this.#parser.bytes > this.#maxBodyBytes) this.#listener.tooLarge();
    else if (this.#parser.complete) this.#answer();
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
