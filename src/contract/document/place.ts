import type { Source } from "../shape.ts";
import type { Dialect } from "./dialect.ts";

/** What holds for a schema because of where it stands. */
export interface Scope {
  /** What relative references are resolved against. */
  readonly base: string;
  readonly dialect: Dialect;
}

/** Where a value stands in a document. Costs five words until somebody asks for the pointer. */
export class Place implements Source {
  readonly file: string;
  readonly scope: Scope;
  readonly parent: Place | undefined;
  readonly key: string | number;
  /** Whether the scope already is that of the schema here, its own identifier applied: that must not happen twice. */
  readonly settled: boolean;

  constructor(file: string, scope: Scope, parent?: Place, key: string | number = "", settled = !parent) {
    this.file = file;
    this.scope = scope;
    this.parent = parent;
    this.key = key;
    this.settled = settled;
  }

  at(key: string | number): Place {
    return new Place(this.file, this.scope, this, key);
  }

  under(first: string, second: string | number): Place {
    return this.at(first).at(second);
  }

  /** The same place, by the rules that the schema here sets itself. */
  within(scope: Scope): Place {
    return new Place(this.file, scope, this.parent, this.key, true);
  }

  get pointer(): string {
    const keys: string[] = [];
    for (let place: Place = this; place.parent; place = place.parent)
      keys.push(escapePointer(String(place.key)));
    return keys.length === 0 ? "" : `/${keys.reverse().join("/")}`;
  }
}

/** One step of a JSON pointer (RFC 6901). */
export function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The steps of a JSON pointer as it stands in a URI fragment; a stray `%` is taken as it is. */
export function pointerKeys(pointer: string): string[] {
  if (!pointer.startsWith("/")) return [];
  return pointer
    .slice(1)
    .split("/")
    .map((step) => decodeStep(step).replaceAll("~1", "/").replaceAll("~0", "~"));
}

function decodeStep(step: string): string {
  if (!step.includes("%")) return step;
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
