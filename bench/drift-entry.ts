/** Invented APIs and their drifts, and the judge: what the benchmarks of inference and of drift use of this project. */
export { judge } from "../src/contract/judge.ts";
export { APIS } from "../test/contract/drift/apis.ts";
export { contractOf, mutate, pairOf, sample } from "../test/contract/drift/evaluate.ts";
export { HARMLESS } from "../test/contract/drift/harmless.ts";
export { MUTATIONS } from "../test/contract/drift/mutations.ts";
export { Random } from "../test/contract/drift/random.ts";
export { recordedPairs } from "../test/contract/drift/recorded.ts";
export * from "../test/contract/drift/table.ts";
