import { expect, test } from "vitest";
import type { Answers } from "../../src/scaffold/answers.ts";
import { generateModule } from "../../src/scaffold/generate.ts";
import { type ManifestEdits, manifestEdits } from "../../src/scaffold/manifest-edits.ts";

const PRISTINE = `name: acme
baseUrl: https://api.example.com
versions:
  v1: { headers: { Acme-Version: 2026-01-01 } }
`;
const version = (name: string, headers: Record<string, string>) => ({ name, headers, directory: `/${name}` });
const asGenerated = {
  baseUrl: { "*": "https://api.example.com" },
  versions: [version("v1", { "Acme-Version": "2026-01-01" })],
};

test("what nobody changed in the manifest is no edit, so that a template may change it", () => {
  expect(manifestEdits(asGenerated, PRISTINE)).toEqual({ generatedWith: "v1", headers: {} });
  expect(manifestEdits({ ...asGenerated, baseUrl: { "*": "https://other.example" } }, undefined)).toEqual({
    headers: {},
  });
});

test("an address, a header and a later version's headers are edits", () => {
  const edited = {
    baseUrl: { dev: "https://test.example.com", prod: "https://api.example.com" },
    versions: [version("v1", { "Acme-Version": "2026-07-01" }), version("v2", {})],
  };
  expect(manifestEdits(edited, PRISTINE)).toEqual({
    generatedWith: "v1",
    baseUrl: edited.baseUrl,
    headers: { v1: { "Acme-Version": "2026-07-01" }, v2: {} },
  });
});

const answers: Answers = {
  baseUrl: "https://api.example.com",
  endpoints: ["get-thing=GET /things"],
  auth: "none",
  owner: "Engineering",
  with: [],
  importExtension: ".js",
};

function generated(versions: Record<string, Answers>, edits: ManifestEdits): Map<string, string> {
  const facts = { auth: { scheme: "none" } as const, secrets: [], prices: {}, ...edits };
  const place = { name: "acme", directory: "src", environments: [], facts };
  const names = Object.keys(versions);
  const router = { versions: names, active: names[0] ?? "" };
  return generateModule(place, { integ: "0", versions, files: {} }, router, new Map());
}

/** The clients of two versions, of which the second asks elsewhere. */
function clients(edits: ManifestEdits): string[] {
  const files = generated({ v1: answers, v2: { ...answers, baseUrl: "https://v2.example.com" } }, edits);
  return ["v1", "v2"].map((name) => files.get(`src/acme/${name}/client.ts`) ?? "");
}

test("edits go into the client of each version that they are about, and into no other", () => {
  const [v1, v2] = clients({ baseUrl: "https://moved.example", headers: { v2: { "Acme-Version": "2" } } });
  expect(v1).toContain('baseUrl: "https://moved.example"');
  expect(v1).not.toContain("Acme-Version");
  expect(v2).toContain('baseUrl: "https://v2.example.com"');
  expect(v2).toContain('"Acme-Version": "2"');
});

test("a manifest is generated with its first version as before, though that was retired: else it would be a conflict", () => {
  const path = "src/acme/integration.yaml";
  const before = generated({ v1: answers }, { headers: {} }).get(path);
  const after = generated({ v2: answers }, { generatedWith: "v1", headers: {} });
  expect(after.get(path)).toBe(before);
  expect([...after.keys()].some((file) => file.includes("/v1/"))).toBe(false);
});
