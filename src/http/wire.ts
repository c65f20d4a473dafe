import type { HttpRequest } from "./exchange.ts";

/** What a wire takes of one answer. */
export interface WireLimits {
  maxHeaderBytes: number;
  maxBodyBytes: number;
}

/** What a wire sends, prepared once for many times. */
export interface WireMessage {
  request: HttpRequest;
  /** What the request line names: a path, or to a plain proxy the whole URL. */
  target: string;
  /** The request as HTTP/1.1 has it. */
  bytes: Uint8Array;
}

/** Told of each request exactly one of these, after `send` has returned. */
export interface WireListener {
  answered(): void;
  broke(error: Error): void;
  /** More of a body than may come. */
  tooLarge(): void;
}

/** One open connection that carries one request at a time; what it says of an answer holds until it sends again. */
export interface Wire {
  readonly status: number;
  /** Of the body so far. */
  readonly bytes: number;
  headers(): Record<string, string>;
  /** Whether another request may be sent. */
  readonly open: boolean;
  send(message: WireMessage): void;
  destroy(): void;
}
