import { describe, expect, test } from "vitest";
import { accepts } from "../../../src/contract/accepts.ts";
import { type Asked, declaredIn } from "../../../src/contract/document/from-operation.ts";
import { documentOf } from "../../../src/contract/document/load.ts";

const answer = (type: string) => ({
  content: {
    "application/json; charset=utf-8": {
      schema: { type: "object", properties: { kind: { const: type } }, required: ["kind"] },
    },
  },
});

const DOCUMENT = documentOf({
  openapi: "3.1.0",
  servers: [{ url: "https://x.test/v1/" }],
  paths: {
    "/things/{id}": {
      get: {
        operationId: "getThing",
        responses: { 404: {}, 200: { ...answer("one"), headers: { ETag: { required: true }, Age: {} } } },
      },
    },
    "/things/latest": { get: { responses: { "2XX": answer("latest"), default: answer("error") } } },
    "/things": { delete: { responses: { 204: {} } } },
  },
});

const declared = (asked: Asked) => {
  const found = declaredIn(DOCUMENT)(asked);
  return "lacks" in found ? undefined : found;
};

describe("a contract from an OpenAPI document", () => {
  test.each([
    ["by a parameter, below the server's base path", "GET", "/v1/things/7?expand=a", 200, "one"],
    ["by a literal part before a parameter", "GET", "/things/latest", 200, "latest"],
  ])("%s", (_, method, path, status, kind) => {
    const contract = declared({ method, path });
    expect(contract).toMatchObject({
      request: `${method} ${path}`,
      status,
      contentType: "application/json",
      samples: 0,
    });
    expect(contract && accepts(contract.shape, { kind })).toBe(true);
    expect(contract && accepts(contract.shape, { kind: "other" })).toBe(false);
  });

  test("of a status that is asked for", () => {
    const contract = declared({ method: "get", path: "/things/latest", status: 500 });
    expect(contract && accepts(contract.shape, { kind: "error" })).toBe(true);
  });

  test("required headers are promised, others are not", () => {
    expect(declared({ method: "GET", path: "/things/7" })?.headers).toEqual(["etag"]);
  });

  test.each([
    ["no such operation, and none like it", "GET", "/nothing", { lacks: "operation", similar: [] }],
    ["a slip of the pen", "GET", "/thing/latest", { lacks: "operation", similar: ["GET /things/latest"] }],
    [
      "words in common",
      "GET",
      "/api/v3/accounts/7/things",
      { lacks: "operation", similar: ["GET /things/{id}", "GET /things/latest"] },
    ],
    [
      "nothing said about a body",
      "DELETE",
      "/things",
      { lacks: "answer", operation: "DELETE /things", statuses: ["204"] },
    ],
  ])("%s", (_, method, path, why) => {
    expect(declaredIn(DOCUMENT)({ method, path })).toEqual(why);
  });
});
