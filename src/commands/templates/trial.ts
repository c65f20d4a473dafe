import { parseSync } from "oxc-parser";
import { IntegError } from "../../base/errors.ts";
import type { Answers } from "../../scaffold/answers.ts";
import { moduleFiles } from "../../scaffold/module.ts";
import type { OwnTemplate } from "../../scaffold/own/template.ts";
import { resolveSpec } from "../../scaffold/resolve.ts";

/** A module that a template is tried with. */
export interface Trial {
  name: string;
  answers: Answers;
}

/** Something that a template does wrong. */
export interface Fault {
  module: string;
  file?: string;
  line?: number;
  message: string;
}

const answers: Answers = {
  baseUrl: "https://api.example.com",
  endpoints: ["get-thing=GET /things/{id=1}?fields=all", "create-thing=POST /things"],
  auth: "bearer",
  owner: "Engineering",
  with: [],
  importExtension: ".js",
};

/** The least a module can be, and all that it can be, for both test runners. */
export const TRIALS: readonly Trial[] = [
  { name: "plain", answers: { ...answers, endpoints: ["get-thing=GET /things"], auth: "none" } },
  { name: "whole", answers: { ...answers, with: ["webhook", "queue", "cache"] } },
  { name: "node-plain", answers: { ...answers, auth: "query:key", testRunner: "node" } },
  { name: "node-whole", answers: { ...answers, with: ["webhook", "queue", "cache"], testRunner: "node" } },
];

const LEFT = /\/\* integ:(value|end)\b|__(Provider|provider|name|Display)__/;

function faultsIn(module: string, file: string, content: string): Fault[] {
  const left = content.split("\n").findIndex((line) => LEFT.test(line));
  if (left !== -1) return [{ module, file, line: left + 1, message: "a hole or a token is not filled" }];
  if (!/\.[cm]?tsx?$/.test(file)) return [];
  const { errors } = parseSync(file, content);
  return errors.map(({ message, labels }) => ({
    module,
    file,
    line: content.slice(0, labels[0]?.start ?? 0).split("\n").length,
    message,
  }));
}

/** Fills a template for a module, and looks at what comes out. Nothing is written or run. */
export function tryOut({ set }: OwnTemplate, trial: Trial): { files: Map<string, string>; faults: Fault[] } {
  const { name } = trial;
  try {
    const surroundings = { name, version: "v1", environments: [] };
    const made = moduleFiles(resolveSpec(trial.answers, {}, surroundings), "../../../", set);
    const files = new Map(made.map(({ path, content }) => [`${name}/${path}`, content]));
    return { files, faults: [...files].flatMap(([path, content]) => faultsIn(name, path, content)) };
  } catch (error) {
    if (!(error instanceof IntegError)) throw error;
    const hint = error.hint === undefined ? "" : `; ${error.hint}`;
    return { files: new Map(), faults: [{ module: name, message: `${error.message}${hint}` }] };
  }
}
