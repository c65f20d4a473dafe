/** Learning alone, as the command loads it. */
export { Collector } from "../src/contract/infer.ts";
