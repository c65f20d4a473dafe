import type { Api, Operation, Requirement, SecurityScheme } from "./api.ts";
import { type Said, said } from "./changes.ts";

/** `bearer`, `apiKey and oauth2 (read)`, `nothing`. */
function words(requirement: Requirement): string {
  if (requirement.size === 0) return "nothing";
  return [...requirement]
    .map(([name, scopes]) => (scopes.length === 0 ? name : `${name} (${scopes.join(", ")})`))
    .sort()
    .join(" and ");
}

const schemesOf = (requirement: Requirement): string => [...requirement.keys()].sort().join(" and ");

/** Whether who satisfies `held` satisfies `asked` as well. */
function suffices(held: Requirement, asked: Requirement): boolean {
  return [...asked].every(
    ([name, scopes]) => scopes.every((scope) => held.get(name)?.includes(scope)) && held.has(name),
  );
}

/** An operation without requirements is open to everybody. */
const alternatives = ({ security }: Operation): readonly Requirement[] =>
  security.length === 0 ? [new Map()] : security;

/** Schemes that the new document has under another name: they work as before, by the same addresses. Old name to new one. */
export function renamedSchemes(before: Api, after: Api): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  const free = [...after.schemes.values()].filter(({ name }) => !before.schemes.has(name));
  for (const old of before.schemes.values()) {
    if (after.schemes.has(old.name)) continue;
    const index = free.findIndex((fresh) => workings(fresh) === workings(old));
    const [fresh] = index < 0 ? [] : free.splice(index, 1);
    if (fresh) renamed.set(old.name, fresh.name);
  }
  return renamed;
}

const workings = ({ type, urls, tokenUrls }: SecurityScheme): string =>
  JSON.stringify([type, [...urls].sort(), [...tokenUrls].sort()]);

const underNewNames = (list: readonly Requirement[], renamed: ReadonlyMap<string, string>): Requirement[] =>
  list.map(
    (requirement) =>
      new Map([...requirement].map(([name, scopes]) => [renamed.get(name) ?? name, scopes] as const)),
  );

/** What of one list has no equal in the other. */
function without(list: readonly Requirement[], other: readonly Requirement[]): Requirement[] {
  const known = new Set(other.map(words));
  return list.filter((requirement) => !known.has(words(requirement)));
}

/**
 * How one is let in: by which of the alternatives.
 * @param renamed schemes under another name
 */
export function compareSecurity(
  before: Operation,
  after: Operation,
  renamed: ReadonlyMap<string, string>,
): Said[] {
  const [all, allNow] = [underNewNames(alternatives(before), renamed), alternatives(after)];
  const old = without(all, allNow);
  const fresh = without(allNow, all);
  const found: Said[] = [];
  const report = (rule: string, change: Partial<Said>) =>
    found.push(
      said({ rule, direction: "both", where: "security", source: sourceOf(before, after), ...change }),
    );
  const paired = new Set<Requirement>();
  for (const held of old) {
    const same = fresh.find((asked) => !paired.has(asked) && schemesOf(asked) === schemesOf(held));
    if (same) {
      paired.add(same);
      compareScopes(held, same, report);
    } else if (!allNow.some((asked) => suffices(held, asked))) {
      const change = { before: words(held), after: listed(allNow) };
      report("contract/security-removed", { effect: "narrowed", breaks: true, ...change });
    }
  }
  for (const asked of fresh) {
    if (paired.has(asked)) continue;
    report("contract/security-added", { effect: "widened", before: listed(all), after: words(asked) });
  }
  return found;
}

const listed = (requirements: readonly Requirement[]): string => requirements.map(words).sort().join(" or ");

function sourceOf(before: Operation, after: Operation): Said["source"] {
  return { before: before.place.at("security"), after: after.place.at("security") };
}

function compareScopes(
  held: Requirement,
  asked: Requirement,
  report: (rule: string, change: Partial<Said>) => void,
): void {
  for (const [name, scopes] of asked) {
    const old = held.get(name) ?? [];
    for (const scope of scopes) {
      if (!old.includes(scope)) {
        report("contract/security-scope-added", {
          effect: "narrowed",
          breaks: true,
          after: `${name}: ${scope}`,
        });
      }
    }
    for (const scope of old) {
      if (!scopes.includes(scope)) {
        report("contract/security-scope-removed", { effect: "widened", before: `${name}: ${scope}` });
      }
    }
  }
}

const whereOf = ({ name }: SecurityScheme): string => `scheme ${name}`;

/** The schemes that the documents define. */
export function compareSchemes(before: Api, after: Api): Said[] {
  const found: Said[] = [];
  for (const [name, old] of before.schemes) {
    const fresh = after.schemes.get(name);
    const source = { before: old.place, after: after.listed.schemes };
    if (fresh) found.push(...compareScheme(old, fresh));
    else
      found.push(
        said({
          rule: "contract/security-scheme-removed",
          direction: "both",
          where: whereOf(old),
          before: old.type,
          source,
        }),
      );
  }
  for (const [name, fresh] of after.schemes) {
    if (before.schemes.has(name)) continue;
    const source = { before: before.listed.schemes, after: fresh.place };
    found.push(
      said({
        rule: "contract/security-scheme-added",
        direction: "both",
        where: whereOf(fresh),
        after: fresh.type,
        source,
      }),
    );
  }
  return found;
}

function compareScheme(old: SecurityScheme, fresh: SecurityScheme): Said[] {
  const found: Said[] = [];
  const report = (rule: string, before: string | undefined, after: string | undefined, breaks = false) =>
    found.push(
      said({
        rule,
        direction: "both",
        where: whereOf(old),
        breaks,
        effect: breaks ? "changed" : "note",
        source: { before: old.place, after: fresh.place },
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      }),
    );
  if (old.type !== fresh.type) report("contract/security-scheme-changed", old.type, fresh.type, true);
  for (const word of ["urls", "tokenUrls", "refreshUrls"] as const) {
    for (const [flow, url] of old[word]) {
      const now = fresh[word].get(flow);
      if (now !== url) report("contract/security-url-changed", url, now);
    }
  }
  compareDefinedScopes(old, fresh, report);
  return found;
}

function compareDefinedScopes(
  old: SecurityScheme,
  fresh: SecurityScheme,
  report: (rule: string, before: string | undefined, after: string | undefined) => void,
): void {
  for (const [scope, text] of old.scopes) {
    const now = fresh.scopes.get(scope);
    if (now === undefined) report("contract/oauth-scope-removed", scope, undefined);
    else if (now !== text) report("contract/oauth-scope-changed", `${scope}: ${text}`, `${scope}: ${now}`);
  }
  for (const scope of fresh.scopes.keys())
    if (!old.scopes.has(scope)) report("contract/oauth-scope-added", undefined, scope);
}
