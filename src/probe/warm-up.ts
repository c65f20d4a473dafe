import { createServer } from "node:http";
import type { HttpClient } from "../http/exchange.ts";

/**
 * Sends one request to a server of our own on loopback: the first exchange of a process takes three times as long as the
 * following, for code that is loaded and compiled, and it should not be the provider's that is measured so. Costs no quota.
 */
export async function warmUp(client: HttpClient): Promise<void> {
  const server = createServer((_request, response) => response.end("{}"));
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    if (address === null || typeof address === "string") return;
    const url = `http://127.0.0.1:${address.port}/`;
    for (let turn = 0; turn < 2; turn++)
      await client.exchange(
        { method: "GET", url, headers: {} },
        {
          freshConnection: true,
          closeAfterwards: true,
          direct: true,
        },
      );
  } catch {
    // Where nothing may listen on loopback, the first sample is slower; that is all.
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
