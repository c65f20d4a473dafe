import { spawn } from "node:child_process";

type Env = Readonly<Record<string, string | undefined>>;

/** A program of the system that holds what people paste; each command with its arguments. */
export interface Clipboard {
  copy: readonly string[];
  paste: readonly string[];
  clear: readonly string[];
  /** clip.exe takes anything else for the code page of its console. */
  utf16?: boolean;
}

const WAYLAND: Clipboard = {
  copy: ["wl-copy"],
  paste: ["wl-paste", "--no-newline"],
  clear: ["wl-copy", "--clear"],
};
const XCLIP: Clipboard = {
  copy: ["xclip", "-selection", "clipboard"],
  paste: ["xclip", "-selection", "clipboard", "-out"],
  clear: ["xclip", "-selection", "clipboard", "/dev/null"],
};
const XSEL: Clipboard = {
  copy: ["xsel", "--clipboard", "--input"],
  paste: ["xsel", "--clipboard", "--output"],
  clear: ["xsel", "--clipboard", "--clear"],
};
const MAC: Clipboard = { copy: ["pbcopy"], paste: ["pbpaste"], clear: ["pbcopy"] };
const WINDOWS: Clipboard = {
  copy: ["clip.exe"],
  paste: ["powershell.exe", "-NoProfile", "-Command", "Get-Clipboard -Raw"],
  clear: ["clip.exe"],
  utf16: true,
};

/** The clipboards that this machine may have, the likeliest first; none on a machine without a desktop. */
export function clipboardsOf(platform: NodeJS.Platform, env: Env): Clipboard[] {
  if (platform === "darwin") return [MAC];
  if (platform === "win32") return [WINDOWS];
  return [
    ...(env.WAYLAND_DISPLAY ? [WAYLAND] : []),
    ...(env.DISPLAY ? [XCLIP, XSEL] : []),
    ...(env.WSL_DISTRO_NAME ? [WINDOWS] : []),
  ];
}

/** Variables by which these programs find the desktop. Nothing else is theirs to know. */
export function desktopVariables(env: Env): Record<string, string> {
  const names = ["PATH", "HOME", "DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "SystemRoot"];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

export type Outcome = { state: "done" } | { state: "absent" } | { state: "failed"; why: string };

/** Milliseconds that such a program may take: one that asks a display which does not answer would wait for ever. */
const DEADLINE_MS = 5000;

/** Not the `timeout` of `spawn`: where the program is not there, that keeps our process waiting for its end. */
const deadline = () => AbortSignal.timeout(DEADLINE_MS);

/** Hands a text to a program on its standard input. */
export function feed(
  [program = "", ...args]: readonly string[],
  input: Uint8Array,
  env: Env,
): Promise<Outcome> {
  return new Promise((resolve) => {
    // xclip goes on in the background and keeps what it inherits open: so its end counts, not that of its streams.
    const child = spawn(program, args, {
      env: desktopVariables(env),
      stdio: ["pipe", "ignore", "ignore"],
      signal: deadline(),
    });
    child.on("error", (error) => {
      const absent = "code" in error && error.code === "ENOENT";
      const why =
        error.name === "AbortError"
          ? `did not end within ${DEADLINE_MS / 1000} s`
          : `cannot be started: ${error.message}`;
      resolve(absent ? { state: "absent" } : { state: "failed", why: `${program} ${why}` });
    });
    child.on("exit", (code) => {
      resolve(code === 0 ? { state: "done" } : { state: "failed", why: `${program} ended with ${code}` });
    });
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** What a program writes on its standard output; nothing where it fails. */
export function outputOf([program = "", ...args]: readonly string[], env: Env): Promise<Buffer> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: desktopVariables(env),
      stdio: ["ignore", "pipe", "ignore"],
      signal: deadline(),
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", () => resolve(Buffer.alloc(0)));
    child.on("close", () => resolve(Buffer.concat(chunks)));
  });
}
