import { type CommandSpec, defineCommand } from "./spec.ts";

const list = defineCommand({
  name: "presets list",
  group: "Start",
  summary: "providers that integ knows",
  args: {},
  options: {},
  examples: [
    { why: "All of them", command: "integ presets list" },
    { why: "For a script", command: "integ presets list --json" },
    { why: "Use one", command: "integ scaffold github" },
  ],
  json: true,
  load: () => import("../commands/presets/list.ts"),
});

const show = defineCommand({
  name: "presets show",
  group: "Start",
  summary: "what integ knows of a provider, with its sources",
  args: { name: { required: true, help: "name of a preset, such as stripe" } },
  options: {},
  examples: [
    { why: "Everything about Stripe", command: "integ presets show stripe" },
    { why: "What must be set to use Zendesk", command: "integ presets show zendesk" },
    { why: "For a script", command: "integ presets show github --json" },
  ],
  json: true,
  load: () => import("../commands/presets/show.ts"),
});

export const presets: readonly CommandSpec[] = [list, show];
