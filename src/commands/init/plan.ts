import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageFile } from "../../base/package-root.ts";
import { CATALOG_FILE } from "../../config/catalog.ts";
import { isFile } from "../../config/find.ts";
import type { Alarms, Answers } from "./answers.ts";
import { catalogContent, configContent, ignoreContent } from "./contents.ts";
import { directoryInRepository, installCommand, type Place } from "./place.ts";
import { workflowContent } from "./workflow.ts";

/** What becomes of one file. */
export interface Change {
  /** Absolute. */
  file: string;
  action: "create" | "append" | "keep";
  /** The whole file after the change. */
  content: string;
  /** What is new in it. */
  added: string;
}

async function create(file: string, content: () => string | Promise<string>): Promise<Change> {
  if (isFile(file)) return { file, action: "keep", content: "", added: "" };
  const text = await content();
  return { file, action: "create", content: text, added: text };
}

async function ignore(file: string): Promise<Change> {
  const before = isFile(file) ? await readFile(file, "utf8") : undefined;
  const content = ignoreContent(before);
  if (content === undefined) return { file, action: "keep", content: "", added: "" };
  return {
    file,
    action: before === undefined ? "create" : "append",
    content,
    added: content.slice(before?.length ?? 0),
  };
}

async function workflow(place: Place, ci: "github" | "gitlab", alarms: Alarms): Promise<Change> {
  const file = ci === "github" ? join(".github", "workflows", "integ.yml") : ".gitlab-ci.yml";
  return create(join(place.repository, file), async () =>
    workflowContent(await readFile(packageFile("templates", "ci", `${ci}.yml`), "utf8"), {
      directory: directoryInRepository(place),
      install: await installCommand(place),
      alarms,
    }),
  );
}

/** Every file that init is about, and what becomes of it; writes nothing. */
export async function planInit(place: Place, answers: Answers): Promise<Change[]> {
  return [
    await create(place.configFile, () => configContent(answers)),
    await ignore(join(place.root, ".gitignore")),
    await create(join(place.root, CATALOG_FILE), catalogContent),
    ...(answers.ci === "none" ? [] : [await workflow(place, answers.ci, answers.alarms)]),
  ];
}
