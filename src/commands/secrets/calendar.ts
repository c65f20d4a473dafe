import type { Context } from "../../base/context.ts";
import { formatDuration } from "../../base/duration.ts";
import type { Result } from "../../base/result.ts";
import { rememberedProject } from "../../config/remembered.ts";
import { resolveEnvironment } from "../../config/targets.ts";
import { renderTable } from "../../report/table.ts";
import { dueDates, toICalendar } from "../../secrets/calendar.ts";
import { readLedger } from "../../secrets/ledger.ts";
import { allSecrets } from "../../secrets/reference.ts";

export interface CalendarOptions {
  env: string | undefined;
  ics: boolean | undefined;
}

/** When which secret is to be rotated, of every environment; as a table or for a calendar program. */
export async function run(options: CalendarOptions, ctx: Context): Promise<Result> {
  const project = await rememberedProject(ctx);
  const environments =
    options.env === undefined ? project.config.environments : [resolveEnvironment(project, options.env)];
  const now = ctx.clock.now();
  const dates = dueDates(allSecrets(project), environments, await readLedger(project), now);
  if (options.ics) {
    const text = toICalendar(project.config.project, dates, now);
    return { text: () => text.replace(/\n$/, "") };
  }
  return {
    data: { dates: dates.map((date) => ({ ...date, dueAt: new Date(date.dueAt).toISOString() })) },
    text: ({ style, columns }) =>
      dates.length === 0
        ? "No secret has a due date: give one `rotateEvery` in its integration.yaml"
        : renderTable(
            ["Due", "Secret", "Environment", "Owner", "In"],
            dates.map(({ secret, environment, owner, dueAt, overdue }) => [
              new Date(dueAt).toISOString().slice(0, 10),
              secret,
              environment,
              owner,
              overdue
                ? { text: `overdue for ${formatDuration(now - dueAt)}`, tone: "red" }
                : formatDuration(dueAt - now),
            ]),
            { style, columns },
          ),
  };
}
