import { requireValue, withMethods } from "../../platform/values.ts";
import type { WebhookOutcome } from "../receive/outcome.ts";
import { requireReceiver, type WebhookReceiver } from "../receive/receiver.ts";
import type { EventArchive, EventFilter } from "./archive.ts";

export interface ReplayOptions extends EventFilter {
  /** Events that were processed too: their effect happens once more. Default only those that were not. */
  again?: boolean;
  /** Says what would be replayed, and does nothing. */
  dryRun?: boolean;
  /** Ends the replay after the event that is under way. */
  signal?: AbortSignal;
}

export interface Replayed {
  id: string;
  /** `undefined` in a dry run. */
  outcome: WebhookOutcome | undefined;
}

/**
 * Hands stored events to a receiver again, the oldest first, one at a time. Signatures were checked before they were
 * stored, and are not checked again: the secret may have been rotated since. An event that fails does not end the replay.
 */
export async function* replayEvents(
  receiver: WebhookReceiver,
  archive: EventArchive,
  options: ReplayOptions = {},
): AsyncGenerator<Replayed, void, undefined> {
  requireReceiver("replayEvents", receiver);
  requireValue("replayEvents: the archive", archive, withMethods("fileArchive(directory)", "list"));
  const { again = false, dryRun = false, signal, ...filter } = options;
  for await (const event of archive.list(filter)) {
    if (signal?.aborted) return;
    const outcome = dryRun ? undefined : await receiver.process(event, { again });
    yield { id: event.id, outcome };
  }
}
