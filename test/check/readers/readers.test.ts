import { describe, expect, test } from "vitest";
import { codebaseWith, readersIn, TYPESCRIPTS } from "./codebase.ts";

const SCHEMAS = `import * as z from "zod";
const Item = z.object({ sku: z.string(), price: z.number().optional() });
const Base = z.object({ id: z.string(), unread: z.string() });
export const Thing = Base.extend({
  email: z.string().nullable(),
  nick: z.string().optional(),
  "odd-name": z.boolean(),
  items: z.array(Item),
  method: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("card"), last4: z.string() }),
    z.object({ kind: z.literal("bank"), iban: z.string() }),
  ]),
  cents: z.object({ amount: z.number() }).transform(({ amount }) => amount / 100),
});
export type Thing = z.infer<typeof Thing>;
`;

const CLIENT = `import { Thing } from "./schemas.ts";
export class Client {
  async getThing(): Promise<Thing> {
    return Thing.parse(JSON.parse("{}"));
  }
  async list() {
    return Thing.array().parse([]);
  }
}
`;

/** One way of reading a line; the number behind a path is the line it stands on. */
const USE = `import { Client } from "./api/v1/client.ts";
const thing = await new Client().getThing();
export const dot = thing.email;
export const chain = thing?.nick?.length;
export const literal = thing["odd-name"];
const { email, nick: alias = "x" } = thing;
const { items: [{ sku } = { sku: "" }] } = thing;
export const { id, ...rest } = thing;
export const afterRest = rest.email;
const copy = { ...thing };
export const afterCopy = copy.id;
export const all = (await new Client().list()).map(({ email }) => email);
export const price = thing.items[0]?.price;
let given: unknown;
({ email: given } = thing);
export const has = "nick" in thing;
type Aliased = Awaited<ReturnType<Client["getThing"]>>;
export const through = (aliased: Aliased) => aliased.id;
export const last4 = thing.method.kind === "card" ? thing.method.last4 : thing.method.iban;
export { alias, email, given, sku };
`;

/** What names a property and does not read it. */
const NO_READERS = `import type { Thing } from "./api/v1/schemas.ts";
import { Thing as schema } from "./api/v1/schemas.ts";
declare const thing: Thing;
thing.email = null;
delete thing.nick;
export const same = { email: 1, id: 2 }.email;
export const fake: Pick<Thing, "email"> = { email: null };
export const shape = schema.shape.email;
export type Email = Thing["email"];
`;

const PASSES = `import type { Thing } from "./api/v1/schemas.ts";
declare const thing: Thing;
declare const response: { json(body: unknown): void };
declare const key: "id" | "email";
interface Other {
  email: string | null;
}
JSON.stringify(thing);
response.json({ data: [thing] });
response.json({ ...thing });
export const other: Other = thing;
export const some = thing[key];
for (const name in thing) response.json(name);
export const kept = (): Thing => thing;
export const later = async (): Promise<Thing> => thing;
const list: Thing[] = [thing];
list.push(thing);
function same<T>(value: T): T {
  return value;
}
export const flows = same(thing).id;
response.json({ deep: { thing } });
response.json({ deep: { email: thing.email } });
`;

describe.each(Object.entries(TYPESCRIPTS))("readers by %s TypeScript", (_, typescript) => {
  test("each way to read a property through the type is found, and nothing else", async () => {
    const root = await codebaseWith(typescript, {
      "src/api/v1/schemas.ts": SCHEMAS,
      "src/api/v1/client.ts": CLIENT,
      "src/use.ts": USE,
      "src/none.ts": NO_READERS,
    });
    const paths = [
      "$.email",
      "$.nick",
      "$['odd-name']",
      "$.items[*].sku",
      "$.items[*].price",
      "$.id",
      "$.unread",
      "$.method.last4",
      "$.method.kind",
      "$.cents.amount",
    ];
    expect(await readersIn(root, paths)).toEqual({
      "$.email": ["use.ts:3", "use.ts:6", "use.ts:9", "use.ts:12", "use.ts:15"],
      "$.nick": ["use.ts:4", "use.ts:6", "use.ts:16"],
      "$['odd-name']": ["use.ts:5"],
      "$.items[*].sku": ["use.ts:7"],
      "$.items[*].price": ["use.ts:13"],
      "$.id": ["use.ts:8", "use.ts:11", "use.ts:18"],
      "$.unread": [],
      "$.method.last4": ["use.ts:19"],
      "$.method.kind": ["use.ts:19"],
      "$.cents.amount": ["api/v1/schemas.ts:13"],
    });
  });

  test("a reader that imports nothing is found where the type comes to it by a declaration for all", async () => {
    const root = await codebaseWith(typescript, {
      "src/api/v1/schemas.ts": SCHEMAS,
      "src/request.ts": `import type { Thing } from "./api/v1/schemas.ts";
declare global { interface Incoming { thing: Thing } }
`,
      "src/ambient.d.ts": `type Everywhere = import("./api/v1/schemas.ts").Thing;\n`,
      "src/global.ts": "export const id = ({ thing }: Incoming) => thing.id;\n",
      "src/script.ts": "export const nick = (thing: Everywhere) => thing.nick;\n",
    });
    expect(await readersIn(root, ["$.id", "$.nick"])).toEqual({
      "$.id": ["global.ts:1"],
      "$.nick": ["script.ts:1"],
    });
  });

  test("files that have nothing to do with the schemas decide what is read by what they declare for all", async () => {
    const root = await codebaseWith(typescript, {
      "src/api/v1/schemas.ts": SCHEMAS,
      "src/helpers.d.ts": "declare function first<T>(all: readonly T[]): T;\n",
      "src/lists.ts": "declare global { interface Array<T> { last(): T } }\nexport {};\n",
      "src/use.ts": `import type { Thing } from "./api/v1/schemas.ts";
export const id = (all: Thing[]) => first(all).id;
export const nick = (all: Thing[]) => all.last().nick;
`,
    });
    expect(await readersIn(root, ["$.id", "$.nick"])).toEqual({
      "$.id": ["use.ts:2"],
      "$.nick": ["use.ts:3"],
    });
  });

  test("what goes to code whose types do not name the property is passed on whole", async () => {
    const root = await codebaseWith(typescript, { "src/api/v1/schemas.ts": SCHEMAS, "src/pass.ts": PASSES });
    const whole = [8, 9, 10, 11, 12, 13, 22].map((line) => `pass.ts:${line} whole`);
    expect(await readersIn(root, ["$.email", "$.items[*].sku"])).toEqual({
      "$.email": ["pass.ts:23", ...whole],
      "$.items[*].sku": whole,
    });
  });
});
