import { env, failOn, targets, timeout } from "./shared-options.ts";
import { defineCommand } from "./spec.ts";

export const probe = defineCommand({
  name: "probe",
  group: "Live APIs",
  summary: "measure latency, rate-limit quota, TLS and deprecation of live APIs",
  description: [
    "Works on targets of the project and on any URL, with no project at all. Cold connections (new TCP and TLS, no session resumed) and warm ones are sampled and shown apart; a percentile for which there are too few samples is not shown.",
    "A probe is polite: GET and HEAD only unless the manifest says `unsafe: true`, one request at a time for each credential, Retry-After obeyed, and the last 20% of every quota left alone.",
  ].join("\n\n"),
  args: {
    targets: {
      ...targets,
      help: "stripe, stripe@v1/get-balance, or https://… ; none means all of the project",
    },
  },
  options: {
    env,
    samples: {
      type: "integer",
      short: "s",
      value: "COUNT",
      min: 0,
      max: 100_000,
      default: 20,
      help: "requests on a reused connection, for each endpoint",
      group: "Check",
    },
    cold: {
      type: "integer",
      value: "COUNT",
      min: 0,
      max: 1000,
      default: 5,
      help: "requests on a new connection each; they come first",
      group: "Check",
    },
    pause: {
      type: "duration",
      value: "DURATION",
      default: 50,
      help: "between two requests, spread by half (default 50ms)",
      group: "Network",
    },
    timeout,
    failOn,
    detail: {
      type: "boolean",
      help: "phases as a waterfall and a histogram (as for a single endpoint)",
      group: "Output",
    },
  },
  json: true,
  examples: [
    { why: "Latency, TLS and rate limits of any URL", command: "integ probe https://api.github.com/zen" },
    { why: "Every endpoint of an integration in production", command: "integ probe stripe --env prod" },
    {
      why: "Phases and histogram of one endpoint, from enough samples for a p99",
      command: "integ probe stripe/get-balance --samples 100 --detail",
    },
    { why: "One request to each, for a script", command: "integ probe --samples 0 --cold 1 --json" },
  ],
  load: () => import("../commands/probe/run.ts"),
});
