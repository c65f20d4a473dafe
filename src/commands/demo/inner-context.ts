import { join } from "node:path";
import type { Context, Io, Writer } from "../../base/context.ts";
import { generateVaultKey } from "../../secrets/stores/vault-key.ts";

/**
 * What the demo's project has of the outside: nothing that could change how it goes (a STRIPE_API_KEY of the person
 * would win over the vault, a proxy would be asked for 127.0.0.1), and a home of its own, so that nothing stays behind.
 */
function innerEnvironment({ PATH, SystemRoot }: Context["env"], home: string): Context["env"] {
  return {
    ...{ PATH, SystemRoot, HOME: home, USERPROFILE: home },
    ...{ XDG_DATA_HOME: join(home, "data"), LOCALAPPDATA: join(home, "data"), APPDATA: join(home, "data") },
    INTEG_VAULT_PASSPHRASE: generateVaultKey(),
  };
}

function silent(writer: Writer): Writer {
  return { ...writer, isTTY: false, color: false, write: () => {} };
}

/**
 * The context in which the demo runs integ's own commands: the temporary project, a vault that only this run can open,
 * no questions, and no output but what a command returns. What it gives takes the standard input of one command.
 */
export function innerContext(ctx: Context, directory: string, home: string): (stdin?: string) => Context {
  const env = innerEnvironment(ctx.env, home);
  return (stdin = "") => {
    const io: Io = {
      stdout: silent(ctx.io.stdout),
      stderr: silent(ctx.io.stderr),
      readStdin: async () => stdin,
      streamStdin: async function* () {
        yield Buffer.from(stdin);
      },
      stdinIsTTY: false,
      prompt: undefined,
      note: () => {},
      debug: (text) => ctx.io.debug(text),
    };
    return { ...ctx, io, env, cwd: directory, configFile: undefined, yes: true };
  };
}
