import type { Direction } from "../compare/change.ts";
import { Comparer } from "../compare.ts";
import { isAny } from "../shape.ts";
import type { Api, Operation } from "./api.ts";
import { Changes, type DocumentChange, type Said, said } from "./changes.ts";
import { asWritten, compareBodies, compareParameters } from "./compare-requests.ts";
import { compareResponses } from "./compare-responses.ts";
import { compareSchemes, compareSecurity, renamedSchemes } from "./compare-security.ts";
import { compareSent, type Sent } from "./compare-webhooks.ts";
import type { Library } from "./library.ts";
import { type Calendar, compareLives, removals } from "./lifecycle.ts";
import type { LoadedDocument } from "./load.ts";
import { missingInBoth } from "./missing.ts";
import { readApi } from "./openapi.ts";
import { SchemaReader } from "./read-schema.ts";
import type { Both } from "./reading.ts";
import { SameShapes } from "./same-shapes.ts";
import { Sameness } from "./sameness.ts";
import { SchemaRoots } from "./schema-roots.ts";
import { haveOneInCommon, listServers, type Server } from "./servers.ts";

export type { DocumentChange } from "./changes.ts";

export interface CompareOptions extends Partial<Calendar> {
  /** Which side is compared; default both. */
  direction?: Direction | "both";
  /** Called now and then in a long comparison; may throw to end it. */
  pause?: () => void;
}

export interface Comparison {
  changes: DocumentChange[];
  operations: { before: number; after: number; added: number; removed: number };
  /** Pairs of nodes of schemas that were compared, and on how many of them nothing could be said. */
  pairs: number;
  inconclusive: number;
  titles: { before: string; after: string };
  versions: { before: string; after: string };
}

/** Days that a deprecated operation must stay before its sunset, where nothing else is said. */
export const DEFAULT_GRACE_DAYS = 90;

/** One of the two documents, with what reads it. */
class Side {
  readonly api: Api;
  readonly library: Library;
  readonly reader: SchemaReader;
  readonly document: LoadedDocument;

  constructor(document: LoadedDocument) {
    const { library, problems } = document;
    this.document = document;
    this.api = readApi(library, problems);
    this.library = library;
    this.reader = new SchemaReader(library, problems);
  }
}

/**
 * Everything that differs between two OpenAPI documents of any versions: operations, parameters, bodies, responses, headers,
 * security, deprecations, and the schemas of all of them. A schema that many operations share is compared once.
 */
export function compareDocuments(
  before: LoadedDocument,
  after: LoadedDocument,
  options: CompareOptions = {},
): Comparison {
  return new DocumentComparison(new Side(before), new Side(after), options).run();
}

class DocumentComparison {
  readonly #before: Side;
  readonly #after: Side;
  readonly #calendar: Calendar;
  readonly #direction: Direction | "both";
  readonly #changes = new Changes();
  readonly #sameness: Sameness;
  readonly #roots: Readonly<Record<Direction, SchemaRoots>>;

  constructor(
    before: Side,
    after: Side,
    { direction = "both", today = "", graceDays = DEFAULT_GRACE_DAYS, pause }: CompareOptions,
  ) {
    this.#before = before;
    this.#after = after;
    this.#sameness = new Sameness(before.library, after.library);
    const shapes = new SameShapes(before.reader, after.reader, this.#sameness);
    const comparer = (side: Direction) => new Comparer(side, (a, b) => shapes.same(a, b), pause);
    this.#roots = {
      response: new SchemaRoots(comparer("response")),
      request: new SchemaRoots(comparer("request")),
    };
    this.#direction = direction;
    this.#calendar = { today, graceDays };
  }

  run(): Comparison {
    const { api: old } = this.#before;
    const { api: fresh } = this.#after;
    const added = this.#compareOperations(old, fresh);
    const webhooks = ({ webhooks: hooks, listed }: Api) => ({ hooks, place: listed.webhooks });
    this.#compareSent(webhooks(old), webhooks(fresh), ({ path }) => `webhook ${path}`);
    for (const change of [...compareSchemes(old, fresh), ...compareWhole(old, fresh)]) this.#add("", change);
    this.#roots.response.report(this.#changes);
    this.#roots.request.report(this.#changes);
    const found = this.#changes.all.map(asWritten);
    for (const change of compareVersions(old, fresh, found)) this.#add("", change);
    // Last, since all is read then; and it is no change that would ask for another version.
    for (const change of missingInBoth(this.#before.document, this.#after.document)) this.#add("", change);
    const changes = this.#changes.all.map(asWritten);
    const removed = [...old.operations.keys()].filter((key) => !fresh.operations.has(key)).length;
    return {
      changes,
      operations: { before: old.operations.size, after: fresh.operations.size, added, removed },
      pairs: this.#roots.response.pairs + this.#roots.request.pairs,
      inconclusive: changes.filter(({ effect }) => effect === "unknown").length,
      titles: { before: old.title, after: fresh.title },
      versions: { before: old.version, after: fresh.version },
    };
  }

  #wants(direction: Said["direction"]): boolean {
    return this.#direction === "both" || direction === "both" || direction === this.#direction;
  }

  #add(subject: string, change: Said): void {
    if (this.#wants(change.direction)) this.#changes.add(subject === "" ? [] : [subject], change);
  }

  #compareOperations(old: Api, fresh: Api): number {
    let added = 0;
    const apis = { old, fresh, renamed: renamedSchemes(old, fresh) };
    for (const [key, operation] of old.operations) {
      const now = fresh.operations.get(key);
      if (now) this.#compareOperation(operation, now, apis);
      else
        for (const change of removed(operation, fresh, this.#calendar)) this.#add(titleOf(operation), change);
    }
    for (const [key, operation] of fresh.operations) {
      if (old.operations.has(key)) continue;
      added++;
      const source = { before: old.listed.operations, after: operation.place };
      this.#add(
        titleOf(operation),
        said({ rule: "contract/endpoint-added", direction: "both", effect: "widened", source }),
      );
    }
    return added;
  }

  #compareOperation(old: Operation, fresh: Operation, apis: Apis): void {
    const subject = titleOf(fresh);
    const both = this.#both(subject);
    const context = { calendar: this.#calendar, direction: "both" as const, where: "" };
    const found = [
      ...compareLives("endpoint", old, fresh, context),
      ...compareNames(old, fresh),
      ...compareOwnServers(old, fresh, apis),
      ...compareSecurity(old, fresh, apis.renamed),
      ...compareParameters(old, fresh, both),
      ...compareBodies(old, fresh, both),
      ...compareResponses(old, fresh, both),
    ];
    for (const change of found) this.#add(subject, change);
    const callbacks = ({ callbacks: hooks, place }: Operation) => ({ hooks, place: place.at("callbacks") });
    this.#compareSent(callbacks(old), callbacks(fresh), ({ path }) => `callback ${path} of ${subject}`);
  }

  #compareSent(old: Sent, fresh: Sent, subjectOf: (hook: Operation) => string): void {
    compareSent(old, fresh, {
      subjectOf,
      both: (subject) => this.#both(subject),
      add: (subject, change) => this.#add(subject, change),
    });
  }

