import type { ScryptOptions } from "node:crypto";
import { promisify } from "node:util";
import { isCount, isRecord, isText } from "../../base/guards.ts";
import { bytesOfVaultKey } from "./vault-key.ts";

/**
 * The file of an encrypted vault. Three lines of ASCII:
 *
 *     {"integVault":1,"project":…,"environment":…,"rev":…,"kdf":{…},"nonce":…}      the header, JSON
 *     6f1c…                                                                     SHA-256 of header and body, hex
 *     bm9uY2U…                                                                  the body, base64
 *
 * The body is AES-256-GCM; its key comes from a passphrase by scrypt or, where a generated key protects the vault, by
 * HKDF (RFC 5869). The header line is its additional data, byte for byte. The checksum tells a damaged file from a wrong passphrase; it protects against nothing else.
 */

/** Loaded when a vault is opened: this code lies in one file with that of other stores, which need none of it. */
const crypto = () => process.getBuiltinModule("node:crypto");

/** scrypt's cost: 128 MiB and about half a second. */
export const SCRYPT_N = 2 ** 17;
/** What a file may ask of us at most: a hostile header must not cost more than 1 GiB. */
const MAX_SCRYPT_N = 2 ** 20;
const SCRYPT_R = 8;

interface Scrypt {
  name: "scrypt";
  N: number;
  r: typeof SCRYPT_R;
  p: 1;
  salt: string;
}

export type Kdf = Scrypt | { name: "hkdf-sha256"; salt: string };

export interface VaultHeader {
  integVault: 1;
  project: string;
  environment: string;
  rev: number;
  kdf: Kdf;
  nonce: string;
}

function isBase64(value: unknown, bytes: number): boolean {
  if (!isText(value)) return false;
  const decoded = Buffer.from(value, "base64");
  return decoded.length === bytes && decoded.toString("base64") === value;
}

/** Nothing but these keys: what a later integ added may change what the others mean. */
const hasOnly = (value: object, keys: readonly string[]) =>
  Object.keys(value).every((key) => keys.includes(key));

const isCost = (N: unknown) => isCount(N) && N >= 2 && N <= MAX_SCRYPT_N && Number.isInteger(Math.log2(N));

function isKdf(value: unknown): boolean {
  if (!isRecord(value) || !isBase64(value.salt, 16)) return false;
  if (value.name === "hkdf-sha256") return hasOnly(value, ["name", "salt"]);
  const known = value.name === "scrypt" && value.r === SCRYPT_R && value.p === 1 && isCost(value.N);
  return known && hasOnly(value, ["name", "N", "r", "p", "salt"]);
}

const isHeader = (value: unknown): value is VaultHeader =>
  isRecord(value) &&
  value.integVault === 1 &&
  isText(value.project) &&
  isText(value.environment) &&
  isCount(value.rev) &&
  value.rev > 0 &&
  isKdf(value.kdf) &&
  isBase64(value.nonce, 12) &&
  hasOnly(value, ["integVault", "project", "environment", "rev", "kdf", "nonce"]);

/** A vault file taken apart; nothing of it is trusted before `openVault`. */
export interface VaultFile {
  header: VaultHeader;
  headerLine: string;
  body: Buffer;
}

export type ParsedVault = { ok: true; file: VaultFile } | { ok: false; reason: string };

const checksum = (header: string, body: string) =>
  crypto().createHash("sha256").update(`${header}\n${body}`).digest("hex");

/** Takes a vault file apart. A reason names what is damaged and quotes nothing. */
export function parseVault(text: string): ParsedVault {
  const lines = text.split("\n");
  const [headerLine = "", sum = "", bodyLine = "", end] = lines;
  if (lines.length !== 4 || end !== "") return { ok: false, reason: "it is cut off or has further lines" };
  if (checksum(headerLine, bodyLine) !== sum) return { ok: false, reason: "its checksum does not match" };
  const body = Buffer.from(bodyLine, "base64");
  if (body.toString("base64") !== bodyLine) return { ok: false, reason: "its body is not base64" };
  let json: unknown;
  try {
    json = JSON.parse(headerLine);
  } catch {
    return { ok: false, reason: "its header is not JSON" };
  }
  if (!isHeader(json)) return { ok: false, reason: "its header is not one that this integ knows" };
  return { ok: true, file: { header: json, headerLine, body } };
}

/** A fresh salt, and for a passphrase today's cost. */
export function newKdf(secret: string, N = SCRYPT_N): Kdf {
  const salt = crypto().randomBytes(16).toString("base64");
  if (bytesOfVaultKey(secret)) return { name: "hkdf-sha256", salt };
  return { name: "scrypt", N, r: SCRYPT_R, p: 1, salt };
}

/**
 * Derives the vault's key; for a passphrase this takes as long as `kdf.N` asks. `undefined` where the header asks for a
 * generated key and `secret` is none: a passphrase never goes through a derivation that is not memory-hard.
 */
export async function deriveKey(secret: string, kdf: Kdf): Promise<Buffer | undefined> {
  const salt = Buffer.from(kdf.salt, "base64");
  if (kdf.name === "hkdf-sha256") {
    const bytes = bytesOfVaultKey(secret);
    const expand = promisify(crypto().hkdf);
    return bytes && Buffer.from(await expand("sha256", bytes, salt, "integ vault", 32));
  }
  const { N, r, p } = kdf;
  const stretch = promisify<string, Buffer, number, ScryptOptions, Buffer>(crypto().scrypt);
  return stretch(secret.normalize("NFC"), salt, 32, { N, r, p, maxmem: 256 * N * r });
}

/** Encrypts under a fresh nonce and gives the whole file. */
export function sealVault(
  plain: string,
  header: Omit<VaultHeader, "integVault" | "nonce">,
  key: Buffer,
): string {
  const nonce = crypto().randomBytes(12);
  const { project, environment, rev, kdf } = header;
  const full: VaultHeader = {
    integVault: 1,
    project,
    environment,
    rev,
    kdf,
    nonce: nonce.toString("base64"),
  };
  const headerLine = JSON.stringify(full);
  const cipher = crypto().createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(headerLine, "utf8"));
  const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  const bodyLine = sealed.toString("base64");
  return `${headerLine}\n${checksum(headerLine, bodyLine)}\n${bodyLine}\n`;
}

/** Decrypts; `undefined` when the key is wrong or somebody changed the file and its checksum. */
export function openVault({ header, headerLine, body }: VaultFile, key: Buffer): string | undefined {
  if (body.length < 16) return undefined;
  const decipher = crypto().createDecipheriv("aes-256-gcm", key, Buffer.from(header.nonce, "base64"));
  decipher.setAAD(Buffer.from(headerLine, "utf8"));
  decipher.setAuthTag(body.subarray(-16));
  try {
    return Buffer.concat([decipher.update(body.subarray(0, -16)), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}
