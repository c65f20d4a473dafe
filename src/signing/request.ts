/** What of a request can be signed: all that leaves this machine. */
export interface SignableRequest {
  method: string;
  /** Absolute. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array | undefined;
}

/** What a signature adds to the request, its own headers. */
export type SignatureHeaders = Readonly<Record<string, string>>;

/** The bytes of the body as they are sent. */
export function bodyBytes({ body }: SignableRequest): Uint8Array {
  return body === undefined ? Buffer.alloc(0) : Buffer.from(body);
}

export function hasHeader({ headers }: SignableRequest, wanted: string): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === wanted.toLowerCase());
}
