import { describe, expect, test } from "vitest";
import type { DocumentChange } from "../../../src/contract/document/changes.ts";
import { type CompareOptions, compareDocuments } from "../../../src/contract/document/compare-documents.ts";
import { findingsOf } from "../../../src/contract/document/findings.ts";
import { documentOf } from "../../../src/contract/document/load.ts";

import {
  BASE,
  DOCUMENT_CASES,
  DOCUMENT_SETTINGS,
  GET,
  OK,
  replaced,
  VERSION_CASES,
} from "./document-cases.ts";

const TODAY: CompareOptions = { today: "2026-11-22" };

/** All but what is said of the version, which stays the same in most cases. */
const differences = (before: unknown, after: unknown, options?: CompareOptions): string[] =>
  allDifferences(before, after, options).filter((line) => !/ version-not-bumped /.test(line));

/** Severity, rule, operation, where in it, JSONPath; then the place in the new document, and in the old one where it is another. */
function allDifferences(before: unknown, after: unknown, options: CompareOptions = TODAY): string[] {
  const [a, b] = [documentOf(before, "old"), documentOf(after, "new")];
  const { changes } = compareDocuments(a, b, options);
  return changes
    .flatMap((change) => {
      const { findings } = findingsOf([change], { before: a.locator, after: b.locator });
      return findings.map(({ rule, severity, endpoint, path, message }) => {
        expect(message.toLowerCase()).toContain(change.where.toLowerCase());
        const about = [severity, rule.slice("contract/".length), endpoint, change.where, path];
        return [...about, ...pointersOf(change)]
          .filter((part) => part !== undefined && part !== "")
          .join(" ");
      });
    })
    .sort();
}

/** As if path items stood where they are referred to. */
function pointersOf({ source: { before, after } }: DocumentChange): string[] {
  const [old, fresh] = [before, after].map(
    (place) =>
      `#${place?.pointer.replace(/^\/components\/pathItems\/Path\d+/, "/paths/~1things") ?? " nowhere"}`,
  );
  return old === fresh ? [`${fresh}`] : [`${fresh} was ${old}`];
}

