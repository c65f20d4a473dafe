import * as z from "zod";
import type { Finding } from "../../base/finding.ts";
import type { Rooms } from "../../check/rooms.ts";
import { findingSchema } from "../../report/published.ts";

/** What was found about secrets while exchanges were recorded: of each environment, and of each target that was not asked for it. */
const recordedSchema = z.object({
  secrets: z.record(z.string(), z.array(findingSchema)),
  blocked: z.record(z.string(), z.array(findingSchema)),
});
type Recorded = z.infer<typeof recordedSchema>;

const isFinding = (value: unknown): value is Finding => findingSchema.safeParse(value).success;

/** Rooms that note what they find about secrets: a replay has neither stores nor credentials. */
export function notingSecrets(rooms: Rooms): { rooms: Rooms; noted: () => unknown } {
  const noted: { secrets: Record<string, readonly Finding[]>; blocked: Record<string, readonly Finding[]> } =
    {
      secrets: {},
      blocked: {},
    };
  return {
    rooms: {
      ...rooms,
      secrets: async (environment, integrations) => {
        const found = await rooms.secrets(environment, integrations);
        noted.secrets[environment.name] = found;
        return found;
      },
      request: async (target) => {
        const request = await rooms.request(target);
        if ("blocked" in request)
          noted.blocked[`${target.label} ${target.environment.name}`] = request.blocked;
        return request;
      },
    },
    noted: () => noted,
  };
}

/** Rooms that say of secrets what was noted when the answers were recorded; what was not noted is judged now. */
export function replayingSecrets(rooms: Rooms, own: unknown): Rooms {
  const { data } = recordedSchema.safeParse(own);
  if (!data) return rooms;
  const of = (list: Recorded["secrets"], name: string) =>
    Object.hasOwn(list, name) ? list[name]?.filter(isFinding) : undefined;
  return {
    ...rooms,
    secrets: async (environment, integrations) =>
      of(data.secrets, environment.name) ?? rooms.secrets(environment, integrations),
    request: async (target) => {
      const blocked = of(data.blocked, `${target.label} ${target.environment.name}`);
      return blocked ? { blocked } : rooms.request(target);
    },
  };
}
