import llhttp from "undici/lib/llhttp/llhttp-wasm.js";
import type { HttpResponse } from "../exchange.ts";
import { joinHeaders } from "../headers.ts";
import { NOT_PLAIN, readPlainHead } from "./plain-answer.ts";
import type { WireOptions } from "./wire.ts";

/** What llhttp, as undici ships it, offers; pointers are addresses in its memory. */
interface Llhttp {
  memory: WebAssembly.Memory;
  malloc(size: number): number;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_execute(parser: number, at: number, length: number): number;
  llhttp_finish(parser: number): number;
  llhttp_get_error_reason(parser: number): number;
}

const RESPONSE = 2;
const GO_ON = 0;
const REFUSE = -1;
const NO_BODY = 1;

/** The bytes of one call; larger ones are handed over in turn. */
const WINDOW = 64 * 1024;

/** The parser whose bytes are being read: llhttp calls back within the call that gives them to it. */
let current: AnswerParser;

const callbacks = {
  wasm_on_url: () => GO_ON,
  wasm_on_status: () => GO_ON,
  wasm_on_message_begin: () => current.onBegin(),
  wasm_on_header_field: (_parser: number, at: number, length: number) => current.onHeaderPart(at, length, 0),
  wasm_on_header_value: (_parser: number, at: number, length: number) => current.onHeaderPart(at, length, 1),
  wasm_on_headers_complete: (_parser: number, status: number, upgrade: number, keepAlive: number) =>
    current.onHeaders(status, upgrade === 1, keepAlive === 1),
  wasm_on_body: (_parser: number, at: number, length: number) => current.onBody(at, length),
  wasm_on_message_complete: () => current.onComplete(),
};

let shared: { wasm: Llhttp; window: number; memory: Uint8Array } | undefined;

/** Made once for all parsers, when one is needed: V8 compiles it twice, which costs as much as ten thousand answers. */
function machinery() {
  if (shared) return shared;
  const module = new WebAssembly.Module(llhttp);
  const wasm = new WebAssembly.Instance(module, { env: callbacks }).exports as unknown as Llhttp;
  shared = { wasm, window: wasm.malloc(WINDOW), memory: new Uint8Array(wasm.memory.buffer) };
  return shared;
}

/** Its name is undici's for the same complaint, so that both read alike. */
class HTTPParserError extends Error {
  override readonly name = "HTTPParserError";
}

class HeadersOverflowError extends Error {
  readonly code = "UND_ERR_HEADERS_OVERFLOW";
}

/**
 * Finds where the answers of one connection begin and end, and keeps their bodies where they are wanted. Plain ones are
 * recognised; llhttp reads all others. Nothing else is allocated for an answer: of its head only the bytes are kept, which
 * `headers` reads when it is asked.
 */
export class AnswerParser {
  /** Its address; 0: it has not been asked yet. */
  #parser = 0;
  readonly #maxHeaderBytes: number;
  readonly #whole: boolean;
  #chunks: Uint8Array[] = [];
  /** What is still to come of a plain answer's body. */
  #left = 0;
  #bodiless = false;
  #waiting = false;
  #inHead = false;
  /** Bytes of the head, and what came with it. */
  #head = Buffer.allocUnsafe(2048);
  #kept = 0;
  /** Where in the head the bytes begin that llhttp is reading, minus where they lie in its memory. */
  #shift = 0;
  readonly #seen = { status: 0, bytes: 0, length: 0, parts: [] as number[], count: 0 };
  complete = false;
  /** Whether another answer may follow on this connection. */
  keepAlive = true;

  constructor({ maxHeaderBytes, whole }: WireOptions) {
    this.#maxHeaderBytes = maxHeaderBytes;
    this.#whole = whole;
  }

  get status(): number {
    return this.#seen.status;
  }

  /** Of the body, as it comes over the wire. */
  get bytes(): number {
    return this.#seen.bytes;
  }

  /** Of the answer whose head has come. */
  get version(): HttpResponse["httpVersion"] {
    return this.#head[7] === 0x30 ? "1.0" : "1.1";
  }

  /** What was kept of the body. It is the caller's. */
  body(): Uint8Array {
    const [first] = this.#chunks;
    return this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
  }

