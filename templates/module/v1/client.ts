import type { CallOptions, Client, ClientOptions } from "integ/runtime";
/* integ:value runtimeImport */
import { createClient, cursorPagination } from "integ/runtime";
/* integ:end */
/* integ:value bodiesImport */
import type * as bodies from "./bodies.ts";
/* integ:end */
import * as schemas from "./schemas.ts";

/* integ:value kept */
/**
 * How long answers to reads are kept, in milliseconds: given again without asking, and given
 * where __Display__ cannot answer. A call's own `cache` comes first.
 */
const kept = { freshMs: 60_000, staleMs: 86_400_000 };

/* integ:end */
/* integ:value calls */
/** Options of `GET /things`. */
export interface GetThingCall extends CallOptions {
  query?: {
    limit?: number;
    ids?: readonly string[];
  };
}

/* integ:end */
/** The one class through which this codebase talks to __Display__. */
export class __Provider__V1 {
  readonly #client: Client;

  /** Everything has its default; tests pass `fetch`, `sleep` or `env`. */
  constructor(options: Partial<ClientOptions> = {}) {
    this.#client = createClient({
      integration: "__name__",
      version: "v1",
      /* integ:value settings */
      baseUrl: "https://api.example.com",
      headers: {
        "Example-Version": "2026-01-01",
      },
      auth: {
        scheme: "bearer",
        secret: "api_key",
      },
      secrets: {
        api_key: "EXAMPLE_API_KEY",
      },
      /* integ:end */
      ...options,
    });
  }

  /* integ:value methods */
  /** `GET /things` */
  getThing(call: GetThingCall = {}): Promise<schemas.GetThing> {
    return this.#client.request({
      operation: "get-thing",
      method: "GET",
      path: "/things",
      schema: schemas.GetThing,
      cache: kept,
      ...call,
      query: {
        ...call.query,
        ids: call.query?.ids?.join(","),
      },
    });
  }

  /** Every item of `GET /things`, page by page as they are read. */
  allThings(call: CallOptions = {}) {
    return this.#client.paginate({
      operation: "get-things",
      method: "GET",
      path: "/things",
      schema: schemas.GetThing,
      ...call,
      pagination: cursorPagination({
        parameter: "after",
        items: (page: schemas.GetThing) => Object.values(page),
        next: () => undefined,
      }),
    });
  }

  /** `POST /things` */
  createThing(
    body: bodies.CreateThingBody,
    call: CallOptions = {},
  ): Promise<schemas.GetThing> {
    return this.#client.request({
      operation: "create-thing",
      method: "POST",
      path: "/things",
      body,
      schema: schemas.GetThing,
      ...call,
    });
  }
  /* integ:end */
}
