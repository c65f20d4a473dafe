import { createClient } from "integ/runtime";
import * as z from "zod";

const Customer = z.looseObject({ id: z.string(), email: z.string().nullable() });
const Charge = z.looseObject({
  id: z.string(),
  amount: z.number().int(),
  currency: z.string(),
  status: z.string(),
});
export type Charge = z.infer<typeof Charge>;

/** The payment provider, as this shop uses it. */
export function createProvider(baseUrl: string) {
  const client = createClient({
    integration: "payments",
    version: "v1",
    baseUrl,
    auth: { scheme: "bearer", secret: "api_key" },
    secrets: { api_key: "PAYMENTS_API_KEY" },
    idempotencyHeader: "Idempotency-Key",
  });
  return {
    /** The same customer for the same order, however often it is asked for. */
    createCustomer: (orderId: string, email: string) =>
      client.request({
        operation: "create-customer",
        method: "POST",
        path: "/v1/customers",
        body: { email },
        encoding: "form",
        operationId: orderId,
        schema: Customer,
      }),
    getCharge: (id: string) =>
      client.request({
        operation: "get-charge",
        method: "GET",
        path: "/v1/charges/{id}",
        params: { id },
        schema: Charge,
      }),
  };
}

export type Provider = ReturnType<typeof createProvider>;
