import type { Context } from "../../base/context.ts";
import type { Result } from "../../base/result.ts";
import { renderTable } from "../../report/table.ts";
import type { SecretVersion } from "../../secrets/envelope.ts";
import { findSecret } from "../../secrets/reference.ts";
import { workplace } from "./workplace.ts";

export interface HistoryOptions {
  secret: string;
  env: string | undefined;
}

/** What is told of a version; never its value. */
function entryOf({ label, fingerprint, createdAt, source, until, retiredAt }: SecretVersion) {
  return {
    label,
    fingerprint,
    createdAt,
    source,
    ...(until === undefined ? {} : { until }),
    ...(retiredAt === undefined ? {} : { retiredAt }),
  };
}

const minute = (instant: string | undefined) => instant?.slice(0, 16).replace("T", " ") ?? "";

/** Shows the versions of a secret: when each came, how, and how long it can come back. */
export async function run(options: HistoryOptions, ctx: Context): Promise<Result> {
  const { project, environment, session } = await workplace(options.env, ctx);
  const { name } = findSecret(project, options.secret);
  const envelope = (await session.stored(environment))?.envelope;
  const secret = envelope && Object.hasOwn(envelope.secrets, name) ? envelope.secrets[name] : undefined;
  const versions = (secret?.versions ?? []).map(entryOf);
  return {
    data: { secret: name, environment: environment.name, versions },
    text: ({ style, columns }) =>
      versions.length === 0
        ? `${name} never had a value in ${environment.name}`
        : renderTable(
            ["Label", "Fingerprint", "Created (UTC)", "By", "Kept until", "Retired"],
            versions.map((v) => [
              v.label,
              v.fingerprint,
              minute(v.createdAt),
              v.source,
              minute(v.until),
              minute(v.retiredAt),
            ]),
            { style, columns },
          ),
  };
}
