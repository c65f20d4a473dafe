import { type DefaultTreeAdapterTypes, parse } from "parse5";

/** What a report of any format says of one finding. */
export interface Said {
  rule: string;
  /** How bad, in the words of the format. */
  level: string;
  /** `src/v1/schemas.ts:12`, where it points at a place. */
  place?: string;
}

const at = (path: string, line: number | string) => ({ place: `${path}:${line}` });

/* Each takes a format apart as its readers do. Nothing of integ's own code is used. */

/** What is read of a result of SARIF 2.1.0. */
interface SarifResult {
  ruleId: string;
  level: string;
  locations?: {
    physicalLocation?: { artifactLocation: { uri: string }; region?: { startLine: number } };
  }[];
}

export function readSarif(text: string): Said[] {
  const [run] = JSON.parse(text).runs;
  const results = run.results.map((result: SarifResult) => {
    const found = result.locations?.[0]?.physicalLocation;
    const place = found?.region
      ? at(decodeURIComponent(found.artifactLocation.uri), found.region.startLine)
      : {};
    return { rule: result.ruleId, level: result.level, ...place };
  });
  const notes = run.invocations[0].toolExecutionNotifications ?? [];
  return [
    ...results,
    ...notes.map(({ descriptor }: { descriptor: { id: string } }) => ({
      rule: descriptor.id,
      level: "notification",
    })),
  ];
}

export function readGitlab(text: string): Said[] {
  const entries: {
    check_name: string;
    severity: string;
    location: { path: string; lines: { begin: number } };
  }[] = JSON.parse(text);
  return entries.map(({ check_name, severity, location }) => ({
    rule: check_name,
    level: severity,
    ...at(location.path, location.lines.begin),
  }));
}

export function readGithub(text: string): Said[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("::"))
    .flatMap((line) => {
      const [, level = "", properties = ""] = /^::(\w+) ([^:]*)::/.exec(line) ?? [];
      const fields = new Map(
        properties.split(",").map((pair) => {
          const [key = "", value = ""] = pair.split("=");
          return [key, decodeURIComponent(value)] as const;
        }),
      );
      const [rule, file, number] = [fields.get("title"), fields.get("file"), fields.get("line")];
      return rule === undefined ? [] : [{ rule, level, ...(file && number ? at(file, number) : {}) }];
    });
}

export function readJunit(text: string): Said[] {
  const found = [...text.matchAll(/<failure message="[^"]*" type="([^"]*)">([^<]*)<\/failure>/g)];
  return found.flatMap(([, , body = ""]) =>
    [...body.matchAll(/(?:^|\n)([a-z0-9-]+\/[a-z0-9-]+): [^\n]*\n((?:[^\n]+\n?)*)/g)].map(
      ([, rule = "", details = ""]) => {
        const place = /^(\S+\.(?:ts|yaml):\d+)$/m.exec(details)?.[1];
        return { rule, level: "failure", ...(place === undefined ? {} : { place }) };
      },
    ),
  );
}

export function readMarkdown(text: string): Said[] {
  return text.split(/\n(?=- \*\*)/).flatMap((entry) => {
    const level = /^- \*\*\S+ (\w+)\*\*/.exec(entry)?.[1];
    const rule = /`([a-z0-9-]+\/[a-z0-9-]+)`/.exec(entry)?.[1];
    const place = /`(\S+\.(?:ts|yaml):\d+)`/.exec(entry)?.[1];
    return level && rule ? [{ rule, level, ...(place === undefined ? {} : { place }) }] : [];
  });
}

type Node = DefaultTreeAdapterTypes.Node;
const textOf = (node: Node): string =>
  "value" in node ? node.value : "childNodes" in node ? node.childNodes.map(textOf).join("") : "";

function articles(node: Node): DefaultTreeAdapterTypes.Element[] {
  const own = "tagName" in node && node.tagName === "article" ? [node] : [];
  return [...own, ...("childNodes" in node ? node.childNodes.flatMap(articles) : [])];
}

export function readHtml(text: string): Said[] {
  return articles(parse(text)).map((article) => {
    const words = textOf(article);
    const level = article.attrs.find(({ name }) => name === "class")?.value ?? "";
    const rule = /rule([a-z0-9-]+\/[a-z0-9-]+)/.exec(words)?.[1] ?? "";
    const place = /place(\S+\.(?:ts|yaml):\d+)/.exec(words)?.[1];
    return { rule, level, ...(place === undefined ? {} : { place }) };
  });
}

export const READ_BACK = {
  sarif: readSarif,
  gitlab: readGitlab,
  github: readGithub,
  junit: readJunit,
  markdown: readMarkdown,
  html: readHtml,
} as const;
