import { redis } from "./shared-options.ts";
import { defineCommand } from "./spec.ts";

export const worker = defineCommand({
  name: "worker",
  group: "Contracts",
  summary: "take endpoints of `integ check --redis`, on any number of machines",
  description: [
    "Runs in a checkout of the same commit as the check, with the secrets of its environments: they are read here and never go through Redis. Needs the packages bullmq and ioredis.",
    "SIGTERM and Ctrl-C let it finish what is under way. The work of a worker that dies goes to another; each endpoint counts once.",
  ].join("\n\n"),
  args: {},
  options: {
    redis: { ...redis, default: "redis://127.0.0.1:6379" },
    concurrency: {
      type: "integer",
      value: "N",
      min: 1,
      max: 256,
      default: 16,
      help: "endpoints at once, four of one host at most",
      group: "Network",
    },
    lease: {
      type: "duration",
      value: "DURATION",
      help: "after how long work of a worker that died is given to others (default 15s)",
      group: "Network",
    },
    idle: {
      type: "duration",
      value: "DURATION",
      help: "end after this time without work (default: never)",
      group: "Network",
    },
    grace: {
      type: "duration",
      value: "DURATION",
      help: "time to finish what is under way when asked to end (default 30s)",
      group: "Network",
    },
  },
  examples: [
    { why: "Until it is asked to end", command: "integ worker --redis redis://127.0.0.1:6379" },
    {
      why: "In a job of CI that ends by itself",
      command: "integ worker --redis redis://127.0.0.1:6379 --idle 2m",
    },
    {
      why: "On a small machine",
      command: "integ worker --redis redis://127.0.0.1:6379 --concurrency 4 --idle 10m",
    },
  ],
  json: false,
  load: () => import("../commands/worker.ts"),
});
