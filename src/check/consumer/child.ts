// Runs in a process of its own: no environment variables, no right to write files or start programs, a memory limit,
// and a parent that ends it after a time. Loads the user's schemas.ts with the user's own zod.
import { createJiti, type Jiti, type JitiOptions } from "jiti";
import { describeSchema, type ToJsonSchema } from "./describe.ts";
import type { Description, Request, Response } from "./protocol.ts";
import { isZodSchema, parseSample, wordsOf, type ZodLike } from "./zod-like.ts";

interface Loaded {
  exports: Record<string, unknown>;
  toJsonSchema: ToJsonSchema | undefined;
}

const modules = new Map<string, Promise<Loaded>>();

/** Imports by the `paths` of tsconfig.json are followed. One that cannot be read (it extends a package that is not installed) names none. */
function openJiti(file: string, options: JitiOptions = {}): Jiti {
  const always = { fsCache: false, interopDefault: false, ...options };
  try {
    return createJiti(file, { ...always, tsconfigPaths: true });
  } catch {
    return createJiti(file, always);
  }
}

async function load(file: string): Promise<Loaded> {
  const plain = openJiti(file);
  // A project without zod of its own (a demo, npx) gets the one that integ depends on.
  const own = plain.esmResolve("zod", { try: true }) !== undefined;
  const jiti = own ? plain : openJiti(file, { alias: { zod: import.meta.resolve("zod") } });
  const exports = await jiti.import<Record<string, unknown>>(file);
  const zod = await jiti.import<{ toJSONSchema?: ToJsonSchema }>("zod");
  return { exports, toJsonSchema: zod.toJSONSchema };
}

function loaded(file: string): Promise<Loaded> {
  const known = modules.get(file) ?? load(file);
  modules.set(file, known);
  return known;
}

function describeExport({ exports, toJsonSchema }: Loaded, name: string): Description {
  if (!Object.hasOwn(exports, name)) {
    const known = Object.keys(exports).filter((key) => isZodSchema(exports[key]));
    return { kind: "missing", known: known.sort() };
  }
  const schema = exports[name];
  if (!isZodSchema(schema)) return { kind: "not-a-schema", type: schema === null ? "null" : typeof schema };
  if (toJsonSchema === undefined || !("_zod" in schema)) {
    return { kind: "schema", unjudged: [{ path: "$", reason: "zod 3 has no JSON Schema" }] };
  }
  return { kind: "schema", ...describeSchema(schema, toJsonSchema) };
}

async function parseAll(schema: ZodLike, values: readonly unknown[]) {
  const outcomes = [];
  for (const value of values) outcomes.push(await parseSample(schema, value));
  return outcomes;
}

/** The line of `file` that an error passed last: it is loaded with its lines as they are. */
function lineIn(file: string, { stack }: Error): number | undefined {
  const [, after] = typeof stack === "string" ? stack.split(`${file}:`, 2) : [];
  const line = Number.parseInt(after ?? "", 10);
  return line > 0 ? line : undefined;
}

async function answer(request: Request): Promise<Response> {
  const { id, file } = request;
  try {
    const module = await loaded(file);
    if (request.ask === "describe") {
      const entries = request.names.map((name) => [name, describeExport(module, name)] as const);
      return { id, ok: true, answer: "describe", schemas: Object.fromEntries(entries) };
    }
    const schema = module.exports[request.name];
    if (!isZodSchema(schema)) return { id, ok: false, message: `${request.name} is not a zod schema` };
    return { id, ok: true, answer: "parse", outcomes: await parseAll(schema, request.values) };
  } catch (error) {
    const message = wordsOf(error);
    return { id, ok: false, message, line: error instanceof Error ? lineIn(file, error) : undefined };
  }
}

// What a module leaves running (a connection that it opens) fails later and says nothing of its schemas. Unheard it would end
// the process while it is asked about another module.
process.on("unhandledRejection", () => {}).on("uncaughtException", () => {});

process.on("message", (request: Request) => {
  void answer(request).then((reply) => process.send?.(reply));
});
