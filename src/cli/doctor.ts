import { env, failOn } from "./shared-options.ts";
import { defineCommand } from "./spec.ts";

export const doctor = defineCommand({
  name: "doctor",
  group: "Start",
  summary: "whether this machine and project have what the other commands need",
  description:
    "Looks at Node, proxy variables, the configuration, the environment's store of secrets and what is missing or due in it, contracts that are missing or about another request, and sends one HEAD request without credentials to each provider's address: does its name resolve, is its certificate good, is this clock right. Each line is ok, warn or fail, with what to do. Writes nothing.",
  args: {},
  options: {
    env,
    offline: { type: "boolean", help: "send nothing", group: "Network" },
    failOn,
  },
  examples: [
    { why: "Something does not work, or the machine is new", command: "integ doctor" },
    { why: "Before a release: the stores and addresses of production", command: "integ doctor --env prod" },
    { why: "For a bug report or a script, nothing sent", command: "integ doctor --offline --json" },
  ],
  json: true,
  load: () => import("../commands/doctor/run.ts"),
});
