import type { SchemaLocator } from "./source/locate.ts";

/** One locator for all who ask: it reads each file once, and its parser is loaded with the first question. */
export function openLocator(): () => Promise<SchemaLocator> {
  let opened: Promise<SchemaLocator> | undefined;
  return () => {
    opened ??= import("./source/locate.ts").then(({ schemaLocator }) => schemaLocator());
    return opened;
  };
}
