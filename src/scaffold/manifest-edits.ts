import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import * as z from "zod";
import type { Integration } from "../config/project.ts";
import type { ModuleSpec } from "./spec.ts";

/** Where requests go and what version they ask for, as a person changed it in the manifest. */
export interface ManifestEdits {
  /** The version that the manifest was generated with; by now it may be gone. */
  generatedWith?: string;
  baseUrl?: ModuleSpec["baseUrl"];
  /** Version → the headers of its requests. */
  headers: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const generated = z.looseObject({
  baseUrl: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
  versions: z
    .record(z.string(), z.looseObject({ headers: z.record(z.string(), z.string()).optional() }).nullable())
    .optional(),
});

/** An address for all environments is written as a text. */
function writtenUrl({ "*": every, ...others }: Integration["baseUrl"]): ModuleSpec["baseUrl"] {
  return every !== undefined && Object.keys(others).length === 0
    ? every
    : { ...(every === undefined ? {} : { "*": every }), ...others };
}

/**
 * What a manifest says otherwise than it was generated; what nobody touched is the template's to change.
 * @param pristine the manifest as it was generated; without it nothing is known to be an edit
 */
export function manifestEdits(
  { baseUrl, versions }: Pick<Integration, "baseUrl" | "versions">,
  pristine: string | undefined,
): ManifestEdits {
  const { data } = generated.safeParse(pristine === undefined ? undefined : parse(pristine));
  if (!data) return { headers: {} };
  const url = writtenUrl(baseUrl);
  const edited = versions.filter(({ name, headers }) => {
    const before = data.versions?.[name];
    // A later version was added to the manifest: its headers there are all that is known of them.
    return before === undefined || !isDeepStrictEqual(before?.headers ?? {}, { ...headers });
  });
  const [first] = Object.keys(data.versions ?? {});
  return {
    ...(first === undefined ? {} : { generatedWith: first }),
    ...(isDeepStrictEqual(url, data.baseUrl) ? {} : { baseUrl: url }),
    headers: Object.fromEntries(edited.map(({ name, headers }) => [name, headers])),
  };
}
