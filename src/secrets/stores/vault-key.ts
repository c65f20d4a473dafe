/**
 * A generated key in the place of a passphrase: 256 random bits, which nobody can guess, so deriving the vault's key from
 * them needs no cost. Its prefix says what it is, in a file as in a variable.
 */
export const VAULT_KEY_PREFIX = "integ-vault-key-1:";
const BYTES = 32;
/** Characters of a whole key. */
const LENGTH = VAULT_KEY_PREFIX.length + 44;

export function generateVaultKey(): string {
  const { randomBytes } = process.getBuiltinModule("node:crypto");
  return `${VAULT_KEY_PREFIX}${randomBytes(BYTES).toString("base64")}`;
}

/** The key's bytes; `undefined` when `text` is an ordinary passphrase. */
export function bytesOfVaultKey(text: string): Buffer | undefined {
  if (!text.startsWith(VAULT_KEY_PREFIX)) return undefined;
  const encoded = text.slice(VAULT_KEY_PREFIX.length);
  const bytes = Buffer.from(encoded, "base64");
  return bytes.length === BYTES && bytes.toString("base64") === encoded ? bytes : undefined;
}

/** Visits every generated key in a text of any kind. */
export function eachVaultKey(bytes: Buffer, visit: (start: number, end: number) => void): void {
  for (let at = bytes.indexOf(VAULT_KEY_PREFIX); at >= 0; at = bytes.indexOf(VAULT_KEY_PREFIX, at + 1)) {
    if (bytesOfVaultKey(bytes.toString("latin1", at, at + LENGTH))) visit(at, at + LENGTH);
  }
}
