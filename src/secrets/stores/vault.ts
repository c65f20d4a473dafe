import { chmodSync, existsSync, lstatSync, readFileSync, realpathSync } from "node:fs";
import { link, mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock } from "../../base/context.ts";
import { neutralize } from "../../base/text.ts";
import { type Envelope, parseEnvelope, serializeEnvelope } from "../envelope.ts";
import { corrupt, locked, refused, stale, unavailable } from "../states.ts";
import type { SecretStore, Stored } from "../store.ts";
import type { PassphraseSource } from "./passphrase.ts";
import {
  deriveKey,
  type Kdf,
  newKdf,
  openVault,
  parseVault,
  sealVault,
  type VaultFile,
} from "./vault-format.ts";

export interface VaultOptions {
  project: string;
  environment: string;
  /** Absolute. */
  file: string;
  clock: Clock;
  passphrase: PassphraseSource;
  /** Tests: a cheaper scrypt for new vaults. */
  scryptN?: number;
}

/** An encrypted file as a store: for machines without a keychain. The former revision stays beside it as `.bak`. */
export function vaultStore(options: VaultOptions): SecretStore {
  return new Vault(options);
}

function whyOf(error: unknown): string {
  return neutralize(error instanceof Error ? error.message : String(error));
}

/** A vault that lies elsewhere, such as on a disk of its own, is replaced there: the link to it stays. */
function withoutLinks(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    return file;
  }
}

/** For its owner alone, where we are that. */
function protect(file: string): void {
  try {
    chmodSync(file, 0o600);
  } catch {}
}

/** Who only reads goes without. */
const writing = () => import("../../base/files.ts");

const LOST_LINK = "bring back where it leads; to begin a new vault, remove the link";

class Vault implements SecretStore {
  readonly kind = "vault";
  private readonly options: VaultOptions;
  private readonly where: string;
  /** Derived keys by salt: a run pays for scrypt once. */
  private readonly keys = new Map<string, Promise<Buffer>>();
  private secret: Promise<string> | undefined;

  constructor(options: VaultOptions) {
    this.options = { ...options, file: withoutLinks(options.file) };
    this.where = `vault ${options.file}`;
  }

  describe(): string {
    return this.where;
  }

  async read(): Promise<Stored | undefined> {
    const file = this.load();
    if (!file) return undefined;
    const text = openVault(file, await this.keyFor(file.header.kdf));
    if (text === undefined) throw this.wrongPassphrase();
    const parsed = parseEnvelope(text);
    if (!parsed.ok) throw corrupt(this.where, parsed.reason, this.restoreHint());
    return { envelope: parsed.envelope, revision: parsed.envelope.rev };
  }

  /** The key is derived before the lock is taken: half a second of scrypt must not keep other writers waiting. */
  async write(envelope: Envelope, expectedRevision: number): Promise<number> {
    const kdf = this.load()?.header.kdf ?? newKdf(await this.ask(true), this.options.scryptN);
    const key = await this.keyFor(kdf);
    await mkdir(dirname(this.options.file), { recursive: true, mode: 0o700 }).catch(() => {});
    return this.guarded(() => this.locked(() => this.replace(envelope, expectedRevision, kdf, key)));
  }

  async destroy(): Promise<void> {
    const { file } = this.options;
    await this.guarded(() =>
      this.locked(async () => {
        await rm(file, { force: true });
        await rm(`${file}.bak`, { force: true });
      }),
    );
  }

  private async replace(
    envelope: Envelope,
    expectedRevision: number,
    kdf: Kdf,
    key: Buffer,
  ): Promise<number> {
    const { file, project, environment } = this.options;
    const found = this.load();
    const revision = found?.header.rev ?? 0;
    if (revision !== expectedRevision) throw stale(this.where, expectedRevision, revision);
    // A vault of the same revision with another salt is another vault, put there by hand.
    if (found && found.header.kdf.salt !== kdf.salt) throw stale(this.where, expectedRevision, revision);
    // Never replace what we cannot read: its owner could not read ours.
    if (found && openVault(found, key) === undefined) throw this.wrongPassphrase();
    const rev = expectedRevision + 1;
    const plain = serializeEnvelope({ ...envelope, rev });
    const text = sealVault(plain, { project, environment, rev, kdf }, key);
    if (found) await this.keepBackup();
    const { writeFileAtomic } = await writing();
    await writeFileAtomic(file, text, 0o600);
    return rev;
  }

  /** The former revision under a second name, without a moment in which the vault itself is not there. */
  private async keepBackup(): Promise<void> {
    const backup = `${this.options.file}.bak`;
    await rm(backup, { force: true });
    try {
      await link(this.options.file, backup);
    } catch {
      // File systems without hard links get a copy.
      const { writeFileAtomic } = await writing();
      await writeFileAtomic(backup, await readFile(this.options.file), 0o600);
    }
  }

  private load(): VaultFile | undefined {
    const { file, project, environment } = this.options;
    let text: string;
    try {
      text = readFileSync(file, "latin1");
    } catch (error) {
      const absent = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (absent && !lstatSync(file, { throwIfNoEntry: false })) return undefined;
      if (absent) throw unavailable(this.where, "it is a link to a file that is not there", LOST_LINK, error);
      throw unavailable(this.where, whyOf(error), "check the file and its permissions", error);
    }
    const parsed = parseVault(text);
    if (!parsed.ok) throw corrupt(this.where, parsed.reason, this.restoreHint());
    const { header } = parsed.file;
    if (header.project !== project || header.environment !== environment) {
      throw refused(
        `The ${this.where} belongs to ${neutralize(`${header.project}/${header.environment}`)}, not to ${project}/${environment}`,
        "give every environment its own file: `{environment}` in secrets.vaultFile of integ.config.yaml",
      );
    }
    // A file that others may read was copied or restored by hand: its protection is mended, its content is trusted.
    if (process.platform !== "win32") protect(file);
    return parsed.file;
  }

  private keyFor(kdf: Kdf): Promise<Buffer> {
    const known = this.keys.get(kdf.salt);
    if (known) return known;
    const key = this.ask(false).then(async (secret) => {
      const derived = await deriveKey(secret, kdf);
      if (!derived) throw this.wrongPassphrase();
      return derived;
    });
    this.keys.set(kdf.salt, key);
    return key;
  }

  /** Asked once; a person who chose a passphrase for a new vault is not asked for it again. */
  private ask(isNew: boolean): Promise<string> {
    this.secret ??= this.options.passphrase({ vault: this.where, isNew });
    return this.secret;
  }

  private async locked<T>(work: () => Promise<T>): Promise<T> {
    // All that a writer needs is loaded before it makes others wait.
    const [{ withLock }] = await Promise.all([import("../lock.ts"), writing()]);
    return withLock(`${this.options.file}.lock`, this.options.clock, work);
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Error && "code" in error && "syscall" in error) {
        const hint =
          error.code === "ENOSPC"
            ? "the disk is full: make room; the vault is as it was"
            : "the vault is as it was";
        throw unavailable(this.where, whyOf(error), hint, error);
      }
      throw error;
    }
  }

  private wrongPassphrase(): Error {
    return locked(
      this.where,
      "the passphrase does not open it",
      "check INTEG_VAULT_PASSPHRASE or INTEG_VAULT_KEY_FILE; a passphrase that is lost cannot be recovered",
    );
  }

  private restoreHint(): string {
    const backup = `${this.options.file}.bak`;
    return existsSync(backup)
      ? `the former revision is ${backup}: move it over the vault to go back to it`
      : "there is no former revision beside it: bring the file back from a backup, or remove it and set the secrets again";
  }
}
