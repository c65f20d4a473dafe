import { blocksOf, titleOf } from "../message.ts";
import { type Channel, notTold } from "./channel.ts";

export interface EmailOptions {
  /** `smtps://user:password@host:465`: a secret. */
  smtp: string;
  from: string;
  to: readonly string[];
}

const CONNECT_MS = 15_000;
const SOCKET_MS = 30_000;

/** Mail by SMTP. Plain text: nothing that a provider says can be a link or load a picture by itself. */
export function emailChannel({ smtp, from, to }: EmailOptions): Channel {
  return {
    name: "email",
    tell: async (message) => {
      // Loaded late: only a run that has something to tell by mail needs it.
      const { createTransport } = await import("nodemailer");
      const url = URL.canParse(smtp) ? new URL(smtp) : undefined;
      if (!url || !/^smtps?:$/.test(url.protocol)) {
        throw notTold("The mail server", "its address is none", "write smtps://user:password@host:465");
      }
      const transport = createTransport({
        host: url.hostname,
        port: Number(url.port) || (url.protocol === "smtps:" ? 465 : 587),
        secure: url.protocol === "smtps:",
        // A password never goes out in clear text.
        requireTLS: url.password !== "" && url.protocol === "smtp:",
        ...(url.username === ""
          ? {}
          : {
              auth: {
                user: decodeURIComponent(url.username),
                pass: decodeURIComponent(url.password),
              },
            }),
        connectionTimeout: CONNECT_MS,
        socketTimeout: SOCKET_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const text = blocksOf(message).join("\n\n");
      try {
        await transport.sendMail({ from, to: [...to], subject: `[integ] ${titleOf(message)}`, text });
      } catch (error) {
        throw notTold("The mail server", reasonOf(error), "check its address, user and password");
      } finally {
        transport.close();
      }
    },
  };
}

/** The library's code and the server's status; its messages may quote what was sent. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "it failed";
  const status = error instanceof Error && "responseCode" in error ? ` (${String(error.responseCode)})` : "";
  return `${code}${status}`;
}
