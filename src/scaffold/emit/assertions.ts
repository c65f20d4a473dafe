import { inBrackets } from "./layout.ts";

/** Which library a module's tests are written for. */
export const TEST_RUNNERS = ["vitest", "node"] as const;
export type TestRunner = (typeof TEST_RUNNERS)[number];

/** How a test says what it expects; each gives one statement, formatted. */
export interface Assertions {
  /** Two values of any depth are alike. */
  alike(actual: string, expected: string): string;
  /** Two plain values are the same. */
  same(actual: string, expected: string): string;
  hasLength(list: string, length: number): string;
  rejects(promise: string, error: string): string;
}

const vitest: Assertions = {
  alike: (actual, expected) => `  expect(${actual}).toEqual(${expected});`,
  same: (actual, expected) => inBrackets("  ", `expect(${actual}).toBe(`, [expected], ");"),
  hasLength: (list, length) => `  expect(${list}).toHaveLength(${length});`,
  rejects: (promise, error) => `  await expect(${promise}).rejects.toThrow(${error});`,
};

const node: Assertions = {
  alike: (actual, expected) => `  assert.deepEqual(${actual}, ${expected});`,
  same: (actual, expected) => inBrackets("  ", "assert.equal(", [actual, expected], ");"),
  hasLength: (list, length) => `  assert.equal(${list}.length, ${length});`,
  rejects: (promise, error) => `  await assert.rejects(${promise}, ${error});`,
};

export const ASSERTIONS: Readonly<Record<TestRunner, Assertions>> = { vitest, node };
