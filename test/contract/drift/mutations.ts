import type { Json } from "../../../src/contract/shape.ts";
import type { Random } from "./random.ts";
import { kindOf, type Place } from "./survey.ts";

/** How sure anyone can be that a change breaks its readers, given enough samples. */
export type Certainty =
  /** Nothing of what was always so is so any more. */
  | "break"
  /** Part of the answers changed, or something changed that was not always so: takes more evidence. */
  | "drift";

/** A way in which an API changes one property, in every answer from then on. */
export interface Mutation {
  name: string;
  certainty: Certainty;
  /** Rules of which one should say it. */
  rules: readonly string[];
  /** Whether the property can change this way; `always`: it was in every object, and never null. */
  applies(place: Place, always: boolean): boolean;
  /** Changes one object that has the property. */
  apply(object: { [key: string]: Json }, name: string, random: Random): void;
}

const REMOVED = [
  "contract/property-removed",
  "contract/property-renamed",
  "contract/optional-property-removed",
];
const TYPE = ["contract/type-changed", "contract/type-added", "contract/envelope-changed"];
const FORMAT = ["contract/format-changed", "contract/enum-value-added", "contract/variant-added"];

const only = (place: Place, kind: string): boolean => place.kinds.size === 1 && place.kinds.has(kind);
const scalar = (place: Place): boolean => ["string", "number", "boolean"].some((kind) => only(place, kind));
const all = (place: Place, look: RegExp): boolean =>
  only(place, "string") && place.texts.size > 1 && [...place.texts].every((text) => look.test(text));

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const PREFIX = /^[a-z]{2,8}_[A-Za-z0-9]{10,}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Seconds since 1970, of this century. */
const isClock = ({ least, greatest }: Place): boolean => least > 1e9 && greatest < 1e10;

function replace(change: (value: Json, random: Random) => Json): Mutation["apply"] {
  return (object, name, random) => {
    const before = object[name];
    if (before !== undefined && before !== null) object[name] = change(before, random);
  };
}

const another = (value: Json): Json => {
  switch (kindOf(value)) {
    case "string":
      return { value };
    case "number":
      return String(value);
    case "boolean":
      return value ? "yes" : "no";
    case "array":
      return { items: value };
    default:
      return [value];
  }
};

/** Renames keep the property's place among the others. */
function rename(object: { [key: string]: Json }, name: string): void {
  const entries = Object.entries(object);
  for (const [key] of entries) delete object[key];
  for (const [key, value] of entries) object[key === name ? `${name}_v2` : key] = value;
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: "property removed",
    certainty: "break",
    rules: REMOVED,
    applies: (_, always) => always,
    apply: (object, name) => delete object[name],
  },
  {
    name: "property renamed",
    certainty: "break",
    rules: REMOVED,
    applies: (_, always) => always,
    apply: rename,
  },
  {
    name: "property null",
    certainty: "break",
    rules: ["contract/became-nullable"],
    applies: (_, always) => always,
    apply: (object, name) => {
      object[name] = null;
    },
  },
  {
    name: "type changed",
    certainty: "break",
    rules: TYPE,
    applies: (place, always) => always && place.kinds.size === 1,
    apply: replace(another),
  },
  {
    name: "number became string",
    certainty: "break",
    rules: TYPE,
    applies: (place, always) => always && only(place, "number"),
    apply: replace(String),
  },
  {
    name: "string became number",
    certainty: "break",
    rules: TYPE,
    applies: (place, always) => always && only(place, "string"),
    apply: replace((_, random) => random.int(1, 1e6)),
  },
  {
    name: "object became its id",
    certainty: "break",
    rules: TYPE,
    applies: (place, always) => always && only(place, "object"),
    apply: replace((_, random) => random.text(12)),
  },
  {
    name: "date-time became epoch",
    certainty: "break",
    rules: TYPE,
    applies: (place, always) => always && all(place, DATE_TIME),
    apply: replace((value) => Math.floor(Date.parse(String(value)) / 1000)),
  },
  {
    name: "seconds became milliseconds",
    certainty: "break",
    rules: ["contract/scale-changed"],
    applies: (place, always) =>
      always && only(place, "number") && isClock(place) && /created|updated|_at$|date/.test(place.name),
    apply: replace((value) => Number(value) * 1000),
  },
  {
    name: "integer beyond 2^53",
    certainty: "break",
    rules: ["contract/unsafe-integer"],
    applies: (place, always) => always && only(place, "number") && /^(?:id|number)$/.test(place.name),
    apply: replace((_, random) => 2 ** 60 + random.int(0, 1e9) * 4096),
  },
  {
    name: "date-time in another format",
    certainty: "drift",
    rules: FORMAT,
    applies: (place, always) => always && all(place, DATE_TIME),
    apply: replace((value) => String(value).replace(/^(\d+)-(\d+)-(\d+)T(.{5}).*/, "$3/$2/$1 $4")),
  },
  {
    name: "id prefix changed",
    certainty: "drift",
    rules: FORMAT,
    applies: (place, always) => always && all(place, PREFIX),
    apply: replace((value) => String(value).replace(/^[a-z]+_/, "new_")),
  },
  {
    name: "uuid became short id",
    certainty: "drift",
    rules: FORMAT,
    applies: (place, always) => always && all(place, UUID),
    apply: replace((_, random) => random.text(10)),
  },
  {
    name: "URL became path",
    certainty: "drift",
    rules: FORMAT,
    applies: (place, always) => always && all(place, /^https?:\/\//),
    apply: replace((value) => String(value).replace(/^https?:\/\/[^/]+/, "")),
  },
  {
    name: "enum value added (1 in 4)",
    certainty: "drift",
    rules: FORMAT,
    applies: (place) =>
      /^(?:status|state|type|overallState|finish_reason|album_type|author_association)$/.test(place.name) &&
      only(place, "string") &&
      place.texts.size > 1,
    apply: replace((value, random) => (random.chance(0.25) ? "archived" : value)),
  },
  {
    name: "missing in half",
    certainty: "drift",
    rules: ["contract/property-became-optional"],
    applies: (_, always) => always,
    apply: (object, name, random) => random.chance(0.5) && delete object[name],
  },
  {
    name: "null in half",
    certainty: "drift",
    rules: ["contract/became-nullable"],
    applies: (_, always) => always,
    apply: (object, name, random) => {
      if (random.chance(0.5)) object[name] = null;
    },
  },
  {
    name: "other type in half",
    certainty: "drift",
    rules: TYPE,
    applies: (place, always) => always && scalar(place),
    apply: replace((value, random) => (random.chance(0.5) ? another(value) : value)),
  },
  {
    name: "integer became fraction",
    certainty: "drift",
    rules: ["contract/integer-became-number"],
    applies: (place, always) =>
      always && only(place, "number") && /amount|total|count|memory|number/i.test(place.name),
    apply: replace((value) => Number(value) + 0.5),
  },
  {
    name: "optional property gone",
    certainty: "drift",
    rules: REMOVED,
    applies: (place, always) =>
      !always &&
      place.nulls === 0 &&
      place.present >= 0.3 * place.parents &&
      place.present < 0.95 * place.parents,
    apply: (object, name) => delete object[name],
  },
  {
    name: "list emptied",
    certainty: "drift",
    rules: ["contract/empty-list"],
    applies: (place, always) => always && place.way.length === 1 && only(place, "array"),
    apply: (object, name) => {
      object[name] = [];
    },
  },
];
