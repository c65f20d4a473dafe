/** A project whose contract, manifest or document is in some state, and how grave a rule is there; `undefined`: silent. */
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
  severity: string | undefined,
];

const CONTRACT = (request: string, more: object = {}) =>
  JSON.stringify({ "x-integ": { contract: 1, request, status: 200, samples: 5 }, type: "object", ...more });
const described = (status: string, type = "application/json") => ({
  get: { responses: { [status]: { content: { [type]: { schema: { type: "object" } } } } } },
});

/** Rules about contracts' files and the requests they belong to. */
export const FILE_CASES: readonly FileCase[] = [
  ["not-recorded", "there is no file", { contract: null }, "inconclusive"],
  [
    "not-recorded",
    "nor for a request that is not sent",
    { contract: null, endpoint: "{ request: GET /other }" },
    "inconclusive",
  ],
  ["not-recorded", "there is one", {}, undefined],
  ["not-recorded", "one by hand", { contract: CONTRACT("GET /thing") }, undefined],
  ["other-request", "another path", { contract: CONTRACT("GET /other") }, "inconclusive"],
  ["other-request", "another query", { contract: CONTRACT("GET /thing?limit=1") }, "inconclusive"],
  ["other-request", "the same request", { contract: CONTRACT("GET /thing") }, undefined],
  ["other-request", "no contract is none of another request", { contract: null }, undefined],
  ["unreadable", "no JSON", { contract: '{"type": "object"' }, "error"],
  ["unreadable", "marks of a merge", { contract: '<<<<<<< ours\n{"type": "object"}\n' }, "error"],
  [
    "unreadable",
    "a type that there is not",
    { contract: CONTRACT("GET /thing", { type: "objekt" }) },
    "error",
  ],
  [
    "unreadable",
    "a reference to nowhere",
    { contract: CONTRACT("GET /thing", { items: { $ref: "#/$defs/X" }, type: "array" }) },
    "error",
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
  ["unsafe-method", "POST", { endpoint: "{ request: POST /thing }" }, "inconclusive"],
  ["unsafe-method", "DELETE", { endpoint: "{ request: DELETE /thing }" }, "inconclusive"],
  [
    "unsafe-method",
    "POST that the manifest allows",
    { endpoint: "{ request: POST /thing, unsafe: true }" },
    undefined,
  ],
  ["unsafe-method", "HEAD", { endpoint: "{ request: HEAD /thing }" }, undefined],
  ["not-in-document", "another path", { paths: { "/other": described("200") } }, "error"],
  ["not-in-document", "no JSON answer", { paths: { "/thing": described("200", "image/png") } }, "error"],
  ["not-in-document", "described", { paths: { "/thing": described("200") } }, undefined],
  ["not-in-document", "by a parameter and a range", { paths: { "/{what}": described("2XX") } }, undefined],
];
