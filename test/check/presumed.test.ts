import { expect, test } from "vitest";
import { checkIn, projectWith, serve, shop } from "./project.ts";

/** What an endpoint answers, one after the other; the last for ever. */
const ANSWERS: Readonly<Record<string, readonly (number | string)[]>> = {
  broken: ['{"id":1,}'],
  "broken-once": ['[{"id":tru}]', '[{"id":true}]'],
  "down-then-broken": [503, '{"id" "1"}', '{"id":"1"}'],
  "broken-for-good-after-503": [503, '{"id":01}'],
  "refused-with-200": ['{"ok":false,"error":"ratelimited"}'],
  "broken-refusal": ['{"ok":false,"error":"ratelimited",}'],
  "list-of-one": ["[1]"],
};
const NAMES = Object.keys(ANSWERS);

/** An integration each: what one provider refuses holds the others up in no way. */
function project(baseUrl: string): Record<string, string> {
  const { "src/integrations/acme/integration.yaml": _manifest, ...files } = shop(baseUrl);
  const manifests = NAMES.map((name) => [
    `src/integrations/${name}/integration.yaml`,
    `name: ${name}\nbaseUrl: ${baseUrl}\nactive: v1\nversions: { v1: {} }\nendpoints:\n  get: { request: GET /${name} }\n`,
  ]);
  const fillers = Array.from({ length: 60 }, (_, at) => `  filler-${at}: { request: GET /list-of-one }`);
  const rest = `name: rest\nbaseUrl: ${baseUrl}\nactive: v1\nversions: { v1: {} }\nendpoints:\n${fillers.join("\n")}\n`;
  const modules = [...NAMES, "rest"].map((name) => [
    `src/integrations/${name}/v1/schemas.ts`,
    "export {};\n",
  ]);
  return Object.fromEntries([
    ...Object.entries(files),
    ...manifests,
    ...modules,
    ["src/integrations/rest/integration.yaml", rest],
  ]);
}

/** A provider that starts anew for each check, and counts. */
async function provider() {
  const asked = new Map<string, number>();
  const url = await serve(({ url: path = "" }, response) => {
    const name = path.slice(1);
    const answers = ANSWERS[name] ?? [];
    const count = asked.get(name) ?? 0;
    asked.set(name, count + 1);
    const answer = answers[Math.min(count, answers.length - 1)] ?? 404;
    response.setHeader("content-type", "application/json");
    if (typeof answer === "number") response.writeHead(answer).end("{}");
    else response.end(answer);
  });
  const takeCounts = () => {
    const counts = Object.fromEntries(NAMES.slice(0, -1).map((name) => [name, asked.get(name) ?? 0]));
    asked.clear();
    return counts;
  };
  return { url, takeCounts };
}

test("an answer that only looks like JSON is found out, asked again and counted as in a check of few endpoints", async () => {
  const { url, takeCounts } = await provider();
  const root = await projectWith(project(url));
  const few = await checkIn(root, { targets: NAMES });
  const fewAsked = takeCounts();
  const many = await checkIn(root, {});
  expect(takeCounts()).toEqual(fewAsked);
  expect(fewAsked).toMatchObject({
    broken: 3,
    "broken-once": 2,
    "down-then-broken": 3,
    "broken-for-good-after-503": 3,
  });
  const without = ({ report }: typeof few) => ({
    findings: report.findings.filter(({ integration }: { integration: string }) => integration !== "rest"),
    endpoints: report.endpoints
      .filter(({ integration }: { integration: string }) => integration !== "rest")
      .map(({ integration, state, status, body, quotas }: Record<string, unknown>) => ({
        integration,
        state,
        status,
        body,
        quotas,
      })),
  });
  expect(without(many)).toEqual(without(few));
  const rules = few.report.findings.map(
    ({ rule, integration }: Record<string, string>) => `${integration} ${rule}`,
  );
  expect(rules).toContain("broken probe/invalid-json");
  expect(rules).toContain("broken-once probe/flaky");
});
