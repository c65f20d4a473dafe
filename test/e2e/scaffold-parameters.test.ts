import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshProject, readProjectFile, typeCheck } from "../support/fresh-project.ts";
import { integInProcess } from "../support/in-process.ts";

const list = (items: unknown) => ({ type: "array", items });
const text = { type: "string" };
const query = (name: string, schema: unknown, more = {}) => ({ name, in: "query", schema, ...more });
const ok = { 200: { description: "", content: { "application/json": { schema: { type: "object" } } } } };

const FORM = "application/x-www-form-urlencoded";

/** What OpenAPI knows of ways to write a query, and headers. */
const DOCUMENT = {
  openapi: "3.0.3",
  info: { title: "Things", version: "1" },
  security: [{ key: [] }],
  paths: {
    "/things/form": {
      post: {
        operationId: "saveForm",
        requestBody: { required: true, content: { [FORM]: {} } },
        responses: ok,
      },
    },
    "/things/json": {
      post: { operationId: "saveJson", requestBody: { content: { "application/json": {} } }, responses: ok },
    },
    "/things/bytes": {
      put: {
        operationId: "saveBytes",
        requestBody: { required: true, content: { "image/png": {} } },
        responses: ok,
      },
    },
    "/things/none": { post: { operationId: "touch", responses: ok } },
    "/things": {
      // Said again by the operation, whose word counts.
      parameters: [query("account", { type: "integer" })],
      get: {
        operationId: "listThings",
        parameters: [
          query("account", text, { required: true }),
          query("exploded", list(text)),
          query("joined", list({ type: "integer" }), { explode: false }),
          query("piped", list(text), { style: "pipeDelimited", explode: false }),
          query("each", list(text), { style: "spaceDelimited", explode: true }),
          query("state", { type: "string", enum: ["open", "shut"] }),
          query(
            "since",
            { type: "object", properties: { gt: { type: "integer" } } },
            { style: "deepObject" },
          ),
          query("expand", list(text), { style: "deepObject", explode: true }),
          query("api_key", text, { required: true }),
          { name: "X-Account", in: "header", required: true, schema: text, example: "acct" },
          { name: "Accept", in: "header", required: true, schema: text },
        ],
        responses: ok,
      },
    },
  },
  components: { securitySchemes: { key: { type: "apiKey", in: "query", name: "api_key" } } },
};

/** The same of Swagger 2.0, where a list without a word about it is joined by commas. */
const SWAGGER = {
  swagger: "2.0",
  info: { title: "Old", version: "1" },
  paths: {
    "/old/form": {
      post: {
        operationId: "saveOld",
        consumes: [FORM],
        parameters: [{ name: "a", in: "formData", type: "string", required: true }],
        responses: { 200: { description: "", schema: { type: "object" } } },
      },
    },
    "/old": {
      get: {
        operationId: "listOld",
        parameters: [
          { name: "ids", in: "query", type: "array", items: { type: "integer" }, required: true },
          { name: "tags", in: "query", type: "array", items: text, collectionFormat: "multi" },
        ],
        responses: { 200: { description: "", schema: { type: "object" } } },
      },
    },
  },
};

const THINGS = "listThings,saveForm,saveJson,saveBytes,touch";

type Call = (options: { query: object; headers?: object }) => Promise<unknown>;
type Save<B> = (body?: B, options?: object) => Promise<unknown>;
interface Things {
  listThings: Call;
  saveForm: Save<object>;
  saveJson: Save<object>;
  saveBytes: Save<string>;
  touch: Save<never>;
}
type Clients = { ThingsV1: new () => Things; OldV1: new () => { listOld: Call; saveOld: Save<object> } };

