/**
 * A project whose contract, manifest or document is in some state, how grave a rule is there, and where: file, line and column, or the
 * endpoint that the finding names. `undefined`: silent.
 */
export type FileCase = readonly [
  rule: string,
  why: string,
  state: {
    /** The endpoint in the manifest; default: `{ request: GET /thing }`. */
    endpoint?: string;
    /** Text of the contract's file; `undefined`: recorded of what the API answers; null: no file. */
    contract?: string | null;
    /** Paths of an OpenAPI document to record from, instead of asking. */
    paths?: object;
  },
  said: string | undefined,
];

const CONTRACT = (request: string, more: object = {}) =>
  JSON.stringify({ "x-integ": { contract: 1, request, status: 200, samples: 5 }, type: "object", ...more });
const described = (status: string, type = "application/json") => ({
  get: { responses: { [status]: { content: { [type]: { schema: { type: "object" } } } } } },
});

/** Rules about contracts' files and the requests they belong to. */
export const FILE_CASES: readonly FileCase[] = [
  ["not-recorded", "there is no file", { contract: null }, "inconclusive get-thing"],
  [
    "not-recorded",
    "nor for a request that is not sent",
    { contract: null, endpoint: "{ request: GET /other }" },
    "inconclusive get-thing",
  ],
  ["not-recorded", "there is one", {}, undefined],
  ["not-recorded", "one by hand", { contract: CONTRACT("GET /thing") }, undefined],
  ["other-request", "another path", { contract: CONTRACT("GET /other") }, "inconclusive get-thing"],
  ["other-request", "another query", { contract: CONTRACT("GET /thing?limit=1") }, "inconclusive get-thing"],
  ["other-request", "the same request", { contract: CONTRACT("GET /thing") }, undefined],
  ["other-request", "no contract is none of another request", { contract: null }, undefined],
  ["unreadable", "no JSON", { contract: '{"type": "object"' }, "error get-thing.json:1:18"],
  [
    "unreadable",
    "marks of a merge",
    { contract: '<<<<<<< ours\n{"type": "object"}\n' },
    "error get-thing.json:1:1",
  ],
  [
    "unreadable",
    "a type that there is not",
    { contract: CONTRACT("GET /thing", { type: "objekt" }) },
    "error get-thing.json:1:1",
  ],
  [
    "unreadable",
    "a reference to nowhere",
    { contract: CONTRACT("GET /thing", { items: { $ref: "#/$defs/X" }, type: "array" }) },
    "error get-thing.json:1:90",
  ],
  [
    "unreadable",
    "words that it does not know",
    { contract: CONTRACT("GET /thing", { "x-ours": 1, description: "d" }) },
    undefined,
  ],
  [
    "unreadable",
    "a contract that allows anything",
    { contract: CONTRACT("GET /thing", { type: undefined }) },
    undefined,
  ],
  ["unsafe-method", "POST", { endpoint: "{ request: POST /thing }" }, "inconclusive get-thing"],
  ["unsafe-method", "DELETE", { endpoint: "{ request: DELETE /thing }" }, "inconclusive get-thing"],
  [
    "unsafe-method",
    "POST that the manifest allows",
    { endpoint: "{ request: POST /thing, unsafe: true }" },
    undefined,
  ],
  ["unsafe-method", "HEAD", { endpoint: "{ request: HEAD /thing }" }, undefined],
  [
    "not-in-document",
    "another path",
    { paths: { "/other": described("200") } },
    "error integration.yaml:6:3",
  ],
  [
    "not-in-document",
    "no JSON answer",
    { paths: { "/thing": described("200", "image/png") } },
    "error integration.yaml:6:3",
  ],
  ["not-in-document", "described", { paths: { "/thing": described("200") } }, undefined],
  ["not-in-document", "by a parameter and a range", { paths: { "/{what}": described("2XX") } }, undefined],
];
