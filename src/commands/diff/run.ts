import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { neutralize } from "../../base/text.ts";
import { areDocuments, type DocumentOptions, diffDocuments, firstDocument } from "./documents.ts";

export interface DiffOptions extends DocumentOptions {
  targets: readonly string[];
  env: string | undefined;
  samples: number;
  against: string | undefined;
}

const isUrl = (text: string): boolean => /^https?:\/\//i.test(text);

/**
 * `integ diff`: targets against their contracts, a URL against a contract's file, or two documents. Each is loaded when it is
 * asked for: documents need neither a project nor a network.
 */
export async function run(options: DiffOptions, ctx: Context): Promise<Result> {
  const { targets, against } = options;
  const [first, second] = targets;
  if (against !== undefined) {
    if (targets.length !== 1 || first === undefined || !isUrl(first)) {
      throw new UsageError(
        "--against takes one URL: integ diff https://api.example.com/things --against FILE",
        {
          code: "usage/against",
        },
      );
    }
    const { diffUrl } = await import("./url.ts");
    return diffUrl(first, against, options, ctx);
  }
  if (targets.length === 1 && first !== undefined && isUrl(first)) {
    throw new UsageError("A URL needs a contract to compare it with", {
      code: "usage/against",
      hint: `integ diff ${first} --against FILE`,
    });
  }
  if (first !== undefined && second !== undefined && (await areDocuments(targets, ctx))) {
    return diffDocuments([first, second], options, ctx);
  }
  const document = firstDocument(targets);
  if (document !== undefined) {
    throw new UsageError(`${neutralize(document)} is a document: two are compared, an old and a new one`, {
      code: "usage/documents",
      hint: "integ diff OLD NEW; a contract is compared with integ diff URL --against FILE",
    });
  }
  const { diffTargets } = await import("./targets.ts");
  return diffTargets(options, ctx);
}
