import type { CallOptions, Client, ClientOptions } from "integ/runtime";
import { createClient } from "integ/runtime";
import type * as bodies from "./bodies.js";
import * as schemas from "./schemas.js";

/**
 * How long answers to reads are kept, in milliseconds: given again without asking, and given
 * where Acme cannot answer. A call's own `cache` comes first.
 */
const kept = { freshMs: 60_000, staleMs: 86_400_000 };

/** Options of `GET /orders`. */
export interface ListOrdersCall extends CallOptions {
  query: {
    limit: number;
    status?: readonly ("open" | "paid")[];
  };
}

/** The one class through which this codebase talks to Acme. */
export class AcmeV1 {
  readonly #client: Client;

  /** Everything has its default; tests pass `fetch`, `sleep` or `env`. */
  constructor(options: Partial<ClientOptions> = {}) {
    this.#client = createClient({
      integration: "acme",
      version: "v1",
      baseUrl: "https://api.acme.example/v1",
      auth: {
        scheme: "bearer",
        secret: "api_key",
      },
      secrets: {
        api_key: "ACME_API_KEY",
      },
      ...options,
    });
  }

  /** `GET /orders` */
  listOrders(call: ListOrdersCall): Promise<schemas.ListOrders> {
    return this.#client.request({
      operation: "list-orders",
      method: "GET",
      path: "/orders",
      schema: schemas.ListOrders,
      cache: kept,
      ...call,
      query: {
        ...call.query,
        status: call.query.status?.join(","),
      },
    });
  }

  /** `POST /orders/{id}/refunds` */
  refundOrder(
    id: string | number,
    body: bodies.Refund,
    call: CallOptions = {},
  ): Promise<schemas.Order> {
    return this.#client.request({
      operation: "refund-order",
      method: "POST",
      path: "/orders/{id}/refunds",
      params: { id },
      body,
      schema: schemas.Order,
      ...call,
    });
  }
}
