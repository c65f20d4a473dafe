// What the benchmarks of probing measure, as it is shipped.
export { createHttpClient } from "../src/http/client.ts";
export { QuotaLedger } from "../src/probe/ledger.ts";
export { runLoad } from "../src/probe/load.ts";
export { probeAll } from "../src/probe/run-all.ts";
export { subjectOfUrl } from "../src/probe/subject.ts";
