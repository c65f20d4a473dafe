import { open } from "node:fs/promises";
import { getHeapStatistics } from "node:v8";
import type { Context } from "../../base/context.ts";
import { ConfigError, IncompleteError } from "../../base/errors.ts";
import { neutralize } from "../../base/text.ts";
import type { Access } from "../../contract/document/load.ts";
import type { HttpClient } from "../../http/exchange.ts";

const ACCEPT = "application/json, application/yaml, text/yaml, */*;q=0.1";

/** How the commands reach documents: the file system, and http(s) with a client that is loaded and opened when it is needed. */
export function createAccess(
  ctx: Context,
  { timeout }: { timeout?: number | undefined } = {},
): Access & Required<Pick<Access, "room">> & { close(): Promise<void> } {
  let client: HttpClient | undefined;
  return {
    cwd: ctx.cwd,
    readFile: readBounded,
    readUrl: async (url, maxBytes) => {
      const { createHttpClient } = await import("../../http/client.ts");
      client ??= createHttpClient({ env: ctx.env, clock: ctx.clock });
      return readUrl(client, url, { maxBytes, timeout, signal: ctx.signal });
    },
    room: () => {
      const { heap_size_limit, used_heap_size } = getHeapStatistics();
      return heap_size_limit - used_heap_size;
    },
    close: async () => client?.close(),
  };
}

const tooLarge = (name: string, maxBytes: number) =>
  new ConfigError(`${neutralize(name)} is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB`, {
    code: "document/too-large",
  });

/** A regular file, whole; never a device or a pipe, which may have no end. */
async function readBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await open(path, "r").catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new ConfigError(`${neutralize(path)} is no file`, { code: "document/no-file" });
    if (stat.size > maxBytes) throw tooLarge(path, maxBytes);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function unreadable(path: string, cause: unknown): ConfigError {
  const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
  const why = missing ? "there is no such file" : cause instanceof Error ? cause.message : String(cause);
  return new ConfigError(`${neutralize(path)} cannot be read: ${neutralize(why)}`, {
    code: missing ? "document/no-file" : "document/unreadable",
    cause,
  });
}

async function readUrl(
  client: HttpClient,
  url: string,
  { maxBytes, timeout, signal }: { maxBytes: number; timeout: number | undefined; signal: AbortSignal },
): Promise<Uint8Array> {
  const { USER_AGENT } = await import("../../http/request.ts");
  const { response, failure } = await client.exchange(
    { method: "GET", url, headers: { accept: ACCEPT, "user-agent": USER_AGENT } },
    { limits: { maxBodyBytes: maxBytes, ...(timeout === undefined ? {} : { deadlineMs: timeout }) }, signal },
  );
  signal.throwIfAborted();
  if (failure)
    throw new IncompleteError(failure.message, { code: `http/${failure.kind}`, hint: failure.hint });
  if (!response || response.status >= 300) {
    const { redactUrl } = await import("../../http/redact.ts");
    throw new IncompleteError(`${redactUrl(url)} answered ${response?.status ?? "nothing"}`, {
      code: "document/not-there",
      hint: "Check the URL, or download the document and give its file",
    });
  }
  return response.body;
}
