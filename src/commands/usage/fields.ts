import type { Finding } from "../../base/finding.ts";
import type { Consult } from "../../check/consumer/consult.ts";
import { type Field, fieldsOf } from "../../check/consumer/fields.ts";
import { type Usage, usageOf } from "../../check/consumer/usage.ts";
import { askedOf } from "../../check/contract/asked.ts";
import { storedFor } from "../../check/contract/contract-for.ts";
import { parsePath } from "../../check/path.ts";
import type { Target } from "../../config/project.ts";

/** A place of the response, and what our schema wants of it. */
export interface FieldUse extends Field {
  usage: Usage;
  /** `src/integrations/stripe/v1/schemas.ts:12`. */
  line?: string;
  /** The lines that read it through the type of our schema; absent where that cannot be known. */
  readBy?: readonly string[];
  /** Lines at which an object that holds it goes on as a whole, to code whose types do not name it. */
  passedOnAt?: readonly string[];
}

export interface EndpointUse {
  target: Target;
  /** Absent where it is not known: no contract, no consumer, or schemas that cannot be loaded. */
  fields?: FieldUse[];
  why?: string;
  findings: readonly Finding[];
}

/** Whether our schema reads a field. */
export const isUsed = ({ usage }: FieldUse) => usage === "required" || usage === "optional";

/**
 * What our schema wants of each field of a target's contract.
 * @param cwd where the user stands
 */
export async function usesOf(target: Target, room: Consult, cwd: string): Promise<EndpointUse> {
  const unknown = (why: string, findings: readonly Finding[] = []): EndpointUse => ({
    target,
    why,
    findings,
  });
  const consumer = await room.consumer(target);
  if (!consumer) return unknown("the manifest names no `consumer`");
  if ("findings" in consumer) return unknown("its schema cannot be had", consumer.findings);
  const { jsonSchema } = consumer;
  if (!jsonSchema) return unknown("its schema has no JSON Schema");
  const { contract, unreadable } = await storedFor(askedOf(target, cwd));
  if (unreadable) return unknown("its contract cannot be read", [unreadable]);
  if (!contract) return unknown("it has no contract yet: integ record");
  const fields = fieldsOf(contract.shape).map((field): FieldUse => {
    const path = parsePath(field.path) ?? [];
    const usage = usageOf(jsonSchema, path);
    const place = usage === "required" || usage === "optional" ? consumer.place(path) : undefined;
    return { ...field, usage, ...(place ? { line: `${place.file}:${place.line}` } : {}) };
  });
  return { target, fields, findings: [] };
}
