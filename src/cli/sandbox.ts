import { defineCommand } from "./spec.ts";

export const sandbox = defineCommand({
  name: "sandbox",
  group: "Try and help",
  summary: "run an embedded API server with rate limits, faults and switchable drift",
  description: [
    "A payments API on 127.0.0.1: /v1/balance, /v1/customers, /v1/charges and key management, with Bearer keys, paged lists and quota headers. Prints its address and a key made for this run on stdout, and runs until Ctrl-C (exit code 130) or until --for is over (exit code 0).",
    'While it runs, POST JSON to /__sandbox to switch it: {"release": "v2"}, {"faults": ["error:3"]}, {"latencyMs": 300}.',
    "Faults: error, unavailable, rate-limited, unauthorized, forbidden, not-found, html, empty, not-json, content-type, truncated, reset, slow. KIND:TIMES ends after so many requests, KIND@PATH hits only some addresses.",
  ].join("\n\n"),
  args: {},
  options: {
    port: {
      type: "integer",
      value: "PORT",
      min: 0,
      max: 65_535,
      default: 0,
      help: "port on 127.0.0.1, 0 for a free one",
      group: "Network",
    },
    release: {
      type: "string",
      value: "NAME",
      choices: ["v1", "v2"],
      default: "v1",
      help: "release of the responses: v1, or v2 that drifted",
    },
    quota: {
      type: "string",
      value: "FAMILY",
      choices: ["epoch", "ietf", "ietf-draft3", "openai", "github", "usage", "anthropic", "none"],
      default: "epoch",
      help: "family of the rate-limit headers",
    },
    limit: {
      type: "integer",
      value: "COUNT",
      min: 0,
      default: 1000,
      help: "requests of one key in a minute, then 429",
    },
    latency: {
      type: "duration",
      value: "DURATION",
      default: 0,
      help: "delay of each answer",
      group: "Network",
    },
    jitter: {
      type: "duration",
      value: "DURATION",
      default: 0,
      help: "the most by which the delay varies",
      group: "Network",
    },
    fault: { type: "strings", value: "FAULT", help: "what goes wrong, KIND[:TIMES][@PATH]; repeatable" },
    sunset: { type: "duration", value: "DURATION", help: "announce the API's end, so long from now" },
    seed: { type: "integer", value: "NUMBER", default: 1, help: "same seed, same customers and charges" },
    for: { type: "duration", value: "DURATION", help: "stop by itself after this time" },
  },
  json: false,
  examples: [
    { why: "An API to try everything on, for a quarter of an hour", command: "integ sandbox --for 15m" },
    {
      why: "A slow one that speaks of its quota as the IETF draft says",
      command: "integ sandbox --latency 120ms --jitter 30ms --quota ietf --for 15m",
    },
    {
      why: "Already drifted, and failing three times first",
      command: "integ sandbox --release v2 --fault error:3 --for 15m",
    },
    {
      why: "One that spends its quota quickly, and is to be gone in 30 days",
      command: "integ sandbox --limit 5 --sunset 30d --for 15m",
    },
  ],
  load: () => import("../commands/sandbox.ts"),
});
