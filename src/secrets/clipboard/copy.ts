import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { IncompleteError } from "../../base/errors.ts";
import { packageFile } from "../../base/package-root.ts";
import { type Clipboard, clipboardsOf, desktopVariables, feed } from "./programs.ts";

type Env = Readonly<Record<string, string | undefined>>;

function none(platform: NodeJS.Platform): IncompleteError {
  const linux = "install wl-clipboard (Wayland) or xclip (X11) and run it in a desktop session";
  return new IncompleteError("There is no clipboard here", {
    code: "clipboard/absent",
    hint: `${platform === "linux" ? linux : "pipe the value into a program"}; --reveal shows it, and \`integ run\` hands it to a program`,
  });
}

/** Starts the process that empties the clipboard later; it lives on when this one ends. */
function clearLater(clipboard: Clipboard, value: string, afterMs: number, env: Env): void {
  const child = spawn(process.execPath, [packageFile("dist", "clipboard.js")], {
    detached: true,
    env: desktopVariables(env),
    stdio: ["pipe", "ignore", "ignore"],
  });
  const sha256 = createHash("sha256")
    .update(value.replace(/\r?\n$/, ""))
    .digest("hex");
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  child.stdin.end(JSON.stringify({ paste: clipboard.paste, clear: clipboard.clear, sha256, afterMs }));
  child.unref();
}

/**
 * Puts a value on the system's clipboard, through standard input and never on a command line, and has it removed after a while
 * unless something else was copied since.
 * @param clearAfterMs 0 keeps it
 * @returns the program that took it
 * @throws IncompleteError where there is no clipboard, or it cannot be reached
 */
export async function copyToClipboard(
  value: string,
  { clearAfterMs, env, platform }: { clearAfterMs: number; env: Env; platform: NodeJS.Platform },
): Promise<string> {
  const failures: string[] = [];
  for (const clipboard of clipboardsOf(platform, env)) {
    const input = clipboard.utf16 ? Buffer.from(`\ufeff${value}`, "utf16le") : Buffer.from(value);
    const outcome = await feed(clipboard.copy, input, env);
    if (outcome.state === "failed") failures.push(outcome.why);
    if (outcome.state !== "done") continue;
    if (clearAfterMs > 0) clearLater(clipboard, value, clearAfterMs, env);
    return clipboard.copy[0] ?? "";
  }
  if (failures.length === 0) throw none(platform);
  throw new IncompleteError(`The clipboard could not be reached: ${failures.join("; ")}`, {
    code: "clipboard/failed",
    hint: "is the desktop session that DISPLAY or WAYLAND_DISPLAY names still there?",
  });
}
