import type { HttpRequest, HttpResponse } from "../exchange.ts";

/** What a wire takes of an answer's head, and whether it keeps what comes after it. */
export interface WireOptions {
  maxHeaderBytes: number;
  /** Answers are wanted whole, and when their bytes went and came; else only where they end. */
  whole: boolean;
}

/** What a wire sends, prepared once for many times. */
export interface WireMessage {
  request: HttpRequest;
  /** What the request line names: a path, or to a plain proxy the whole URL. */
  target: string;
  /** The request as HTTP/1.1 has it. */
  bytes: Uint8Array;
  /** How much of a body its answer may have, as it comes. */
  maxBodyBytes: number;
}

/** Told of each request exactly one of `answered`, `broke` and `tooLarge`, after `send` has returned. */
export interface WireListener {
  answered(): void;
  broke(error: Error): void;
  /** More of a body than may come, or is announced. */
  tooLarge(): void;
  /** The request's head has been handed to the system: the latest call counts. */
  wrote?(): void;
  /** Bytes have come from the system; what they say is not known yet. */
  arrived?(): void;
}

/** One open connection that carries one request at a time; what it says of an answer holds until it sends again. */
export interface Wire {
  /** 0 until the head of the answer has come. */
  readonly status: number;
  readonly version: HttpResponse["httpVersion"];
  /** Of the body so far. */
  readonly bytes: number;
  headers(): Record<string, string>;
  /** The body as it came, of a wire that keeps answers whole. It is the caller's. */
  body(): Uint8Array;
  /** Whether another request may be sent. */
  readonly open: boolean;
  send(message: WireMessage): void;
  destroy(): void;
}

/** Whether an answer says at once that it brings more than may come. */
export const announcesMore = (length: string | undefined, maxBodyBytes: number): boolean =>
  length !== undefined && Number(length) > maxBodyBytes;
