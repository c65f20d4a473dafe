import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * One counts every connection of its process, another's library keeps the first bus that its process asks for; the others
 * work on the largest inputs, and what they leave behind is no file's to inherit.
 */
const ALONE = [
  "test/secrets/keychain.real.test.ts",
  "test/runtime/chaos.test.ts",
  "test/contract/document/{corpus,hostile}.test.ts",
  "test/contract/extremes.test.ts",
];

const NO_TESTS = ["test/fixtures/**", "test/golden/**"];

/** What comes first, by path: who is in none of these comes last. */
const ORDER = [/\/test\/e2e\//, /\/test\/real\//];

/**
 * Those that are alone come first: the process that files share ends where one of them is the next, and what it has imported
 * is lost. Then the files that drive many processes, which take longest and are small: started last, one core would wait
 * for the other. Of these, those of servers that are being installed meanwhile come last.
 */
class Ordered extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project, moduleId }: TestSpecification) => {
      if (project.name === "alone") return -1;
      const index = ORDER.findIndex((pattern) => pattern.test(moduleId));
      return index < 0 ? ORDER.length : index;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
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
    // The built command line is run as it is, also within a test's process.
    server: { deps: { external: [/\/dist\//] } },
    // For what hangs: on a machine that others keep busy a test may take twenty times its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two for each core: many tests wait for a process, a server, a terminal.
    maxWorkers: 4,
    sequence: { sequencer: Ordered },
    // Translated sources are kept by their content: the run on the other Node, and the next one, begin with them.
    experimental: { fsModuleCache: true },
    globalSetup: ["test/support/global-setup.ts"],
    setupFiles: ["test/support/each-file.ts"],
    projects: [
      {
        // Files share a process, and what it has imported: importing our sources and their packages anew for each file
        // is as much work as the tests themselves. They put back what they replace.
        extends: true,
        test: {
          name: "together",
          include: ["test/**/*.test.ts", "templates/**/*.test.ts"],
          exclude: [...NO_TESTS, ...ALONE],
          isolate: false,
        },
      },
      { extends: true, test: { name: "alone", include: ALONE } },
    ],
  },
});
