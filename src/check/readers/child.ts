// Runs in a process of its own: a type checker does not give way until it is done, may need much memory, and is the
// project's code, which has no business with our credentials.
import { lookForReaders } from "./look.ts";
import type { ReadersReply, ReadersRequest } from "./protocol.ts";

async function answer(request: ReadersRequest): Promise<ReadersReply> {
  try {
    return { ok: true, readers: [...(await lookForReaders(request))] };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

process.once("message", (request: ReadersRequest) => {
  void answer(request).then((reply) => process.send?.(reply, () => process.disconnect()));
});
