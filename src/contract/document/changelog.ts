import { compareFindings, type Finding } from "../../base/finding.ts";
import { plural } from "../../base/text.ts";

/** What a provider's next version should be called, by what changed: a breaking change is major, anything else minor. */
export type Bump = "none" | "minor" | "major";

/** The suggested version bump. What is waived counts all the same: it is about the document, not about us. */
export function suggestBump(findings: readonly Finding[]): Bump {
  if (findings.some(({ severity }) => severity === "error")) return "major";
  return findings.some(isChange) ? "minor" : "none";
}

/** What cannot be judged may be just as it was before. */
const isChange = ({ severity, before, after }: Finding): boolean =>
  severity !== "inconclusive" || before === undefined || before !== after;

const SECTIONS: readonly { title: string; has: (finding: Finding) => boolean }[] = [
  { title: "Breaking", has: ({ severity }) => severity === "error" },
  { title: "Deprecated", has: ({ rule }) => /deprecated|sunset/.test(rule) },
  { title: "To look at", has: ({ severity }) => severity === "warning" || severity === "inconclusive" },
  { title: "Added", has: ({ rule }) => rule.endsWith("-added") },
  { title: "Removed", has: ({ rule }) => /-removed/.test(rule) },
  { title: "Changed", has: () => true },
];

export interface ChangelogOptions {
  /** `Stripe API 2020-03-02 → 2020-08-27`. */
  title: string;
  bump: Bump;
}

/** Markdown is text: what a document says must not become markup. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, "\\$&").replace(/\s+/g, " ");
}

function code(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  const fence = text.includes("`") ? "``" : "`";
  const short = text.length > 120 ? `${text.slice(0, 119)}…` : text;
  return `${fence}${short.replace(/\s+/g, " ")}${fence}`;
}

function line({ message, before, after, rule }: Finding): string {
  const values =
    before === undefined && after === undefined
      ? ""
      : `: ${[before, after].map((value) => (value === undefined ? "(nothing)" : code(value))).join(" → ")}`;
  return `- ${escapeMarkdown(message)}${values} (${code(rule)})`;
}

/** The findings of two documents as a changelog in Markdown: by gravity, then by operation. */
export function changelog(findings: readonly Finding[], { title, bump }: ChangelogOptions): string {
  const lines = [
    `# ${escapeMarkdown(title)}`,
    "",
    `Suggested version bump: **${bump}**. ${plural(findings.length, "change")}.`,
  ];
  let rest = [...findings].sort(compareFindings);
  for (const section of SECTIONS) {
    const own = rest.filter(section.has);
    rest = rest.filter((one) => !own.includes(one));
    if (own.length > 0) lines.push("", `## ${section.title}`, ...byOperation(own));
  }
  return lines.join("\n");
}

function byOperation(findings: readonly Finding[]): string[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const subject = finding.endpoint ?? "";
    groups.set(subject, [...(groups.get(subject) ?? []), finding]);
  }
  return [...groups].flatMap(([subject, own]) => [
    "",
    ...(subject === "" ? [] : [`### ${code(subject)}`, ""]),
    ...own.map(line),
  ]);
}
