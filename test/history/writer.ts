import { History } from "../../src/history/history.ts";

/** Adds 20 runs one by one, as one of several processes. */
const [root = "", endpoint = ""] = process.argv.slice(2);
const history = await History.open(root);
for (let turn = 0; turn < 20; turn++) {
  await history.add([
    {
      subject: "shared",
      startedAt: turn,
      endpoint,
      samples: 1,
      errors: 0,
      outcome: "ok",
      totals: [1],
      phases: {},
      report: null,
    },
  ]);
}
history.close();