describe("what differs between two documents", () => {
  describe.each(DOCUMENT_SETTINGS)("%s", (_setting, written) => {
    test.each(DOCUMENT_CASES)("%s", (_, path, before, after, expected, expectedBack) => {
      const [a, b] = [written(replaced(BASE, path, before)), written(replaced(BASE, path, after))];
      expect(differences(a, b)).toEqual(expected);
      expect(differences(b, a)).toEqual(expectedBack);
      expect(differences(a, a)).toEqual([]);
    });
  });

  test.each(VERSION_CASES)(
    "%s from %j with a change that is %s: %s",
    (rule, [from, to], change, severity) => {
      const thing = ["paths", "/things", "delete"];
      const version = ["info", "version"];
      const [old, fresh] = { breaking: [{}, undefined], harmless: [undefined, {}], none: [{}, {}] }[change];
      const [a, b] = [
        replaced(replaced(BASE, thing, old), version, from),
        replaced(replaced(BASE, thing, fresh), version, to),
      ];
      const said = allDifferences(a, b).filter((line) => line.split(" ")[1] === rule);
      expect(said).toEqual(severity === undefined ? [] : [`${severity} ${rule} #/info/version`]);
    },
  );

  test("names of path parameters do not count, their places do", () => {
    const path = (name: string) => ({
      [`/a/{${name}}`]: {
        get: { parameters: [{ name, in: "path", required: true, schema: { type: "string" } }] },
      },
    });
    expect(differences({ ...BASE, paths: path("id") }, { ...BASE, paths: path("thing_id") })).toEqual([]);
  });

  test("parameters of the path hold for its operations", () => {
    const paths = { "/a": { parameters: [{ name: "q", in: "query", required: true }], get: {} } };
    expect(differences({ ...BASE, paths: { "/a": { get: {} } } }, { ...BASE, paths })).toEqual([
      "error required-parameter-added GET /a query q #/paths/~1a/parameters/0 was #/paths/~1a/get",
    ]);
  });

  test("Swagger 2.0 and OpenAPI 3.0 that say the same", () => {
    const schema = { type: "object", properties: { id: { type: "string" } }, required: ["id"] };
    const swagger = {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      basePath: "/v1",
      consumes: ["application/json"],
      produces: ["application/json"],
      paths: {
        "/a": {
          post: {
            parameters: [
              { name: "body", in: "body", required: true, schema },
              {
                name: "ids",
                in: "query",
                type: "array",
                items: { type: "string" },
                collectionFormat: "multi",
              },
            ],
            responses: { 200: { schema, headers: { "X-Total": { type: "integer" } } } },
          },
        },
      },
    };
    const openapi = {
      openapi: "3.0.3",
      info: { title: "T", version: "1" },
      servers: [{ url: "https://x.test/v1" }],
      paths: {
        "/a": {
          post: {
            requestBody: { required: true, content: { "application/json": { schema } } },
            parameters: [{ name: "ids", in: "query", schema: { type: "array", items: { type: "string" } } }],
            responses: {
              200: {
                content: { "application/json": { schema } },
                headers: { "X-Total": { schema: { type: "integer" } } },
              },
            },
          },
        },
      },
    };
    expect(differences(swagger, openapi)).toEqual([]);
    expect(differences(openapi, swagger)).toEqual([]);
  });

  describe("a file of Swagger 2.0", () => {
    const info = { title: "T", version: "1" };
    const swagger = (type: string) => ({
      swagger: "2.0",
      info,
      paths: {
        "/a": {
          post: {
            produces: ["application/pdf"],
            parameters: [{ name: "scan", in: "formData", type }],
            responses: { 200: { schema: { type } } },
          },
        },
      },
    });

    test("is a binary string of OpenAPI 3.0, in a form of several parts", () => {
      const file = { type: "string", format: "binary" };
      const form = { type: "object", properties: { scan: file } };
      const openapi = {
        openapi: "3.0.3",
        info,
        paths: {
          "/a": {
            post: {
              requestBody: { content: { "multipart/form-data": { schema: form } } },
              responses: { 200: { content: { "application/pdf": { schema: file } } } },
            },
          },
        },
      };
      expect(differences(swagger("file"), openapi)).toEqual([]);
      expect(differences(openapi, swagger("file"))).toEqual([]);
    });

    test("is not any text", () => {
      const form = "#/paths/~1a/post/parameters";
      const response = "response 200 application/pdf $ #/paths/~1a/post/responses/200/schema";
      expect(differences(swagger("file"), swagger("string"))).toEqual([
        `error media-type-removed POST /a request body ${form}`,
        `info media-type-added POST /a request body ${form}`,
        `warning format-changed POST /a ${response}`,
      ]);
    });
  });

  test("a shared schema changes once, at its shortest path, with all operations that it touches", () => {
    const shared = (type: string) => ({
      ...BASE,
      components: {
        schemas: {
          Thing: {
            type: "object",
            properties: { x: { type }, next: { $ref: "#/components/schemas/Thing" } },
          },
        },
      },
      paths: Object.fromEntries(
        ["/list", "/one"].map((path) => [
          path,
          {
            get: {
              responses: {
                200: {
                  content: {
                    "application/json": {
                      schema:
                        path === "/one"
                          ? { $ref: "#/components/schemas/Thing" }
                          : { type: "array", items: { $ref: "#/components/schemas/Thing" } },
                    },
                  },
                },
              },
            },
          },
        ]),
      ),
    });
    const { changes } = compareDocuments(documentOf(shared("string")), documentOf(shared("number")), {
      direction: "response",
    });
    const schema = changes.filter(({ rule }) => rule === "contract/type-changed");
    expect(schema).toMatchObject([
      { subject: "GET /one", path: "$.x", operations: ["GET /one", "GET /list"] },
    ]);
  });

  test("only the side that was asked for", () => {
    const after = replaced(replaced(BASE, [...OK, "headers", "Link"], undefined), [...GET, "parameters"], []);
    expect(differences(BASE, after, { ...TODAY, direction: "response" })).toEqual([
      "warning optional-header-removed GET /things response 200 header Link #/paths/~1things/get/responses/200 was #/paths/~1things/get/responses/200/headers/Link",
    ]);
    expect(differences(BASE, after, { ...TODAY, direction: "request" })).toEqual([
      "warning parameter-removed GET /things query limit #/paths/~1things/get was #/paths/~1things/get/parameters/0",
    ]);
  });
});
