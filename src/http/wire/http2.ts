import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  IncomingHttpHeaders,
  IncomingHttpStatusHeader,
  OutgoingHttpHeaders,
} from "node:http2";
import type { Socket } from "node:net";
import { ClosedError } from "../failure.ts";
import { joinHeaders } from "../headers.ts";
import { announcesMore, type Wire, type WireListener, type WireMessage, type WireOptions } from "./wire.ts";

/** Node's own; loading it takes milliseconds, which belong to no phase. */
export type Http2Module = typeof import("node:http2");

/** Headers about a connection, which HTTP/2 does not have in a request, and what pseudo-headers and frames say instead. */
const NOT_SENT = new Set(["connection", "proxy-connection", "keep-alive", "host", "content-length"]);

const WITH_BODY = /^(?:POST|PUT|PATCH)$/;

/** Bytes that may be on their way before the server waits for us: of one answer, and of the connection. */
const WINDOW = { stream: 256 * 1024, connection: 512 * 1024 };

/** What may come before Node resets the stream without saying why: beyond the bound, which is judged when the head has come. */
const HEAD_MARGIN = 16;

/** RFC 9113 §7: the request was not looked at. */
const REFUSED_STREAM = 7;

function headersOf({ request, target }: WireMessage, host: string): OutgoingHttpHeaders {
  const { method, headers, body } = request;
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  const sent: OutgoingHttpHeaders = {};
  let authority = host;
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    if (key === "host") authority = value;
    if (!NOT_SENT.has(key)) sent[key] = value;
  }
  if (length > 0 || WITH_BODY.test(method)) sent["content-length"] = String(length);
  return { ":method": method, ":path": target, ":scheme": "https", ":authority": authority, ...sent };
}

/** HTTP/2 on a connected socket, by Node: one stream at a time. */
export class Http2Wire implements Wire {
  readonly #session: ClientHttp2Session;
  readonly #socket: Socket;
  readonly #host: string;
  readonly #listener: WireListener;
  readonly #whole: boolean;
  #maxBodyBytes = 0;
  #method = "";
  #chunks: Uint8Array[] = [];
  /** Of the request under way. */
  #stream: ClientHttp2Stream | undefined;
  #headers: IncomingHttpHeaders = {};
  readonly version = "2";
  status = 0;
  bytes = 0;
  open = true;

  constructor(
    socket: Socket,
    origin: string,
    { maxHeaderBytes, whole }: WireOptions,
    http2: Http2Module,
    listener: WireListener,
  ) {
    this.#socket = socket;
    this.#host = new URL(origin).host;
    this.#listener = listener;
    this.#whole = whole;
    this.#session = http2.connect(origin, {
      createConnection: () => socket,
      maxHeaderListPairs: maxHeaderBytes,
      settings: {
        enablePush: false,
        initialWindowSize: WINDOW.stream,
        maxHeaderListSize: maxHeaderBytes * HEAD_MARGIN,
      },
    });
    this.#session.once("connect", () => this.#session.setLocalWindowSize(WINDOW.connection));
    // What is under way is still answered, where the server closes in peace (RFC 9113 §6.8).
    this.#session.on("goaway", () => this.#close());
    this.#session.on("close", () => this.#close());
    this.#session.on("error", (error) => this.#break(error));
    socket.on("error", (error) => this.#break(error));
  }

  #close(): void {
    this.open = false;
  }

  headers(): Record<string, string> {
    const fields: [string, string][] = [];
    for (const [name, value] of Object.entries(this.#headers))
      for (const one of Array.isArray(value) ? value : [value]) fields.push([name, String(one)]);
    return joinHeaders(fields);
  }

  body(): Uint8Array {
    const [first] = this.#chunks;
    return this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
  }

  send(message: WireMessage): void {
    this.#maxBodyBytes = message.maxBodyBytes;
    this.#method = message.request.method;
    this.#chunks = [];
    this.#headers = {};
    this.status = 0;
    this.bytes = 0;
    try {
      const { body } = message.request;
      const empty = body === undefined || body.length === 0;
      const stream = this.#session.request(headersOf(message, this.#host), { endStream: empty });
      this.#stream = stream;
      this.#listen(stream);
      if (!empty) stream.end(body);
    } catch (error) {
      // A session that has just closed, a header that HTTP/2 does not know: told after this call.
      this.open = false;
      queueMicrotask(() => this.#listener.broke(error as Error));
      return;
    }
    this.#mark();
  }

  /** Node hands frames to the system at the end of this turn of the event loop, before any immediate. */
  #mark(): void {
    if (!this.#whole) return;
    const stream = this.#stream;
    this.#listener.wrote?.();
    setImmediate(() => {
      if (this.#stream === stream && this.status === 0) this.#listener.wrote?.();
    });
  }

  #listen(stream: ClientHttp2Stream): void {
    const mine = () => this.#stream === stream;
    stream.on("response", (headers) => mine() && this.#begin(headers));
    stream.on("data", (chunk: Buffer) => mine() && this.#take(chunk));
    stream.on("end", () => mine() && this.#isWhole(stream) && this.#answer());
    stream.on("error", (error) => mine() && this.#break(error));
    stream.on("close", () => mine() && this.#break(new ClosedError()));
  }

  #begin(headers: IncomingHttpHeaders & IncomingHttpStatusHeader): void {
    this.#listener.arrived?.();
    this.status = headers[":status"] ?? 0;
    this.#headers = headers;
    if (this.#whole && announcesMore(headers["content-length"], this.#maxBodyBytes))
      this.#listener.tooLarge();
  }

  #take(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > this.#maxBodyBytes) this.#listener.tooLarge();
    else if (this.#whole) this.#chunks.push(chunk);
  }

  /** Node ends a stream that was reset, too. */
  #isWhole({ rstCode }: ClientHttp2Stream): boolean {
    if (rstCode || this.status === 0) return false;
    const announced = this.#headers["content-length"];
    return announced === undefined || this.#isBodiless || this.bytes >= Number(announced);
  }

  get #isBodiless(): boolean {
    return this.#method === "HEAD" || this.status === 204 || this.status === 304;
  }

  #answer(): void {
    this.#listener.arrived?.();
    this.#stream = undefined;
    this.#listener.answered();
  }

  /** A connection on which something went wrong carries nothing else. */
  #break(error: Error): void {
    const stream = this.#stream;
    this.#stream = undefined;
    const refused = stream?.rstCode === REFUSED_STREAM || !this.open;
    this.open = false;
    if (stream) this.#listener.broke(refused ? new ClosedError() : error);
  }

  destroy(): void {
    this.#stream = undefined;
    this.open = false;
    this.#session.destroy();
    this.#socket.destroy();
  }
}
