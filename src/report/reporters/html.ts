import { formatDuration } from "../../base/duration.ts";
import type { Finding, Severity } from "../../base/finding.ts";
import { plainStyle } from "../../base/style.ts";
import { plural } from "../../base/text.ts";
import { codeFrame } from "../frame.ts";
import { consumerWords, evidenceWords, readerWords, valueWords } from "../words.ts";
import { type EndpointEntry, endpointsOf } from "./endpoints.ts";
import { momentHtml, pageHtml } from "./html-page.ts";
import { html, type Markup, NOTHING } from "./html-text.ts";
import { open, type Reporter, type ReportView, subjectText } from "./reporter.ts";

const FRAME_COLUMNS = 120;

const row = (name: string, value: Markup | string | undefined): Markup =>
  value === undefined || value === "" ? NOTHING : html`<dt>${name}</dt><dd>${value}</dd>`;

const code = (text: string | undefined) => (text === undefined ? undefined : html`<code>${text}</code>`);

function changeOf({ before, after }: Finding): Markup | undefined {
  if (before === undefined && after === undefined) return undefined;
  const was = before === undefined ? html`nothing` : html`<del><code>${valueWords(before)}</code></del>`;
  const is = after === undefined ? html`nothing` : html`<ins><code>${valueWords(after)}</code></ins>`;
  return html`${was} → ${is}`;
}

/** The lines around the finding's own place; the one it is about is marked by `>` and by weight. */
function frameOf({ location }: Finding, view: ReportView): Markup {
  const source = location && view.source?.(location.file);
  if (!location || source === undefined) return NOTHING;
  const lines = codeFrame(source, location, { style: plainStyle, columns: FRAME_COLUMNS });
  const shown = lines.map((line) => (line.startsWith(">") ? html`<mark>${line}</mark>\n` : html`${line}\n`));
  return lines.length === 0 ? NOTHING : html`<pre>${shown}</pre>`;
}

function findingHtml(finding: Finding, view: ReportView): Markup {
  const place = view.place(finding);
  const { rule, severity, evidence, help, waiver, fingerprint } = finding;
  const readers = readerWords(finding).map((words) => html`<li>${words}</li>`);
  return html`<article class="${severity}" id="${fingerprint}">
<h3><span class="word">${severity}</span> ${finding.message}</h3>
<dl>
${row("rule", html`<code>${rule}</code>${view.rules.has(rule) ? html` <span class="soft">${view.rules.get(rule)?.summary ?? ""}</span>` : NOTHING}`)}
${row("path", code(finding.path))}
${row("change", changeOf(finding))}
${row("our schema", consumerWords(finding))}
${row("evidence", evidence ? evidenceWords(evidence) : undefined)}
${row("place", place ? code(`${place.path}:${place.line}`) : undefined)}
${row("our code", readers.length > 0 ? html`<ul class="plain">${readers}</ul>` : undefined)}
${row("do", help)}
${row("waived", waiver ? `until ${waiver.until}: ${waiver.reason}` : undefined)}
${row("fingerprint", code(fingerprint))}
</dl>
${frameOf(finding, view)}</article>
`;
}

function groupsHtml(findings: readonly Finding[], view: ReportView): Markup[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const subject = subjectText(finding);
    groups.set(subject, [...(groups.get(subject) ?? []), finding]);
  }
  return [...groups].map(
    ([subject, group]) =>
      html`<section>\n<h2>${subject}</h2>\n${group.map((finding) => findingHtml(finding, view))}</section>\n`,
  );
}

const milliseconds = (value: number | undefined) => (value === undefined ? "" : value.toFixed(0));

function endpointsHtml(endpoints: readonly EndpointEntry[], findings: readonly Finding[]): Markup {
  if (endpoints.length === 0) return NOTHING;
  const counts = new Map<string, number>();
  for (const { integration, version, environment, endpoint } of findings) {
    const key = [integration, version, environment, endpoint].join("\n");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rows = endpoints.map(({ subject, state = "", p50, p95 }) => {
    const { integration, version, environment, endpoint } = subject;
    const name = `${integration ?? ""}${version === undefined ? "" : `@${version}`}/${endpoint ?? ""}`;
    const count = counts.get([integration, version, environment, endpoint].join("\n")) ?? 0;
    return html`<tr><th scope="row">${name}</th><td>${environment ?? ""}</td><td>${state}</td><td class="number">${count}</td><td class="number">${milliseconds(p50)}</td><td class="number">${milliseconds(p95)}</td></tr>\n`;
  });
  return html`<section>
<h2>Endpoints</h2>
<div class="scroll" role="region" aria-label="Endpoints" tabindex="0"><table>
<caption>${plural(endpoints.length, "endpoint")}, each with the number of its findings</caption>
<thead><tr><th scope="col">endpoint</th><th scope="col">environment</th><th scope="col">state</th><th scope="col" class="number">findings</th><th scope="col" class="number">p50 ms</th><th scope="col" class="number">p95 ms</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>
</section>
`;
}

function countsHtml({ report }: ReportView): Markup {
  const { errors, warnings, infos, inconclusive, waived } = report.summary;
  const counts: [Severity | "waived", string][] = [
    ["error", plural(errors, "error")],
    ["warning", plural(warnings, "warning")],
    ["inconclusive", `${inconclusive} inconclusive`],
    ["info", plural(infos, "info")],
    ["waived", `${waived} waived`],
  ];
  return html`<ul class="counts">${counts.map(([name, words]) => html`<li class="${name}"><span class="word">${words}</span></li>`)}</ul>`;
}

/** What a person in a hurry reads: the verdict, in words. */
function verdictOf({ report }: ReportView): string {
  const { errors, warnings, inconclusive } = report.summary;
  if (errors > 0) return `${plural(errors, "error")} to mend`;
  if (inconclusive > 0) return `no error; ${inconclusive} could not be judged`;
  return warnings > 0 ? `no error, ${plural(warnings, "warning")}` : "nothing to mend";
}

/** The report as one self-contained page. */
export const htmlPage: Reporter = {
  name: "html",
  render: (view) => {
    const { report, version } = view;
    const findings = open(view);
    const waived = report.findings.filter(({ waiver }) => waiver !== undefined);
    return pageHtml({
      title: `integ ${report.command}: ${verdictOf(view)}`,
      about: html`<p class="soft">integ ${version}, ${momentHtml(report.startedAt)}, took ${formatDuration(report.durationMs)}</p>
${countsHtml(view)}`,
      main: html`${findings.length === 0 ? html`<p>No findings.</p>\n` : groupsHtml(findings, view)}${waived.length === 0 ? NOTHING : html`<section>\n<h2>Waived</h2>\n${waived.map((finding) => findingHtml(finding, view))}</section>\n`}${endpointsHtml(endpointsOf(view), report.findings)}`,
    });
  },
};
