import type { Scope } from "../time/scope.ts";

/** A request on its way out, complete. */
export interface WireRequest {
  /** Absolute. */
  url: string;
  method: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array<ArrayBuffer> | undefined;
  /** Largest body of the response, decompressed, in bytes. */
  maxBytes: number;
}

/** What arrives before the body. */
export interface ResponseHead {
  status: number;
  /** Names in lower case; several values of one name joined by a comma. */
  headers: Readonly<Record<string, string>>;
  /** The same as the platform's type, made when it is asked for. */
  asHeaders(): Headers;
}

/**
 * Sends a request, tells of the head as soon as it is there, and gives the body's text. Follows no redirect. Stops, and
 * lets go of the connection, when `scope` does.
 * @throws UnusableBody; whatever the network fails with
 */
export type Transport = (
  request: WireRequest,
  scope: Scope,
  onHead: (head: ResponseHead) => void,
) => Promise<string>;

/** A body that cannot be used. */
export class UnusableBody extends Error {}

/** The error for a body larger than it may be. */
export function tooLarge(maxBytes: number): UnusableBody {
  return new UnusableBody(`the body is larger than ${maxBytes} bytes`);
}
