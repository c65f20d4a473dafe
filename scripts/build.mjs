// Bundles src/ into dist/: a small start-up chunk, and lazy chunks that a command loads when it runs.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
rmSync("dist", { recursive: true, force: true });

/** Native, or loaded from the user's own project; everything else is bundled so that integ starts fast. */
const NEVER_BUNDLED = ["@napi-rs/keyring", "oxc-parser", "jiti"];

async function bundle(input, external) {
  const build = await rolldown({
    input,
    platform: "node",
    external: external.map((name) => new RegExp(`^${name}(/|$)`)),
    resolve: { conditionNames: ["node", "import", "default"] },
  });
  await build.write({
    dir: "dist",
    format: "esm",
    minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
    chunkFileNames: "chunks/[name]-[hash].js",
    comments: { legal: true },
  });
  await build.close();
}

await bundle({ main: "src/main.ts", index: "src/index.ts" }, NEVER_BUNDLED);
// The runtime shares the application's zod: schemas and the code that checks with them must be of one copy.
await bundle({ runtime: "src/runtime/index.ts" }, [...NEVER_BUNDLED, "zod"]);

execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json"], {
  stdio: "inherit",
});
