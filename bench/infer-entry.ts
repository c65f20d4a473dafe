/** Reading and learning, as `record --from FILE` does both. */
export { textsIn } from "../src/commands/record/samples.ts";
export { Collector } from "../src/contract/infer.ts";
