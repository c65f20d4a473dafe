import type { Context } from "../../../base/context.ts";
import { openPage } from "../../../secrets/browser.ts";
import type { SecretReference } from "../../../secrets/reference.ts";
import type { RotationDriver } from "../../../secrets/rotation/driver.ts";
import { manualDriver } from "../../../secrets/rotation/drivers/manual.ts";
import { guardValue } from "../guard.ts";
import { type InputOptions, readValue } from "../input.ts";
import type { Workplace } from "../workplace.ts";

/** Opens the page for a person who is there to use it; anybody else is told where it is. */
async function shown(page: string, ctx: Context): Promise<string> {
  const opened = ctx.io.prompt && (await openPage(page, { env: ctx.env, platform: process.platform }));
  return opened ? `${page} (opened in the browser)` : page;
}

/** What a guided rotation is about. */
export interface Guided {
  secret: SecretReference;
  place: Workplace;
  options: InputOptions;
  ctx: Context;
}

/** Guides a person through the provider's page. @param page undefined where nobody wrote it down */
export function manualDriverFor(
  page: string | undefined,
  { secret, place, options, ctx }: Guided,
): RotationDriver {
  const provider = secret.integration.provider ?? secret.integration.name;
  // Who has the new value already needs no page to make it.
  const given = options.fromFile !== undefined || options.fromEnv !== undefined;
  const where = async () => {
    if (page === undefined) return `the console of ${provider}`;
    return given ? page : shown(page, ctx);
  };
  return manualDriver({
    newValue: async () => {
      ctx.io.note(`Make a new key beside the old one: ${await where()}. Do not revoke the old one yet.`);
      const value = await readValue(`${secret.name} (new)`, options, ctx);
      guardValue(secret, place.environment, value);
      return value;
    },
    confirmRevoked: async () => {
      if (!ctx.io.prompt) return false;
      ctx.io.note(`Revoke the old key of ${secret.name} now: ${await where()}`);
      return ctx.io.prompt.confirm({
        message: `Did you revoke the old key of ${secret.name} at the provider?`,
      });
    },
  });
}
