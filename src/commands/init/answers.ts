import type * as z from "zod";
import type { Prompter } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { StoreKind } from "../../config/project.ts";
import { configSchema, STORE_KINDS } from "../../config/schema/config.ts";
import { environmentName } from "../../config/schema/values.ts";
import type { FoundStore } from "../../secrets/machine.ts";

export type Ci = "github" | "gitlab" | "none";

export const CHANNELS = ["slack", "webhook", "email"] as const;
export type Channel = (typeof CHANNELS)[number];

/** Whom the daily run tells of what is new or gone. */
export interface Alarms {
  channels: readonly Channel[];
  /** One GitHub issue per finding. */
  issues: boolean;
}

/** Everything that init has to know. */
export interface Answers {
  project: string;
  environments: string[];
  store: StoreKind;
  ci: Ci;
  alarms: Alarms;
  /** Directory of the integrations, relative to the root. */
  directory: string;
}

/** What a person said on the command line. */
export interface Given {
  project: string | undefined;
  environments: readonly string[];
  store: string | undefined;
  ci: string | undefined;
  notify: readonly string[];
  openIssues: boolean | undefined;
  dir: string | undefined;
}

/** `true`, or why not: the rest of a sentence, as prompts want it. */
function judge(schema: z.ZodType, value: unknown): true | string {
  const { error } = schema.safeParse(value);
  return error ? (error.issues[0]?.message ?? "is not valid") : true;
}

function checked(flag: string, schema: z.ZodType, value: string): string {
  const verdict = judge(schema, value);
  if (verdict === true) return value;
  throw new UsageError(`--${flag} ${verdict}, but is \`${value}\``, { code: "usage/invalid-value" });
}

const splitNames = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

function environmentsProblem(text: string): true | string {
  const names = splitNames(text);
  if (names.length === 0) return "at least one is needed";
  const problems = names.map((name) => judge(environmentName, name));
  return problems.find((problem) => problem !== true) ?? true;
}

const STORES: readonly { value: StoreKind; name: string; description: string }[] = [
  {
    value: "keychain",
    name: "keychain",
    description: "the operating system's: macOS, Windows, Secret Service",
  },
  { value: "vault", name: "vault", description: "an encrypted file, for machines without a desktop" },
  { value: "env", name: "env", description: "environment variables only; integ stores nothing" },
  {
    value: "hashicorp-vault",
    name: "hashicorp-vault",
    description: "a KV engine of version 2; VAULT_ADDR and VAULT_TOKEN",
  },
  {
    value: "aws-secrets-manager",
    name: "aws-secrets-manager",
    description: "with the credentials of the AWS tools",
  },
];

const CIS: readonly { value: Ci; name: string }[] = [
  { value: "github", name: "GitHub Actions" },
  { value: "gitlab", name: "GitLab CI" },
  { value: "none", name: "none" },
];

/** The stores, those that this machine has with what tells it. */
function storeChoices(found: readonly FoundStore[]) {
  return STORES.map((choice) => {
    const why = choice.value === "vault" ? undefined : found.find(({ store }) => store === choice.value)?.why;
    return why === undefined ? choice : { ...choice, description: `${choice.description}; here: ${why}` };
  });
}

async function ask(
  prompt: Prompter,
  given: Given,
  preset: Answers,
  found: readonly FoundStore[],
): Promise<Answers> {
  const answers = { ...preset };
  const { project } = configSchema.shape;
  if (given.project === undefined)
    answers.project = await prompt.text({
      message: "Name of the project, in keychains too",
      default: preset.project,
      validate: (value) => judge(project, value),
    });
  if (given.environments.length === 0)
    answers.environments = splitNames(
      await prompt.text({
        message: "Environments",
        default: preset.environments.join(", "),
        validate: environmentsProblem,
      }),
    );
  if (given.store === undefined)
    answers.store = await prompt.select({
      message: "Where do secrets live?",
      choices: storeChoices(found),
      default: preset.store,
    });
  if (given.ci === undefined)
    answers.ci = await prompt.select({
      message: "Check in CI with",
      choices: [...CIS],
      default: preset.ci,
    });
  if (answers.ci !== "none" && !tells(preset.alarms)) answers.alarms = await askAlarms(prompt, answers.ci);
  return answers;
}

const tells = ({ channels, issues }: Alarms) => channels.length > 0 || issues;

/** Issues are GitHub's. */
async function askAlarms(prompt: Prompter, ci: Ci): Promise<Alarms> {
  const choices = [
    { name: "Slack", value: "slack" },
    { name: "a webhook of yours", value: "webhook" },
    { name: "e-mail", value: "email" },
    ...(ci === "github" ? [{ name: "GitHub issues, one per finding", value: "issues" }] : []),
  ];
  const chosen = await prompt.checkbox({ message: "The daily run tells", choices });
  return { channels: CHANNELS.filter((name) => chosen.includes(name)), issues: chosen.includes("issues") };
}

/** @throws UsageError where CI cannot tell so */
function givenAlarms({ notify, openIssues = false }: Given, ci: Ci): Alarms {
  if (openIssues && ci === "gitlab") {
    throw new UsageError("--open-issues: issues are kept on GitHub only", {
      code: "usage/open-issues",
      hint: "with --ci gitlab choose --notify slack, webhook or email",
    });
  }
  return { channels: CHANNELS.filter((name) => notify.includes(name)), issues: openIssues };
}

const oneOf = <T extends string>(values: readonly T[], value: string | undefined): T | undefined =>
  values.find((candidate) => candidate === value);

/**
 * The answers: flags first, then a person where there is one, then the presets.
 * @throws UsageError for a flag whose value the configuration would not take
 */
export async function collectAnswers(
  given: Given,
  defaults: { project: string; stores: readonly [FoundStore, ...FoundStore[]]; ci: Ci },
  prompt: Prompter | undefined,
): Promise<Answers> {
  const { project, integrations } = configSchema.shape;
  const named = given.environments.flatMap(splitNames);
  for (const name of named) checked("environments", environmentName, name);
  const ci = oneOf(["github", "gitlab", "none"], given.ci) ?? defaults.ci;
  const preset: Answers = {
    project: checked("project", project, given.project ?? defaults.project),
    environments: named.length > 0 ? [...new Set(named)] : ["dev", "staging", "prod"],
    store: oneOf(STORE_KINDS, given.store) ?? defaults.stores[0].store,
    ci,
    alarms: givenAlarms(given, ci),
    directory: checked("dir", integrations, given.dir ?? "src/integrations").replace(/\/+$/, ""),
  };
  return prompt ? ask(prompt, given, preset, defaults.stores) : preset;
}
