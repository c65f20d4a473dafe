import { stringify } from "yaml";
import { CATALOG_BEGIN, CATALOG_END } from "../../config/catalog.ts";
import type { Answers } from "./answers.ts";

const scalar = (text: string): string => stringify(text, { lineWidth: 0 }).trimEnd();

const PRODUCTION = /^(prod|production|live)$/i;

function environments(names: readonly string[]): string {
  return names
    .map((name) =>
      PRODUCTION.test(name)
        ? `  ${scalar(name)}:\n    protected: true # reads and changes ask first`
        : `  ${scalar(name)}:`,
    )
    .join("\n");
}

/** integ.config.yaml: small, and every line of it says what it is for. */
export function configContent({ project, environments: names, store, directory }: Answers): string {
  const [first = "dev"] = names;
  return `# yaml-language-server: $schema=node_modules/integ/schema/integ.config.schema.json
# What integ knows of this project. An editor with YAML support shows every key there is.

# Names the project in keychains: keep it.
project: ${scalar(project)}
integrations: ${scalar(directory)}

# Each has its own base URLs and its own secrets.
environments:
${environments(names)}
defaultEnvironment: ${scalar(first)}

secrets:
  store: ${store} # keychain, vault (an encrypted file), env (variables only), hashicorp-vault or aws-secrets-manager

# Share of every rate limit that integ never touches.
quota:
  reserve: 20%
`;
}

export const IGNORED = ".integ/";
const COVERS = /^\/?(\*\*\/)?\.integ\/?$/;

/** .gitignore with what is missing; `undefined` where nothing is. Line ends stay what they are. */
export function ignoreContent(before: string | undefined): string | undefined {
  const lines = (before ?? "").split(/\r?\n/).map((line) => line.trim());
  if (lines.some((line) => COVERS.test(line))) return undefined;
  const end = before?.includes("\r\n") ? "\r\n" : "\n";
  const start = before === undefined || before === "" || /\n$/.test(before) ? "" : end;
  return `${before ?? ""}${start}# Local state of integ: history, rotation journal${end}${IGNORED}${end}`;
}

/** INTEGRATIONS.md before there is anything to list. */
export function catalogContent(): string {
  return `# Integrations

The third-party APIs that this project depends on.

${CATALOG_BEGIN}
No integrations yet: add one with \`integ scaffold <name>\`.
${CATALOG_END}
`;
}

/** What a template says of a project below the repository's top; of no use where the project is the top. */
const ONLY_BELOW = [/^ *defaults:\n *run:\n *working-directory: .*\n/m, /^ *- cd PROJECT_DIRECTORY\n/m];

/** A CI template with its two places filled in. `directory` is relative to the repository, `.` for its top. */
export function workflowContent(template: string, places: { directory: string; install: string }): string {
  const { directory, install } = places;
  const text =
    directory === "." ? ONLY_BELOW.reduce((rest, block) => rest.replace(block, ""), template) : template;
  const plain = /^[\w./-]+$/.test(directory) ? directory : JSON.stringify(directory);
  return text.replaceAll("PROJECT_DIRECTORY", () => plain).replaceAll("INSTALL_COMMAND", () => install);
}
