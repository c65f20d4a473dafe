import type { Context } from "../../base/context.ts";
import { IntegError } from "../../base/errors.ts";
import { compareFindings, type Finding } from "../../base/finding.ts";
import { askedOf } from "../../check/contract/asked.ts";
import { storedFor } from "../../check/contract/contract-for.ts";
import { resolveEnvironment } from "../../config/targets.ts";
import { compareShapes } from "../../contract/document/compare-schemas.ts";
import { findingsOf } from "../../contract/document/findings.ts";
import { declaredIn } from "../../contract/document/from-operation.ts";
import { isObject } from "../../contract/document/json.ts";
import { documentOf, type LoadedDocument } from "../../contract/document/load.ts";
import type { Answers } from "../../scaffold/answers.ts";
import { selectOperations } from "../../scaffold/openapi/select.ts";
import { operationsOf } from "../../scaffold/openapi/source.ts";
import { compareLoaded } from "../diff/compare.ts";
import { type ChosenOperations, load } from "../scaffold/api.ts";
import type { Workspace } from "./workspace.ts";

/** A document with nothing but the given operations, `GET /v1/customers`: what they refer to stays. */
function only({ root, name }: LoadedDocument, operations: ReadonlySet<string>): LoadedDocument {
  const paths = isObject(root) && isObject(root.paths) ? root.paths : {};
  const kept = Object.entries(paths).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(isObject(item) ? item : {}).filter(
        ([key]) =>
          !/^(get|put|post|delete|options|head|patch|trace)$/.test(key) ||
          operations.has(`${key.toUpperCase()} ${path}`),
      ),
    ),
  ]);
  return documentOf({ ...(isObject(root) ? root : {}), paths: Object.fromEntries(kept) }, name);
}

const namesOf = (document: LoadedDocument, texts: readonly string[]) =>
  selectOperations(texts, operationsOf(document)).map(({ method, path }) => `${method} ${path}`);

/** The document that the older version was made from, where it is still to be had and is another one. */
async function olderDocument(
  { from, references }: Answers,
  next: ChosenOperations,
  root: string,
  ctx: Context,
): Promise<LoadedDocument | undefined> {
  if (from === undefined || from === next.from) return undefined;
  try {
    return await load(from, root, ctx, references);
  } catch (error) {
    if (!(error instanceof IntegError)) throw error;
    ctx.io.debug(`${from} cannot be compared with: ${error.message}`);
    return undefined;
  }
}

/** What the new document promises, against the contracts of the older version. */
async function againstContracts(
  workspace: Workspace,
  from: string,
  { document }: ChosenOperations,
  { cwd }: Pick<Context, "cwd">,
): Promise<Finding[]> {
  const { integration, project } = workspace;
  const version = integration.versions.find(({ name }) => name === from);
  if (!version) return [];
  const environment = resolveEnvironment(project);
  const declared = declaredIn(document);
  const found: Finding[] = [];
  for (const endpoint of integration.endpoints) {
    const { name, method, path } = endpoint;
    const label = `${integration.name}@${from}/${name}`;
    // Nothing is sent: it need not have an address in this environment.
    const asked = askedOf({ project, integration, version, endpoint, environment, url: "", label }, cwd);
    const { contract: before, unreadable } = await storedFor(asked);
    if (unreadable) found.push(unreadable);
    const after = before && declared({ method, path });
    if (!before || !after || "lacks" in after) continue;
    const { changes } = compareShapes(before.shape, after.shape);
    const { findings } = findingsOf(changes, { before: document.locator, after: document.locator });
    found.push(...findings.map((one) => ({ ...one, integration: integration.name, endpoint: name })));
  }
  return found;
}

/**
 * What changes for our code from one version to one that is made from another document: the operations of both documents
 * compared as `integ diff OLD NEW` does, or where the older one is gone, the contracts with what the newer one promises.
 */
export async function changesBetween(
  workspace: Workspace,
  from: string,
  answers: Answers,
  next: ChosenOperations,
  ctx: Context,
): Promise<Finding[]> {
  const before = await olderDocument(answers, next, workspace.project.root, ctx);
  if (!before) return (await againstContracts(workspace, from, next, ctx)).sort(compareFindings);
  const chosen = new Set([
    ...namesOf(before, answers.operations ?? []),
    ...namesOf(next.document, next.names),
  ]);
  const today = new Date(ctx.clock.now()).toISOString().slice(0, 10);
  const { findings } = compareLoaded(only(before, chosen), only(next.document, chosen), {
    direction: undefined,
    today,
  });
  return findings.sort(compareFindings);
}