  #both(subject: string): Both {
    return {
      calendar: this.#calendar,
      wants: (direction) => this.#wants(direction),
      holdsSeveral: (schema) => {
        const shape = schema && this.#after.reader.node(schema.value, schema.place);
        return shape !== undefined && !isAny(shape) && shape.arrays.length + shape.objects.length > 0;
      },
      schemas: (direction, where, before, after) => {
        if (!before || !after || !this.#wants(direction) || this.#sameness.same(before, after)) return;
        const a = this.#before.reader.node(before.value, before.place);
        const b = this.#after.reader.node(after.value, after.place);
        this.#roots[direction].add(subject, where, a, b);
      },
    };
  }
}

/** Both documents as wholes, and which security schemes are the same under another name: old name to new one. */
interface Apis {
  old: Api;
  fresh: Api;
  renamed: ReadonlyMap<string, string>;
}

const titleOf = ({ method, path }: Operation): string => `${method} ${path}`;

function removed({ note, place }: Operation, fresh: Api, calendar: Calendar): Said[] {
  const source = { before: place, after: fresh.listed.operations };
  return removals("endpoint", note, calendar, { direction: "both", source });
}

function compareNames(old: Operation, fresh: Operation): Said[] {
  const source = { before: old.place, after: fresh.place };
  const found: Said[] = [];
  if (old.id !== fresh.id) {
    const [before, after] = [old.id ?? "none", fresh.id ?? "none"];
    found.push(said({ rule: "contract/operation-id-changed", direction: "both", before, after, source }));
  }
  for (const tag of fresh.tags)
    if (!old.tags.includes(tag))
      found.push(said({ rule: "contract/tag-added", direction: "both", after: tag, source }));
  for (const tag of old.tags)
    if (!fresh.tags.includes(tag))
      found.push(said({ rule: "contract/tag-removed", direction: "both", before: tag, source }));
  return found;
}

function compareWhole(old: Api, fresh: Api): Said[] {
  const found: Said[] = [];
  for (const [name, place] of old.schemas) {
    if (fresh.schemas.has(name)) continue;
    const source = { before: place, after: fresh.listed.schemas };
    const where = `schema ${name}`;
    found.push(
      said({ rule: "contract/named-schema-removed", direction: "both", where, before: name, source }),
    );
  }
  const source = { before: old.place.at("servers"), after: fresh.place.at("servers") };
  return [...found, ...compareServers(old.servers, fresh.servers, source)];
}

function compareServers(old: readonly Server[], fresh: readonly Server[], source: Said["source"]): Said[] {
  if (haveOneInCommon(old, fresh)) return [];
  const [before, after] = [listServers(old), listServers(fresh)];
  return [
    said({ rule: "contract/servers-changed", direction: "both", before, after, effect: "changed", source }),
  ];
}

/** Servers that an operation has of its own, in one of the documents at least: the others are those of the document. */
function compareOwnServers(old: Operation, fresh: Operation, apis: Apis): Said[] {
  if (!old.servers && !fresh.servers) return [];
  const source = { before: old.place, after: fresh.place };
  return compareServers(old.servers ?? apis.old.servers, fresh.servers ?? apis.fresh.servers, source);
}

function compareVersions(old: Api, fresh: Api, changes: readonly DocumentChange[]): Said[] {
  const source = { before: old.place.under("info", "version"), after: fresh.place.under("info", "version") };
  const report = (rule: string): Said[] => [
    said({ rule, direction: "both", before: old.version, after: fresh.version, source }),
  ];
  if (changes.length === 0 || old.version === "" || fresh.version === "") return [];
  if (old.version === fresh.version) return report("contract/version-not-bumped");
  const [a, b] = [numbersOf(old.version), numbersOf(fresh.version)];
  if (!a || !b) return [];
  const order = a.findIndex((part, index) => part !== b[index]);
  if (order >= 0 && (a[order] ?? 0) > (b[order] ?? 0)) return report("contract/version-decreased");
  const breaking = changes.some(({ breaks }) => breaks);
  return breaking && a[0] === b[0] ? report("contract/major-version-not-bumped") : [];
}

function numbersOf(version: string): number[] | undefined {
  const parts = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?$/.exec(version)?.slice(1);
  return parts?.map((part) => Number(part ?? 0));
}
