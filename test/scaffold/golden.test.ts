import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { freshProject } from "../support/fresh-project.ts";
import { integInProcess } from "../support/in-process.ts";

/** A module as people read it in review: `INTEG_UPDATE=1` writes it anew. */
const GOLDEN = fileURLToPath(new URL("../golden/", import.meta.url));

function filesBelow(directory: string): Map<string, string> {
  const entries = existsSync(directory)
    ? readdirSync(directory, { recursive: true, withFileTypes: true })
    : [];
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file): [string, string] => [
        file.slice(directory.length).replaceAll("\\", "/").replace(/^\//, ""),
        readFileSync(file, "utf8"),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** One read and one write of a document with what real ones have: a list, a body, an open enum, a union, a ring, an example. */
const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "Acme", version: "1" },
  servers: [{ url: "https://api.acme.example/v1" }],
  security: [{ token: [] }],
  paths: {
    "/orders": {
      get: {
        operationId: "listOrders",
        parameters: [
          { name: "limit", in: "query", required: true, schema: { type: "integer", default: 10 } },
          {
            name: "status",
            in: "query",
            explode: false,
            schema: { type: "array", items: { type: "string", enum: ["open", "paid"] } },
          },
        ],
        responses: {
          200: {
            description: "A page of orders",
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  required: ["data", "next"],
                  properties: {
                    data: { type: "array", items: { $ref: "#/components/schemas/Order" } },
                    next: { type: ["string", "null"] },
                  },
                },
                example: {
                  data: [{ id: "ord_1", status: "open", total: 1200, paidWith: { last4: "4242" } }],
                  next: null,
                },
              },
            },
          },
        },
      },
    },
    "/orders/{id}/refunds": {
      post: {
        operationId: "refundOrder",
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Refund" } } },
        },
        parameters: [
          { name: "id", in: "path", required: true, schema: { type: "string" }, example: "ord_1" },
        ],
        responses: {
          201: {
            description: "The refunded order",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Order" } } },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Card: { type: "object", required: ["last4"], properties: { last4: { type: "string" } } },
      Refund: {
        type: "object",
        required: ["id", "amount", "to"],
        properties: {
          id: { type: "string", readOnly: true },
          amount: { type: "integer", minimum: 1 },
          to: { oneOf: [{ $ref: "#/components/schemas/Card" }, { type: "string", enum: ["balance"] }] },
          reason: { type: ["string", "null"], enum: ["damaged", "late", "unwanted", "withdrawn", null] },
          lines: {
            type: "array",
            items: {
              type: "object",
              required: ["sku"],
              properties: {
                sku: { type: "string" },
                parts: { type: "array", items: { $ref: "#/components/schemas/Refund" } },
              },
            },
          },
        },
      },
      Order: {
        type: "object",
        required: ["id", "status", "total"],
        properties: {
          id: { type: "string" },
          status: { type: "string", enum: ["open", "paid", "refunded"] },
          total: { type: "integer", format: "int64" },
          paidWith: { oneOf: [{ $ref: "#/components/schemas/Card" }, { type: "string" }] },
          replaces: { $ref: "#/components/schemas/Order" },
        },
      },
    },
    securitySchemes: { token: { type: "http", scheme: "bearer" } },
  },
};

test("a module from a document, with all its parts, is what was reviewed", async () => {
  const root = await freshProject();
  await writeFile(join(root, "acme.json"), JSON.stringify(DOCUMENT));
  const flags = ["--operations", "listOrders,refundOrder", "--with", "webhook,queue,cache"];
  const done = await integInProcess(["scaffold", "acme", "--from", "acme.json", ...flags], { cwd: root });
  expect(done).toMatchObject({ code: 0 });
  const made = filesBelow(join(root, "src/integrations"));
  if (process.env.INTEG_UPDATE === "1") {
    await rm(GOLDEN, { recursive: true, force: true });
    for (const [path, text] of made) {
      await mkdir(dirname(join(GOLDEN, path)), { recursive: true });
      await writeFile(join(GOLDEN, path), text);
    }
  }
  const golden = filesBelow(GOLDEN);
  expect([...made.keys()]).toEqual([...golden.keys()]);
  for (const [path, text] of made) expect(text, path).toBe(golden.get(path));
});
