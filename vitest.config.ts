import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // Templates import the runtime by the name that scaffolded modules know it by.
  resolve: { alias: { "integ/runtime": fileURLToPath(new URL("src/runtime/index.ts", import.meta.url)) } },
  test: {
    include: ["test/**/*.test.ts", "templates/**/*.test.ts"],
    exclude: ["test/fixtures/**", "test/golden/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    globalSetup: ["test/support/global-setup.ts"],
  },
});
