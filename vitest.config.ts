import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Rooms whose test files share a process, and what it has imported: importing our sources and their packages anew for each
 * file is as much work as the tests themselves. Their tests put back what they replace.
 */
const TOGETHER = [
  "test/{base,check,cli,commands,config,contract,history,http,notify,probe,quota,report,runtime,sandbox,scaffold,secrets,testing}/**/*.test.ts",
  "templates/**/*.test.ts",
];

/** One counts every connection of its process; the others work on the largest inputs, and what they leave behind is no file's to inherit. */
const ALONE = [
  "test/runtime/chaos.test.ts",
  "test/contract/document/{corpus,hostile}.test.ts",
  "test/contract/extremes.test.ts",
];

const NO_TESTS = ["test/fixtures/**", "test/golden/**"];

/**
 * The files that drive many processes take longest and are small: started last, one core would wait for the other. Those
 * that share a process come one after the other, so that it is kept.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId, project }: TestSpecification) => {
      if (project.name === "together") return 2;
      return /\/test\/(e2e|real)\//.test(moduleId) ? 0 : 1;
    };
    return [0, 1, 2].flatMap((wanted) => sorted.filter((file) => rank(file) === wanted));
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
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    globalSetup: ["test/support/global-setup.ts"],
    setupFiles: ["test/support/each-file.ts"],
    projects: [
      {
        extends: true,
        test: { name: "alone", include: ["test/**/*.test.ts"], exclude: [...NO_TESTS, ...TOGETHER] },
      },
      {
        extends: true,
        test: { name: "together", include: TOGETHER, exclude: [...NO_TESTS, ...ALONE], isolate: false },
      },
      { extends: true, test: { name: "exceptions", include: ALONE } },
    ],
  },
});
