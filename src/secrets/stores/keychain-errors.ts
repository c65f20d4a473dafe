import { IntegError } from "../../base/errors.ts";
import { neutralize } from "../../base/text.ts";
import { ambiguous, locked, unavailable } from "../states.ts";
import { NoLibraryError, SERVICE } from "./native-keychain.ts";
import { NoAnswerError } from "./waiting.ts";

const AMBIGUOUS = /matched by \d+ credentials/i;
/** Secret Service; then macOS: interaction not allowed, authorisation denied, cancelled by the user. */
const LOCKED =
  /IsLocked|prompt was dismissed|is locked|interaction is not allowed|-25308|-25293|user cancell?ed|-128\b/i;
const NO_COLLECTION = /no result found/i;

const VAULT_INSTEAD =
  "on a machine without a keychain choose `store: vault` for this environment in integ.config.yaml, or pass secrets as environment variables";

function unlockHint(platform: NodeJS.Platform): string {
  if (platform === "darwin")
    return "unlock it: `security unlock-keychain`, or allow the access in the dialog";
  if (platform === "win32") return "sign in to Windows with the account that stored the secrets";
  return (
    "unlock it: log in to the desktop, or `gnome-keyring-daemon --unlock` with the password on stdin; " +
    VAULT_INSTEAD
  );
}

/** Sorts what the keychain or its library threw into the states of DESIGN: it is never mistaken for "nothing stored". */
export function keychainError(
  error: unknown,
  where: string,
  account: string,
  platform: NodeJS.Platform = process.platform,
): IntegError {
  if (error instanceof IntegError) return error;
  const message = neutralize(error instanceof Error ? error.message : String(error));
  if (error instanceof NoAnswerError) {
    const hint = `a dialog may be waiting for you: answer it and run the command again; ${unlockHint(platform)}`;
    return locked(where, `it gave ${message}`, hint, error);
  }
  if (error instanceof NoLibraryError) {
    return unavailable(
      where,
      message,
      `reinstall integ with its optional dependencies; ${VAULT_INSTEAD}`,
      error,
    );
  }
  if (AMBIGUOUS.test(message)) {
    return ambiguous(
      where,
      "several items match, and integ will not guess which is its own",
      `another program stored an item with service ${SERVICE} and username ${account}; remove it (seahorse, \`secret-tool\`)`,
      error,
    );
  }
  if (LOCKED.test(message)) return locked(where, message, unlockHint(platform), error);
  if (NO_COLLECTION.test(message)) {
    return unavailable(
      where,
      "the Secret Service has no default collection to store in",
      `create one (seahorse: Passwords, New Keyring, Set as default); ${VAULT_INSTEAD}`,
      error,
    );
  }
  return unavailable(where, message, VAULT_INSTEAD, error);
}
