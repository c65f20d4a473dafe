import { createHash, randomBytes } from "node:crypto";
import * as z from "zod";
import { neutralize } from "../../../base/text.ts";
import type { StoreKind } from "../../../config/project.ts";
import { type Envelope, parseEnvelope, serializeEnvelope } from "../../envelope.ts";
import { corrupt, refused, stale } from "../../states.ts";
import type { SecretStore, Stored } from "../../store.ts";

/** A text that is kept somewhere else, and the revision under which it may be replaced. */
export interface Head {
  text: string;
  revision: number;
}

/**
 * A service that keeps texts of limited size by name and can replace one text under the condition that nobody else did so
 * meanwhile. Every failure is a `SecretError` in one of the six states.
 */
export interface RemoteTexts {
  readonly kind: StoreKind;
  describe(): string;
  /** Most bytes that one text may have. */
  readonly limit: number;
  readHead(): Promise<Head | undefined>;
  /** @returns the new revision, `undefined` where the head is no longer at `expected` */
  replaceHead(text: string, expected: number): Promise<number | undefined>;
  removeHead(): Promise<void>;
  readPart(name: string): Promise<string | undefined>;
  writePart(name: string, text: string): Promise<void>;
  removePart(name: string): Promise<void>;
}

/** Project and environment whose envelope it is. */
export type Owner = readonly [project: string, environment: string];

const partsSchema = z.object({
  integ: z.literal("parts/2"),
  id: z.string().regex(/^[0-9a-f]{16}$/),
  parts: z.int().positive().max(1000),
  sha256: z.string(),
});
type Parts = z.infer<typeof partsSchema>;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const partName = ({ id }: Pick<Parts, "id">, index: number) => `${id}.${index}`;

function partsOf(text: string): Parts | undefined {
  if (!text.startsWith('{"integ":"parts/2"')) return undefined;
  try {
    return partsSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Pure ASCII, so that a text can be cut anywhere and a character is a byte. */
const toAscii = (json: string) =>
  json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** How often a reader starts again when a writer replaces the parts under it. */
const READ_ATTEMPTS = 5;

/**
 * The envelope of an environment in a remote service. What is too large for one text is cut into parts under a name that is
 * drawn anew for each write; then the head is replaced in one step. Whoever loses the race takes its own parts away again.
 */
class RemoteStore implements SecretStore {
  readonly kind: StoreKind;
  readonly #texts: RemoteTexts;

  readonly #owner: Owner;

  constructor(texts: RemoteTexts, owner: Owner) {
    this.kind = texts.kind;
    this.#texts = texts;
    this.#owner = owner;
  }

  describe(): string {
    return this.#texts.describe();
  }

  async read(): Promise<Stored | undefined> {
    for (let attempt = 1; ; attempt++) {
      const head = await this.#texts.readHead();
      if (!head) return undefined;
      const text = await this.#whole(head.text);
      if (text !== undefined) return this.#parse(text, head.revision);
      if (attempt === READ_ATTEMPTS) {
        throw corrupt(this.describe(), "parts of it are missing or do not belong together", this.#hint());
      }
    }
  }

  async write(envelope: Envelope, expectedRevision: number): Promise<number> {
    const before = await this.#texts.readHead();
    if ((before?.revision ?? 0) !== expectedRevision) {
      throw stale(this.describe(), expectedRevision, before?.revision ?? 0);
    }
    const text = toAscii(serializeEnvelope({ ...envelope, rev: expectedRevision + 1 }));
    const parts = text.length > this.#texts.limit ? await this.#writeParts(text) : undefined;
    const head = parts ? JSON.stringify(parts) : text;
    const revision = (await this.#texts.replaceHead(head, expectedRevision)) ?? (await this.#arrived(head));
    const gone = revision === undefined ? parts : before && partsOf(before.text);
    if (gone) await this.#removeParts(gone);
    if (revision !== undefined) return revision;
    throw stale(this.describe(), expectedRevision, (await this.#texts.readHead())?.revision ?? 0);
  }

  async destroy(): Promise<void> {
    const head = await this.#texts.readHead();
    await this.#texts.removeHead();
    const parts = head && partsOf(head.text);
    if (parts) await this.#removeParts(parts);
  }

  /** A write whose answer was lost is sent again, and finds itself there: that is no other writer. */
  async #arrived(text: string): Promise<number | undefined> {
    const head = await this.#texts.readHead();
    return head?.text === text ? head.revision : undefined;
  }

  async #writeParts(text: string): Promise<Parts> {
    const { limit } = this.#texts;
    const parts: Parts = {
      integ: "parts/2",
      id: randomBytes(8).toString("hex"),
      parts: Math.ceil(text.length / limit),
      sha256: sha256(text),
    };
    for (let index = 0; index < parts.parts; index++) {
      await this.#texts.writePart(partName(parts, index), text.slice(index * limit, (index + 1) * limit));
    }
    return parts;
  }

  async #removeParts(parts: Parts): Promise<void> {
    for (let index = 0; index < parts.parts; index++) await this.#texts.removePart(partName(parts, index));
  }

  /** `undefined` where parts are missing: a writer may have replaced them meanwhile. */
  async #whole(text: string): Promise<string | undefined> {
    const parts = partsOf(text);
    if (!parts) return text;
    let whole = "";
    for (let index = 0; index < parts.parts; index++) {
      const part = await this.#texts.readPart(partName(parts, index));
      if (part === undefined) return undefined;
      whole += part;
    }
    return sha256(whole) === parts.sha256 ? whole : undefined;
  }

  #parse(text: string, revision: number): Stored {
    const parsed = parseEnvelope(text);
    if (!parsed.ok) throw corrupt(this.describe(), parsed.reason, this.#hint());
    const { project, environment } = parsed.envelope;
    if (project !== this.#owner[0] || environment !== this.#owner[1]) {
      throw refused(
        `The ${this.describe()} belongs to ${neutralize(`${project}/${environment}`)}, not to ${this.#owner.join("/")}`,
        "give every project and environment a path of its own: `{project}` and `{environment}` in it",
      );
    }
    return { envelope: { ...parsed.envelope, rev: revision }, revision };
  }

  #hint(): string {
    return "it was not written by integ, or was changed by hand; choose another path, or restore an older version there";
  }
}

export function remoteStore(texts: RemoteTexts, owner: Owner): SecretStore {
  return new RemoteStore(texts, owner);
}
