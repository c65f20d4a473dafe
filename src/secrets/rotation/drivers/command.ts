import * as z from "zod";
import type { Context } from "../../../base/context.ts";
import { IncompleteError, type IntegError } from "../../../base/errors.ts";
import { neutralize } from "../../../base/text.ts";
import { maskText } from "../../mask.ts";
import { execute } from "../../program.ts";
import type { RotationDriver } from "../driver.ts";

const keySchema = z.object({ value: z.string().min(1), id: z.string().min(1).optional() });
const listSchema = z.object({ keys: z.array(z.object({ id: z.string(), name: z.string() })) });
const revokeSchema = z.object({ revoked: z.boolean() });
const unsupported = z.object({ unsupported: z.literal(true) });

export interface CommandPlace {
  command: readonly string[];
  /** Working directory: the project's root. */
  cwd: string;
  env: Context["env"];
  integration: string;
  secret: string;
  environment: string;
  inPlace: boolean;
  signal?: AbortSignal;
}

function failed(what: string, why: string, cause?: unknown): IntegError {
  const again = "`integ secrets rotate --resume` runs it again";
  return new IncompleteError(`The rotation command failed to ${what}: ${why}`, {
    code: "rotation/command",
    // From a key that is being revoked no way leads back.
    hint: what === "revoke" ? again : `${again}, --abort goes back`,
    cause,
  });
}

/** The new value in what a program that failed had written already. */
function madeBy(stdout: string): string | undefined {
  try {
    return keySchema.safeParse(JSON.parse(stdout)).data?.value;
  } catch {
    return undefined;
  }
}

/**
 * A program of the user's: it reads one JSON object on stdin (`action`: `create`, `list` or `revoke`; `tag`, `id`, `value`,
 * `current`) and answers one on stdout (`{value, id?}`, `{keys: [{id, name}]}`, `{revoked}`; `{"unsupported": true}` where it
 * cannot). What it says on stderr is shown, masked, when it fails.
 */
export function commandDriver(place: CommandPlace): RotationDriver {
  const { integration, secret, environment } = place;
  const ask = async (action: string, fields: Record<string, string | undefined>): Promise<unknown> => {
    const input = JSON.stringify({ action, integration, secret, environment, ...fields });
    place.signal?.throwIfAborted();
    const outcome = await execute(place, input).catch((error: unknown) => {
      throw failed(action, `it could not be started (${neutralize(String(error))})`, error);
    });
    if (outcome.code !== 0) {
      place.signal?.throwIfAborted();
      const known = [fields.value, fields.current, madeBy(outcome.stdout)].filter(
        (text) => text !== undefined,
      );
      const said = neutralize(maskText(outcome.stderr.trim(), known), { multiline: true }).slice(-2000);
      throw failed(action, `exit code ${outcome.code ?? "none, it was killed"}${said && `\n${said}`}`);
    }
    try {
      return JSON.parse(outcome.stdout);
    } catch {
      throw failed(action, "it did not answer with JSON on stdout");
    }
  };
  const read = <T>(action: string, schema: z.ZodType<T>, answer: unknown): T => {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw failed(
      action,
      `its answer has no valid \`${parsed.error.issues[0]?.path.join(".") || "content"}\``,
    );
  };
  return {
    inPlace: place.inPlace,
    list: async (current) => {
      const answer = await ask("list", { current });
      return unsupported.safeParse(answer).success ? undefined : read("list", listSchema, answer).keys;
    },
    create: async (tag, current) => {
      const { value, id } = read("create", keySchema, await ask("create", { tag, current }));
      return { value, ...(id === undefined ? {} : { id }) };
    },
    revoke: async ({ id, value }, current) => {
      const answer = await ask("revoke", { id, value, current });
      return !unsupported.safeParse(answer).success && read("revoke", revokeSchema, answer).revoked;
    },
  };
}
