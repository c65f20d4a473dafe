import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { source } from "./support.mjs";

/** One answer of about 10 kB. */
export const answer = (seed) => ({
  object: "list",
  page: seed,
  data: Array.from({ length: 40 }, (_, i) => ({
    id: `cus_${seed}_${i}`,
    email: `person${i}@example.com`,
    name: "Somebody With A Name",
    balance: i * 100,
    created: 1_700_000_000 + i,
    active: i % 2 === 0,
    address: { line1: "1 Street", city: "City", country: "US" },
    tags: ["a", "b"],
    note: i % 3 ? "a note that is a bit longer" : null,
  })),
});

/** Writes a project whose endpoints are all recorded: `integrations` × `endpoints`, at `baseUrl`. */
export async function writeProject(root, { baseUrl, integrations, endpoints }) {
  const { infer } = await source("src/contract/infer.ts");
  const { formatContract } = await source("src/contract/store.ts");
  const shape = await infer(Array.from({ length: 40 }, (_, i) => answer(i)));
  mkdirSync(join(root, "src/integrations"), { recursive: true });
  writeFileSync(join(root, "integ.config.yaml"), "project: bench\nsecrets: { store: env }\n");
  for (let n = 0; n < integrations; n++) {
    const directory = join(root, `src/integrations/api${n}`);
    mkdirSync(join(directory, "v1/contract"), { recursive: true });
    const lines = Array.from({ length: endpoints }, (_, i) => `  e${i}: { request: GET /api${n}/e${i} }`);
    const head = `name: api${n}\nbaseUrl: ${baseUrl}\nactive: v1\nversions: { v1: {} }\nendpoints:\n`;
    writeFileSync(join(directory, "integration.yaml"), `${head}${lines.join("\n")}\n`);
    for (let i = 0; i < endpoints; i++) {
      const contract = formatContract({
        shape,
        request: `GET /api${n}/e${i}`,
        status: 200,
        contentType: "application/json",
        samples: 40,
        headers: [],
        title: "",
      });
      writeFileSync(join(directory, `v1/contract/e${i}.json`), contract);
    }
  }
}
