import * as z from "zod";
import { configSchema } from "./schema/config.ts";
import { manifestSchema } from "./schema/manifest.ts";

/** A JSON Schema as it is published with the package, for editors. */
export interface PublishedSchema {
  /** Relative to the package's root. */
  file: string;
  content: string;
}

function publish(file: string, title: string, schema: z.ZodType): PublishedSchema {
  // Draft 7 is the newest that the YAML language server reads; `input` is what a person may write.
  const document = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
  return { file, content: `${JSON.stringify({ ...document, title }, undefined, 2)}\n` };
}

/** The JSON Schemas of both YAML files, made from the schemas that validate them. */
export function publishedSchemas(): PublishedSchema[] {
  return [
    publish("schema/integ.config.schema.json", "integ.config.yaml", configSchema),
    publish("schema/integration.schema.json", "integration.yaml", manifestSchema),
  ];
}