describe("methods of a module from a document", () => {
  const asked: { url: URL; account: string | undefined; type: string | undefined; body: string }[] = [];
  const server = createServer(async (request, response) => {
    asked.push({
      url: new URL(request.url ?? "", "http://127.0.0.1"),
      account: request.headers["x-account"]?.toString(),
      type: request.headers["content-type"],
      body: Buffer.concat(await request.toArray()).toString(),
    });
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  let root = "";
  const client = async <N extends keyof Clients>(name: "things" | "old", of: N): Promise<Clients[N]> => {
    const module: Clients = await import(
      /* @vite-ignore */ join(root, `src/integrations/${name}/v1/client.ts`)
    );
    return module[of];
  };

  beforeAll(async () => {
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const base = ["--base-url", `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
    root = await freshProject(undefined, afterAll);
    await writeFile(join(root, "things.json"), JSON.stringify(DOCUMENT));
    await writeFile(join(root, "old.json"), JSON.stringify(SWAGGER));
    for (const args of [
      ["things", "--from", "things.json", "--operations", THINGS, "--with", "queue"],
      ["old", "--from", "old.json", "--operations", "listOld,saveOld"],
    ]) {
      expect(await integInProcess(["scaffold", ...args, ...base], { cwd: root })).toMatchObject({ code: 0 });
    }
    process.env.THINGS_API_KEY = "offline";
  });
  afterAll(() => {
    delete process.env.THINGS_API_KEY;
    server.closeAllConnections();
    server.close();
  });

  test("send lists and objects as the document says, and the credential beside them", async () => {
    const Things = await client("things", "ThingsV1");
    await new Things().listThings({
      query: {
        account: "a&b",
        exploded: ["x", "y"],
        joined: [1, 2],
        piped: ["p", "q"],
        each: ["1", "2"],
        state: "open",
        "since[gt]": 5,
        "expand[]": ["a", "b"],
      },
      headers: { "X-Account": "acct" },
    });
    const { url, account } = asked.at(-1) ?? {};
    expect([...(url?.searchParams ?? [])].sort()).toEqual(
      [
        ["account", "a&b"],
        ["api_key", "offline"],
        ["each", "1"],
        ["each", "2"],
        ["exploded", "x"],
        ["exploded", "y"],
        ["expand[]", "a"],
        ["expand[]", "b"],
        ["joined", "1,2"],
        ["piped", "p|q"],
        ["since[gt]", "5"],
        ["state", "open"],
      ].sort(),
    );
    expect(account).toBe("acct");
  });

  test("leave out what is optional and not given", async () => {
    const Things = await client("things", "ThingsV1");
    await new Things().listThings({ query: { account: "a" }, headers: { "X-Account": "acct" } });
    expect(asked.at(-1)?.url.search).toBe("?account=a&api_key=offline");
  });

  test("of Swagger 2.0 join lists by commas unless they are called multi", async () => {
    const Old = await client("old", "OldV1");
    await new Old().listOld({ query: { ids: [1, 2], tags: ["a", "b"] } });
    expect([...(asked.at(-1)?.url.searchParams ?? [])]).toEqual([
      ["ids", "1,2"],
      ["tags", "a"],
      ["tags", "b"],
    ]);
  });

  test("send a body as the document wants it: JSON, a form, bytes, or none", async () => {
    const things = new (await client("things", "ThingsV1"))();
    await things.saveForm({ a: 1, b: { c: "d" } });
    await things.saveJson({ a: 1 });
    await things.saveJson();
    await things.saveBytes("png", { headers: { "content-type": "image/png" } });
    await things.touch();
    await new (await client("old", "OldV1"))().saveOld({ a: 1 });
    expect(asked.slice(-6).map(({ type, body }) => [type, body])).toEqual([
      [FORM, "a=1&b%5Bc%5D=d"],
      ["application/json", '{"a":1}'],
      [undefined, ""],
      ["image/png", "png"],
      [undefined, ""],
      [FORM, "a=1"],
    ]);
  });

  test("are asked by integ with what is required: query and headers stand in the manifest", async () => {
    const manifest = await readProjectFile(root, "src/integrations/things/integration.yaml");
    expect(manifest).toContain("request: GET /things?account=1\n    headers:\n      X-Account: acct\n");
    const old = await readProjectFile(root, "src/integrations/old/integration.yaml");
    expect(old).toContain("request: GET /old?ids=1");
  });

  test("do not compile without what is required, with another type, or with a name that is not there", async () => {
    const calls = [
      'things.listThings({ query: { account: "a" }, headers: { "X-Account": "b" } });',
      ...[
        "things.listThings();",
        'things.listThings({ query: { account: "a" } });',
        'things.listThings({ query: { state: "open" }, headers: { "X-Account": "b" } });',
        'things.listThings({ query: { account: "a", state: "ajar" }, headers: { "X-Account": "b" } });',
        'things.listThings({ query: { account: "a", acount: "a" }, headers: { "X-Account": "b" } });',
        'things.listThings({ query: { account: "a", joined: "1,2" }, headers: { "X-Account": "b" } });',
      ].map((call) => `// @ts-expect-error: wrong\n${call}`),
    ];
    const head =
      'import { ThingsV1 } from "./integrations/things/v1/client.js";\nconst things = new ThingsV1();\n';
    await writeFile(join(root, "src/calls.ts"), `${head}${calls.join("\n")}\n`);
    expect(await typeCheck(root)).toMatchObject({ code: 0, stdout: "" });
  });
});
