import fc from "fast-check";
import MarkdownIt, { type Token } from "markdown-it";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { describe, expect, test } from "vitest";
import { finding } from "../../../src/base/finding.ts";
import { buildReport } from "../../../src/base/report.ts";
import { plainStyle } from "../../../src/base/style.ts";
import { REPORTERS } from "../../../src/report/reporters/list.ts";
import type { ReportView } from "../../../src/report/reporters/reporter.ts";
import { renderFindings } from "../../../src/report/terminal.ts";

const EVIL = [
  "\n::set-output name=x::y",
  "%0A::error::x",
  "]]><script>alert(1)</script>",
  '"/><failure message="x',
  "' onmouseover='alert(1)",
  "</style><img src=x onerror=alert(1)>",
  "&lt;b&gt; &#60;script&#62; &amp;colon;",
  "[click](https://evil.test) ![x](https://evil.test/p.png)",
  "](https://evil.test)",
  "[x]: https://evil.test 'x'",
  "<https://evil.test> <evil@evil.test>",
  "<!-- integ:report --> <img src=x onerror=alert(1)>",
  "@everyone #1 https://evil.test www.evil.test a@evil.test",
  "`` ` ``` \\` |",
  "| a | b |\n| - | - |\n# head\n- [ ] item\n> quote\n    code",
  "\u001b]8;;https://evil.test\u0007x\u001b]8;;\u0007\u001b[2J\u009b31m",
  "\u202e\u2066 \ud800 \ufffe \uffff \u0000 \u2028",
];
const evil = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...EVIL));

/** A report in which everything that a provider, a file or a person may have written is `text`. */
function hostile(text: string): ReportView {
  const place = { file: text, line: 1, column: 1 };
  const subject = { integration: text, version: text, environment: text, endpoint: text };
  const one = finding({
    rule: "contract/property-removed",
    severity: "error",
    message: text,
    ...subject,
    path: text,
    before: text,
    after: { [text]: [text] },
    evidence: { consumer: text, [text]: text, readBy: [place], passedOnAt: [place] },
    help: text,
    location: place,
  });
  const waived = { ...one, waiver: { reason: text, until: text } };
  const unclear = { ...one, severity: "inconclusive" as const, endpoint: "other" };
  return {
    report: buildReport({
      command: "check",
      startedAt: 0,
      durationMs: 1,
      findings: [one, waived, unclear],
      data: { endpoints: [{ ...subject, state: text }] },
    }),
    version: "1.2.3",
    rules: new Map([[one.rule, { id: one.rule, summary: text, help: text }]]),
    place: ({ location }) => location && { path: location.file, ...location },
    source: () => `${text}\n${text}`,
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that none of them is there is the point
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const flat = (tokens: readonly Token[]): Token[] =>
  tokens.flatMap((token) => [token, ...flat(token.children ?? [])]);

function* elements(node: DefaultTreeAdapterTypes.Node): Generator<DefaultTreeAdapterTypes.Element> {
  if ("tagName" in node) yield node;
  if ("childNodes" in node) for (const child of node.childNodes) yield* elements(child);
}

const ELEMENTS = new Set(
  "html head meta title style body header main section article h1 h2 h3 p span code pre mark dl dt dd ul li del ins time div table caption thead tbody tr th td".split(
    " ",
  ),
);
const ATTRIBUTES = new Set(
  "lang charset http-equiv content name class id datetime scope role aria-label tabindex".split(" "),
);

/** How a reader of each format takes it, and what it must not find there. */
const READ: Readonly<Record<string, (rendered: string) => void>> = {
  json: (rendered) => void JSON.parse(rendered),
  sarif: (rendered) => {
    const [run] = JSON.parse(rendered).runs;
    expect(run.results).toHaveLength(1);
    expect(run.results[0].message.text).not.toContain("](");
    expect(run.tool.driver.rules[0].shortDescription.text).not.toContain("](");
    expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).toMatch(/^[\w%!'()*.~/-]*$/);
  },
  junit: (rendered) => {
    const tags = rendered.replaceAll(/"[^"<]*"/g, '""').match(/<[^>]*>/g) ?? [];
    const names = new Set(tags.map((tag) => /^<[/?]?([a-z-]+)/.exec(tag)?.[1]));
    const ours = "xml testsuites testsuite properties testcase failure skipped system-out system-err";
    expect([...names].filter((name) => !ours.split(" ").includes(name ?? ""))).toEqual([]);
    expect(rendered.replaceAll(/&(?:amp|lt|gt|quot|apos|#10|#9);/g, "")).not.toContain("&");
  },
  github: (rendered) => {
    const [error, unclear, ...more] = rendered.trimEnd().split("\n");
    expect(error).toMatch(/^::error title=[^:]*,file=[^:,]*,line=1,col=1::[^\r\n]*$/);
    expect(unclear).toMatch(/^::warning title=[^:]*,file=[^:,]*,line=1,col=1::[^\r\n]*$/);
    expect(more).toEqual([]);
  },
  gitlab: (rendered) => void expect(JSON.parse(rendered).length).toBeGreaterThan(0),
  markdown: (rendered) => {
    const reader = new MarkdownIt({ html: true, linkify: true });
    const [marker, ...body] = rendered.split("\n");
    expect(marker).toBe("<!-- integ:report -->");
    const tokens = flat(reader.parse(body.join("\n").replaceAll("<!-- -->", "\u0001"), {}));
    const foreign = /^(?:html_|link_|image|table|fence|code_block|blockquote|hr|th_|td_)/;
    expect(tokens.filter(({ type }) => foreign.test(type)).map(({ type }) => type)).toEqual([]);
    expect(tokens.filter(({ type }) => type === "heading_open").map(({ tag }) => tag)).toEqual(
      expect.not.arrayContaining(["h1"]),
    );
    const words = tokens.filter(({ type }) => type === "text" || type === "text_special");
    const text = words.map(({ content }) => content).join("");
    expect(text).not.toMatch(/[@#][a-z0-9]/i);
    expect(text).not.toMatch(/https?:\/\/|www\.[a-z]/i);
  },
  html: (rendered) => {
    const all = [...elements(parse(rendered))];
    expect([...new Set(all.map(({ tagName }) => tagName))].filter((name) => !ELEMENTS.has(name))).toEqual([]);
    const attributes = all.flatMap(({ attrs }) => attrs.map(({ name }) => name));
    expect([...new Set(attributes)].filter((name) => !ATTRIBUTES.has(name))).toEqual([]);
    // What was put in did neither end an element nor begin one.
    expect(all.filter(({ tagName }) => tagName === "article")).toHaveLength(3);
    expect(all.filter(({ tagName }) => tagName === "style")).toHaveLength(1);
    expect(all.filter(({ tagName }) => tagName === "meta")).toHaveLength(4);
  },
};

describe("a hostile response reaches every format as text and nothing more", () => {
  test("every format has a reader here", () => {
    expect(REPORTERS.map(({ name }) => name).sort()).toEqual(Object.keys(READ).sort());
  });

  test("in whatever it is written: read by each format's own reader, without a control character", () => {
    fc.assert(
      fc.property(evil, (text) => {
        const view = hostile(text);
        for (const { name, render } of REPORTERS) {
          const rendered = render(view);
          expect(rendered, name).not.toMatch(CONTROL);
          READ[name]?.(rendered);
        }
        const shown = renderFindings(view.report.findings, {
          style: plainStyle,
          columns: 100,
          sources: new Map([[text, text]]),
        });
        expect(shown, "terminal").not.toMatch(CONTROL);
      }),
      { examples: EVIL.map((text): [string] => [text]) },
    );
  });
});
