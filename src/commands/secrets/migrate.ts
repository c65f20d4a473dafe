import { relative } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { plural } from "../../base/text.ts";
import { editYaml } from "../../config/edit.ts";
import type { StoreKind } from "../../config/project.ts";
import { STORE_KINDS } from "../../config/schema/config.ts";
import { copyStore, deleteCopied } from "../../secrets/migrate.ts";
import { openStore } from "../../secrets/open.ts";
import { refused } from "../../secrets/states.ts";
import { audited } from "./audited.ts";
import { whileNobodyRotates } from "./nobody-rotates.ts";
import { confirm, workplace } from "./workplace.ts";

export interface MigrateOptions {
  env: string | undefined;
  from: string | undefined;
  to: string;
  deleteSource: boolean | undefined;
  dryRun: boolean | undefined;
}

const KINDS: readonly StoreKind[] = STORE_KINDS;

/** Moves an environment's secrets to another store: copy, read back, switch the configuration, then perhaps delete. */
export async function run(options: MigrateOptions, ctx: Context): Promise<Result> {
  const place = await workplace(options.env, ctx);
  const { project, environment } = place;
  const from = KINDS.find((kind) => kind === options.from) ?? environment.store;
  const to = KINDS.find((kind) => kind === options.to) ?? environment.store;
  if (from === to) {
    throw new UsageError(`Environment ${environment.name} already uses ${to}`, {
      code: "usage/migrate",
      hint: "name another store with --to; where a move was cut short, name the store it came from with --from",
    });
  }
  if (to === "env") {
    throw refused(
      "Environment variables cannot be written, so nothing can move there",
      "`integ secrets export` writes them as .env or JSON for your CI's settings",
    );
  }
  const [source, target] = await Promise.all([
    openStore(project, environment, ctx, from),
    openStore(project, environment, ctx, to),
  ]);
  const config = relative(ctx.cwd, project.configFile);
  const data = { environment: environment.name, from, to };
  const way = `the secrets of ${environment.name} from ${source.describe()} to ${target.describe()}`;
  if (options.dryRun) {
    return {
      data: { ...data, migrated: false },
      text: () => `Would move ${way}, and set \`store: ${to}\` in ${config}`,
    };
  }
  await confirm(`About to move ${way}`, ctx);
  const move = async () => {
    const copied = await copyStore(source, target, ctx.clock.now());
    await editYaml(project.configFile, [{ path: ["environments", environment.name, "store"], value: to }]);
    const detail = `from ${from} to ${to}`;
    await audited(project, { action: "migrate", environment: environment.name, secrets: [], detail }, ctx);
    if (options.deleteSource && from !== "env") await deleteCopied(source, target);
    return copied;
  };
  // A rotation that goes on meanwhile would store the only copy of a new value where nobody looks any more.
  const count = await whileNobodyRotates(place, move, ctx);
  const kept = options.deleteSource || from === "env" || count === 0;
  return {
    data: { ...data, migrated: true, secrets: count, sourceDeleted: options.deleteSource === true },
    text: () =>
      `Moved ${plural(count, "secret")}: ${environment.name} now uses ${target.describe()} (${config})`,
    next: kept ? [] : [`the ${source.describe()} still holds them; --delete-source would have removed it`],
  };
}