  /** The next answer is that to a request of this method. */
  expect(method: string): void {
    this.#bodiless = method === "HEAD";
    this.#waiting = true;
    this.#inHead = true;
    this.#kept = 0;
    this.#left = 0;
    if (this.#whole) this.#chunks = [];
    this.#seen.count = 0;
    this.#seen.status = 0;
    this.#seen.bytes = 0;
    this.complete = false;
  }

  /** @throws where the bytes are no HTTP/1.1 answer, or its head is too long */
  read(bytes: Uint8Array): void {
    if (this.#left > 0) {
      this.#readPlainBody(bytes, 0);
      return;
    }
    const begins = this.#waiting && this.#kept === 0 && !this.#bodiless;
    const head = begins ? readPlainHead(bytes, this.#seen) : NOT_PLAIN;
    if (head !== NOT_PLAIN && head <= this.#maxHeaderBytes) {
      this.#keep(head === bytes.length ? bytes : bytes.subarray(0, head));
      this.#inHead = false;
      this.#left = this.#seen.length;
      this.#readPlainBody(bytes, head);
      return;
    }
    for (let at = 0; at < bytes.length; at += WINDOW) {
      this.#readWindow(bytes.length <= WINDOW ? bytes : bytes.subarray(at, at + WINDOW));
    }
  }

  #readPlainBody(bytes: Uint8Array, from: number): void {
    const size = Math.min(this.#left, bytes.length - from);
    if (this.#whole && size > 0) this.#chunks.push(Buffer.from(bytes.subarray(from, from + size)));
    this.#seen.bytes += size;
    this.#left -= size;
    if (this.#left > 0) return;
    // What follows an answer belongs to no request: the answer is good, its connection is not.
    if (from + size < bytes.length) this.keepAlive = false;
    this.onComplete();
  }

  #readWindow(bytes: Uint8Array): void {
    const { wasm, window } = machinery();
    if (this.#parser === 0) this.#parser = wasm.llhttp_alloc(RESPONSE);
    this.#shift = this.#kept - window;
    if (this.#inHead) this.#keep(bytes);
    memoryOf(machinery()).set(bytes, window);
    current = this;
    const code = wasm.llhttp_execute(this.#parser, window, bytes.length);
    if (code !== 0) this.#judge(code);
    else if (this.#headBytes() > this.#maxHeaderBytes) throw new HeadersOverflowError();
  }

  #headBytes(): number {
    const { parts, count } = this.#seen;
    return this.#inHead ? this.#kept : (parts[count - 1] ?? 0);
  }

  /** What follows an answer belongs to no request: the answer is good, its connection is not. */
  #judge(code: number): void {
    if (!this.complete) throw this.#error(code);
    this.keepAlive = false;
  }

  /** The connection's end, which ends an answer that says no length. @returns whether the answer is complete */
  end(): boolean {
    current = this;
    this.keepAlive = false;
    if (this.status !== 0 && !this.complete && this.#left === 0) machinery().wasm.llhttp_finish(this.#parser);
    return this.complete;
  }

  /** Reads the kept head. Holds until the next answer is expected. */
  headers(): Record<string, string> {
    const fields: [string, string][] = [];
    const { parts, count } = this.#seen;
    const text = (at: number) => this.#head.toString("latin1", parts[at], parts[at + 1]);
    for (let at = 0; at + 3 < count; at += 4) fields.push([text(at), text(at + 2).trimEnd()]);
    return joinHeaders(fields);
  }

  free(): void {
    if (this.#parser !== 0) machinery().wasm.llhttp_free(this.#parser);
    this.#parser = 0;
  }

  onBegin(): number {
    return this.#waiting ? GO_ON : REFUSE;
  }

  /** @param side 0 for a name, 1 for a value; one that is split between two reads comes in two parts */
  onHeaderPart(at: number, length: number, side: 0 | 1): number {
    if (!this.#inHead) return GO_ON;
    const seen = this.#seen;
    const start = at + this.#shift;
    const continues = seen.count % 4 === (side === 0 ? 2 : 0) && seen.count > 0;
    if (!continues) seen.parts[seen.count++] = start;
    seen.parts[continues ? seen.count - 1 : seen.count++] = start + length;
    return GO_ON;
  }

  onHeaders(status: number, upgrade: boolean, keepAlive: boolean): number {
    if (status < 200) {
      // 100 and 103 come before the answer proper; 101 was not asked for.
      this.#seen.count = 0;
      return upgrade || status === 101 ? REFUSE : NO_BODY;
    }
    this.#seen.status = status;
    this.keepAlive = keepAlive;
    this.#inHead = false;
    return this.#bodiless ? NO_BODY : GO_ON;
  }

  onBody(at: number, length: number): number {
    this.#seen.bytes += length;
    if (this.#whole) this.#chunks.push(Buffer.from(memoryOf(machinery()).subarray(at, at + length)));
    return GO_ON;
  }

  onComplete(): number {
    if (this.status === 0) return GO_ON;
    this.complete = true;
    this.#waiting = false;
    return GO_ON;
  }

  #keep(bytes: Uint8Array): void {
    const needed = this.#kept + bytes.length;
    if (needed > this.#head.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#head.length * 2));
      larger.set(this.#head.subarray(0, this.#kept));
      this.#head = larger;
    }
    this.#head.set(bytes, this.#kept);
    this.#kept = needed;
  }

  #error(code: number): Error {
    const { wasm } = machinery();
    const at = wasm.llhttp_get_error_reason(this.#parser);
    const text = Buffer.from(wasm.memory.buffer, at);
    const reason = at === 0 ? `code ${code}` : text.toString("latin1", 0, text.indexOf(0));
    return new HTTPParserError(`Response does not match the HTTP/1.1 protocol (${reason})`);
  }
}

/** WebAssembly memory that grows is another object. */
function memoryOf(machine: NonNullable<typeof shared>): Uint8Array {
  if (machine.memory.length === 0) machine.memory = new Uint8Array(machine.wasm.memory.buffer);
  return machine.memory;
}
