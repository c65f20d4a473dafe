import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { documentOf } from "../../src/contract/document/load.ts";
import { parseAsJson } from "../../src/contract/document/text/parse.ts";
import { operationsOf, readApi } from "../../src/scaffold/openapi/source.ts";
import { freshProject, typeCheck } from "../support/fresh-project.ts";

/** Documents that providers publish; they lie beside the repository where there is a corpus, and not in it. */
const corpus = fileURLToPath(new URL("../../../shared/data/specs", import.meta.url));

/** The newest JSON document of each provider. */
function documents(): string[] {
  if (!existsSync(corpus)) return [];
  return readdirSync(corpus).flatMap((provider) => {
    const files = readdirSync(join(corpus, provider)).filter(
      (file) => file.endsWith(".json.gz") && !file.startsWith("fixtures"),
    );
    const last = files.sort().at(-1);
    return last === undefined ? [] : [join(provider, last)];
  });
}

describe.runIf(documents().length > 0)("ten operations of each provider's document", () => {
  test("become schemas that type-check under strict and accept their own samples", {
    timeout: 300_000,
  }, async () => {
    const root = await freshProject();
    await mkdir(join(root, "src"));
    const refused: string[] = [];
    for (const [index, file] of documents().entries()) {
      const parsed = parseAsJson(gunzipSync(readFileSync(join(corpus, file))));
      if (!parsed.ok) throw new Error(`${file} is not JSON`);
      const document = documentOf(parsed.value, file);
      const all = operationsOf(document);
      const step = Math.max(1, Math.floor(all.length / 10));
      const chosen = all.filter((_, n) => n % step === 0).slice(0, 10);
      const api = readApi(
        document,
        chosen.map(({ method, path }) => `${method} ${path}`),
      );
      const path = join(root, "src", `document-${index}.ts`);
      await writeFile(path, api.schemas);
      const module: Record<string, unknown> = await import(/* @vite-ignore */ path);
      for (const { consumer, sample } of api.operations) {
        const schema = module[consumer];
        const accepted = typeof schema === "object" && schema !== null && "parse" in schema;
        const verdict = accepted ? z.safeParse(schema as unknown as z.ZodType, sample) : { success: false };
        if (!verdict.success) refused.push(`${file} ${consumer}`);
      }
    }
    expect(refused).toEqual([]);
    const types = await typeCheck(root);
    expect(types.stdout).toBe("");
  });
});
