import { describe, expectTypeOf, test } from "vitest";
import * as z from "zod";
import {
  type CallRequest,
  type Client,
  type ClientEvent,
  type ClientOptions,
  type createClient,
  createRouter,
  cursorPagination,
  type Fetch,
  type IntegrationError,
  type Pages,
  RateLimitError,
  type RedisClient,
  type Reply,
  type undiciTransport,
} from "../../src/runtime/index.ts";

// Checked by the type checker, which goes over the tests too: a wrong type here fails `npm run typecheck`.

const Thing = z.looseObject({ id: z.string() });
declare const client: Client;
const request = { operation: "get", method: "GET", path: "/" } as const;

describe("the types of the runtime", () => {
  test("a schema tells the type of the data, and without one it is unknown", () => {
    const ask = () => client.request({ ...request, schema: Thing });
    expectTypeOf(ask).returns.resolves.toEqualTypeOf<{ [x: string]: unknown; id: string }>();
    expectTypeOf(() => client.request(request)).returns.resolves.toBeUnknown();
    expectTypeOf(() => client.send({ ...request, schema: z.number() })).returns.resolves.toEqualTypeOf<
      Reply<number>
    >();
  });

  test("a fallback gives what the schema gives", () => {
    const good: CallRequest<number> = { ...request, schema: z.number(), fallback: () => 1 };
    expectTypeOf(good).toExtend<CallRequest<number>>();
    // @ts-expect-error a text is no number
    const bad: CallRequest<number> = { ...request, schema: z.number(), fallback: () => "1" };
    expectTypeOf(bad).not.toBeAny();
  });

  test("a reply says where its data came from", () => {
    expectTypeOf<Reply<number>["source"]>().toEqualTypeOf<"provider" | "cache" | "fallback">();
    expectTypeOf<Reply<number>["reason"]>().toEqualTypeOf<IntegrationError | undefined>();
  });

  test("items of pages have the type that the strategy gives them", () => {
    const Page = z.object({ data: z.array(Thing), next: z.string().nullable() });
    const pagination = cursorPagination({
      parameter: "after",
      items: (page: z.infer<typeof Page>) => page.data,
      next: (page) => page.next,
    });
    const walk = () => client.paginate({ ...request, schema: Page, pagination });
    type Item = { [x: string]: unknown; id: string };
    expectTypeOf(walk).returns.toEqualTypeOf<Pages<z.infer<typeof Page>, Item>>();
  });

  test("options are checked: an unknown scheme, a missing secret and a wrong name do not compile", () => {
    const base = { integration: "a", version: "v1", baseUrl: "https://a.example" };
    // @ts-expect-error no such scheme
    const unknownScheme: ClientOptions = { ...base, auth: { scheme: "magic" } };
    // @ts-expect-error which secret?
    const noSecret: ClientOptions = { ...base, auth: { scheme: "bearer" } };
    // @ts-expect-error milliseconds are called so
    const misspelt: ClientOptions = { ...base, timeout: 1 };
    expectTypeOf([unknownScheme, noSecret, misspelt]).toExtend<ClientOptions[]>();
    expectTypeOf<typeof fetch>().toExtend<Fetch>();
  });

  test("errors narrow by class, events by their type", () => {
    const read = (error: unknown) => (error instanceof RateLimitError ? error.retryAt : undefined);
    expectTypeOf(read).returns.toEqualTypeOf<number | undefined>();
    expectTypeOf<RateLimitError>().toExtend<IntegrationError>();
    const heard = (event: ClientEvent) => (event.type === "retry" ? event.waitMs : undefined);
    expectTypeOf(heard).returns.toEqualTypeOf<number | undefined>();
  });

  test("a router knows the client of each version", () => {
    const make = () =>
      createRouter({ active: "v1", versions: { v1: () => 1 as const, v2: () => "two" as const } });
    expectTypeOf(make).returns.toHaveProperty("active").toEqualTypeOf<1>();
    expectTypeOf<ReturnType<typeof createClient>>().toEqualTypeOf<Client>();
  });

  test("clients of ioredis and of redis, and undici's dispatchers, fit as they are", () => {
    expectTypeOf<import("ioredis").Redis>().toExtend<RedisClient>();
    expectTypeOf<{ sendCommand(args: string[]): Promise<unknown> }>().toExtend<RedisClient>();
    type Dispatcher = Parameters<typeof undiciTransport>[0];
    expectTypeOf<import("undici").Agent>().toExtend<Dispatcher>();
    expectTypeOf<import("undici").MockAgent>().toExtend<Dispatcher>();
  });
});
