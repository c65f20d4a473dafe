import { allowOutsideRefs, allowRemoteRefs, dryRun } from "./shared-options.ts";
import { defineCommand } from "./spec.ts";

export const scaffold = defineCommand({
  name: "scaffold",
  group: "Start",
  summary: "write a versioned module for a third-party API",
  description: [
    "From a preset (`integ presets list`), or for any other API from its address and endpoints: manifest, version router, typed client, consumer schemas and an offline test that passes as it is. The module is yours to edit.",
    "Nothing that is there is overwritten; all files are written, or none.",
  ].join("\n\n"),
  args: {
    name: { required: true, help: "name of the integration, such as stripe; a preset's, or your own" },
  },
  options: {
    preset: { type: "string", value: "NAME", help: "preset to use (default: the one called like the name)" },
    from: { type: "string", value: "FILE|URL", help: "OpenAPI document to take operations from" },
    operations: {
      type: "strings",
      value: "LIST",
      help: "its operations: operationIds, or 'GET /things/{id}'; repeatable",
    },
    allowRemoteRefs,
    allowOutsideRefs,
    fromHar: { type: "string", value: "FILE", help: "recorded traffic (HAR) to take operations from" },
    fromUrl: {
      type: "strings",
      value: "URL",
      help: "URL to ask once, and take what it answers; repeatable",
    },
    baseUrl: { type: "string", value: "URL", help: "base URL of the API; replaces the preset's" },
    template: {
      type: "string",
      value: "SOURCE",
      help: "a template of your own: a directory, npm:NAME or git+URL#REF",
    },
    set: {
      type: "strings",
      value: "NAME=VALUE",
      help: "part of the preset's base URL, such as subdomain=acme; repeatable",
    },
    endpoint: {
      type: "strings",
      value: "SPEC",
      help: 'NAME=METHOD /path, as in "get-thing=GET /things/{id=1}"; repeatable',
    },
    auth: {
      type: "string",
      value: "SCHEME",
      help: "bearer (default), header:X-Key, query:key, basic, none, oauth2:TOKEN_URL, hmac:X-Key, …",
    },
    envVar: { type: "string", value: "NAME", help: "environment variable of the secret" },
    with: {
      type: "strings",
      value: "PARTS",
      choices: ["webhook", "queue", "cache"],
      help: "further parts, separated by commas: webhook, queue, cache",
    },
    testRunner: {
      type: "string",
      value: "NAME",
      choices: ["vitest", "node"],
      help: "what the module's tests are written for (default vitest)",
    },
    version: {
      type: "string",
      value: "VERSION",
      help: "v2 and on: beside the others, from the active one's code; --from, --preset: merged",
    },
    purpose: { type: "string", value: "TEXT", help: "what the API is used for" },
    owner: { type: "string", value: "TEAM", help: "team or person to ask (default Engineering)" },
    dryRun,
  },
  examples: [
    { why: "From a preset", command: "integ scaffold stripe" },
    { why: "See it first, as a diff", command: "integ scaffold stripe --with webhook,queue,cache --dry-run" },
    {
      why: "Any other API",
      command:
        'integ scaffold acme --base-url https://api.example.com --endpoint "get-thing=GET /things/{id=1}" --auth header:X-Api-Key',
    },
    {
      why: "Operations of an OpenAPI document",
      command: "integ scaffold acme --from openapi.json --operations 'GET /things,createThing'",
    },
    {
      why: "What a browser or a proxy recorded",
      command: "integ scaffold acme --from-har api.har --base-url https://api.example.com",
    },
    {
      why: "What an address answers",
      command: "integ scaffold github --from-url https://api.github.com/users/octocat",
    },
    { why: "The next version beside v1, your edits included", command: "integ scaffold stripe --version v2" },
    { why: "With a template of your own", command: "integ scaffold stripe --template templates/ours" },
    {
      why: "A second account of a provider",
      command: "integ scaffold stripe-eu --preset stripe --owner Payments",
    },
  ],
  json: true,
  load: () => import("../commands/scaffold/scaffold.ts"),
});
