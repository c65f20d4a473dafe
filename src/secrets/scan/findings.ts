import { type Finding, finding } from "../../base/finding.ts";
import { SECRET_RULES } from "../rules.ts";
import { shownSecret } from "./redaction.ts";
import type { Hit } from "./text.ts";

/** Where a file with a key lies. */
export interface Place {
  /** Relative to where the user stands, forward slashes. */
  file: string;
  /** The commit that brought it in, where it was found in the history. */
  commit?: { commit: string; at: string };
}

const article = (word: string) => (/^[aeiou]/i.test(word) ? "an" : "a");

function wordsOf({ reason, text }: Hit): { rule: keyof typeof SECRET_RULES; message: string; help: string } {
  const shown = shownSecret(text);
  if (reason.kind === "known") {
    const { secret, environment } = reason.known;
    return {
      rule: "inRepository",
      message: `The value of ${secret} in ${environment} stands here`,
      help: `integ secrets rotate ${secret} --env ${environment}: whoever reads the repository has it`,
    };
  }
  if (reason.kind === "pattern") {
    const { provider, secret, kind } = reason.pattern;
    const what = `${kind === undefined ? "" : `${kind} `}${secret.replaceAll("_", " ")} of ${provider}`;
    return {
      rule: kind === "test" ? "testKeyInRepository" : "keyInRepository",
      message: `${shown} looks like ${article(what)} ${what}`,
      help: "revoke it at the provider, then keep the new one with integ secrets set",
    };
  }
  if (reason.kind === "vault-key") {
    return {
      rule: "keyInRepository",
      message: "A generated key stands here that opens a vault of integ",
      help: "rotate what that vault holds: whoever has both reads it; then make a new key with integ secrets keygen",
    };
  }
  return {
    rule: "randomInRepository",
    message: `${shown} is random text assigned to \`${reason.name}\``,
    help: "if it is a key: replace it, and keep the new one with integ secrets set",
  };
}

/** What is told of the hits in one file. No text of a key is in it beyond its first characters. */
export function findingsOf(hits: readonly Hit[], { file, commit }: Place): Finding[] {
  const counts = new Map<string, number>();
  return hits.map((hit) => {
    const { rule, message, help } = wordsOf(hit);
    const { id, severity } = SECRET_RULES[rule];
    const nth = (counts.get(id) ?? 0) + 1;
    counts.set(id, nth);
    const [integration] = hit.reason.kind === "known" ? hit.reason.known.secret.split("/") : [];
    return finding(
      {
        rule: id,
        severity,
        message: commit ? `${message}, since commit ${commit.commit}` : message,
        help,
        ...(integration === undefined ? {} : { integration }),
        ...(hit.reason.kind === "known" ? { environment: hit.reason.known.environment } : {}),
        location: { file, line: hit.line, column: hit.column },
        ...(commit ? { evidence: { ...commit } } : {}),
      },
      // Never over the key itself: a short one could be guessed from its digest.
      `${file} ${nth}${commit ? ` ${commit.commit}` : ""}`,
    );
  });
}
