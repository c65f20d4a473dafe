/** Runs a simulation over many seeds. A failure says its seed; run that one alone to see it. */
export async function overSeeds(count: number, run: (seed: number) => Promise<void>): Promise<void> {
  for (let seed = 1; seed <= count; seed++) {
    try {
      await run(seed);
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
}

/** Cheaper than `expect` in a loop of a hundred thousand. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}
