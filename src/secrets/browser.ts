import { spawn } from "node:child_process";

type Env = Readonly<Record<string, string | undefined>>;

/** Milliseconds after which a program that still runs counts as showing the page: some stay until the browser is closed. */
const PATIENCE_MS = 2000;

/** What such programs need to find desktop and browser. Credentials among our variables are none of their business. */
const VARIABLES =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LC_\w+|SHELL|BROWSER|DISPLAY|XAUTHORITY|WAYLAND_DISPLAY|DBUS_SESSION_BUS_ADDRESS|DESKTOP_SESSION|KDE_\w+|GNOME_\w+|XDG_\w+|WSL\w*|SystemRoot|windir|USERPROFILE|APPDATA|LOCALAPPDATA|TEMP|TMP|ProgramFiles.*)$/i;

/** Programs that show a page, the likeliest first; none where nobody sees one. No shell takes part. */
function openersOf(platform: NodeJS.Platform, env: Env): string[][] {
  if (platform === "darwin") return [["open"]];
  const windows = ["rundll32.exe", "url.dll,FileProtocolHandler"];
  if (platform === "win32") return [windows];
  const desktop = env.DISPLAY || env.WAYLAND_DISPLAY ? [["xdg-open"], ["gio", "open"]] : [];
  return [...desktop, ...(env.WSL_DISTRO_NAME ? [["wslview"], windows] : [])];
}

function start([program = "", ...args]: readonly string[], env: Env): Promise<boolean> {
  return new Promise((resolve) => {
    const passed = Object.fromEntries(Object.entries(env).filter(([name]) => VARIABLES.test(name)));
    const child = spawn(program, args, { env: passed, stdio: "ignore", detached: true });
    const timer = setTimeout(() => resolve(true), PATIENCE_MS);
    const settle = (shown: boolean) => {
      clearTimeout(timer);
      resolve(shown);
    };
    child.on("error", () => settle(false));
    child.on("exit", (code) => settle(code === 0));
    child.unref();
  });
}

/**
 * Shows a web page in the user's browser.
 * @param page only http and https are opened: anything else could start a program
 * @returns false where there is no desktop, or nothing on it that shows pages
 */
export async function openPage(
  page: string,
  { env, platform }: { env: Env; platform: NodeJS.Platform },
): Promise<boolean> {
  const url = URL.canParse(page) ? new URL(page) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") return false;
  for (const opener of openersOf(platform, env)) {
    if (await start([...opener, url.href], env)) return true;
  }
  return false;
}
