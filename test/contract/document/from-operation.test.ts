import { describe, expect, test } from "vitest";
import { accepts } from "../../../src/contract/accepts.ts";
import { contractFromOperation } from "../../../src/contract/document/from-operation.ts";
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

describe("a contract from an OpenAPI document", () => {
  test.each([
    ["by a parameter, below the server's base path", "GET", "/v1/things/7?expand=a", 200, "one"],
    ["by a literal part before a parameter", "GET", "/things/latest", 200, "latest"],
  ])("%s", (_, method, path, status, kind) => {
    const contract = contractFromOperation(DOCUMENT, { method, path });
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
    const contract = contractFromOperation(DOCUMENT, { method: "get", path: "/things/latest", status: 500 });
    expect(contract && accepts(contract.shape, { kind: "error" })).toBe(true);
  });

  test("required headers are promised, others are not", () => {
    expect(contractFromOperation(DOCUMENT, { method: "GET", path: "/things/7" })?.headers).toEqual(["etag"]);
  });

  test.each([
    ["no such operation", "GET", "/nothing"],
    ["another method", "POST", "/things/7"],
    ["nothing said about a body", "DELETE", "/things"],
  ])("%s: none", (_, method, path) => {
    expect(contractFromOperation(DOCUMENT, { method, path })).toBeUndefined();
  });
});
