import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that drive many processes take longest and are small: started last, one core would wait for the other. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const long = ({ moduleId }: TestSpecification) => /\/test\/(e2e|real)\//.test(moduleId);
    return [...sorted.filter(long), ...sorted.filter((file) => !long(file))];
  }
}

export default defineConfig({
  // Templates import the runtime by the name that scaffolded modules know it by.
  resolve: {
    alias: {
      "integ/runtime": fileURLToPath(new URL("src/runtime/index.ts", import.meta.url)),
      "integ/testing": fileURLToPath(new URL("src/testing/index.ts", import.meta.url)),
    },
  },
  test: {
    include: ["test/**/*.test.ts", "templates/**/*.test.ts"],
    exclude: ["test/fixtures/**", "test/golden/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    globalSetup: ["test/support/global-setup.ts"],
  },
});
