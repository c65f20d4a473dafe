import type { Socket } from "node:net";
import { ExchangeError } from "./failure.ts";
import type { ProxyServer } from "./proxy.ts";

/** A proxy's answer to CONNECT has no business being longer. */
const MAX_ANSWER = 16 * 1024;

function refusal(proxy: ProxyServer, reason: string, hint?: string): ExchangeError {
  return new ExchangeError({
    kind: "protocol",
    message: `the proxy ${proxy.shown} ${reason}`,
    ...(hint ? { hint } : {}),
  });
}

/** A proxy does not know us (407). @param variable that names it */
export const unknownToProxy = (proxy: ProxyServer, variable: "HTTP_PROXY" | "HTTPS_PROXY"): ExchangeError =>
  refusal(proxy, "wants a user name and password", `${variable}=http://USER:PASSWORD@host:port`);

function judge(answer: string, proxy: ProxyServer): ExchangeError | undefined {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1];
  if (status === undefined) return refusal(proxy, "did not answer in HTTP");
  if (status === "200") return undefined;
  if (status === "407") return unknownToProxy(proxy, "HTTPS_PROXY");
  return refusal(proxy, `refused the tunnel with status ${status}`);
}

/** Asks a proxy for a tunnel to `authority` on a connected socket; calls back once, with what went wrong if anything. */
export function openTunnel(
  socket: Socket,
  { proxy, authority }: { proxy: ProxyServer; authority: string },
  callback: (error?: Error) => void,
): void {
  let answer = "";
  const done = (error?: Error) => {
    socket.off("data", onData);
    socket.off("error", done);
    socket.off("close", onClose);
    if (error) socket.destroy();
    callback(error);
  };
  const onClose = () => done(refusal(proxy, "closed the connection instead of opening a tunnel"));
  const onData = (chunk: Buffer) => {
    answer += chunk.toString("latin1");
    const end = answer.indexOf("\r\n\r\n");
    if (end < 0 && answer.length <= MAX_ANSWER) return;
    socket.pause();
    const rest = answer.slice(end + 4);
    if (end >= 0 && rest !== "") socket.unshift(Buffer.from(rest, "latin1"));
    done(end < 0 ? refusal(proxy, "sent too long an answer") : judge(answer, proxy));
  };
  socket.on("data", onData);
  socket.once("error", done);
  socket.once("close", onClose);
  const authorization = proxy.authorization ? `Proxy-Authorization: ${proxy.authorization}\r\n` : "";
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
}
