import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SLOW_DOWN } from "./github-server.ts";
import { github, moodyProject } from "./world.ts";

const OPEN = { openIssues: true };

describe("--open-issues", () => {
  test("keeps one issue per finding: opened once, left alone by an outage, closed when it is gone, opened again", async () => {
    const { check } = await moodyProject("");
    const { server, env } = await github();
    // Other people's issues make several pages, and are nobody's business.
    for (let i = 0; i < 4; i++) {
      await fetch(`${server.url}/repos/acme/shop/issues`, {
        method: "POST",
        headers: { authorization: `Bearer ${server.token}` },
        body: JSON.stringify({ title: "theirs", body: "no marker", labels: ["integ"] }),
      });
    }
    const others = server.issues.length;
    server.writes.length = 0;

    expect((await check("fine", OPEN, env)).code).toBe(0);
    expect(server.writes).toEqual([]);
    const broken = await check("broken", OPEN, env);
    expect(broken.code).toBe(1);
    const [issue, ...more] = server.issues.slice(others);
    expect(more).toEqual([]);
    const [error] = broken.report.findings;
    expect(issue).toMatchObject({ state: "open", labels: [{ name: "integ" }] });
    expect(issue?.title).toBe(`acme@v1/get-thing (dev): ${error.message}`);
    expect(issue?.body).toContain(error.fingerprint);
    expect(issue?.body).toContain("src/integrations/acme/integration.yaml:6");

    server.writes.length = 0;
    await check("broken", OPEN, env);
    expect((await check("down", OPEN, env)).code).toBe(3);
    expect(server.writes).toEqual([]);
    await check("fine", OPEN, env);
    expect(issue).toMatchObject({ state: "closed", state_reason: "completed" });
    expect(issue?.comments.at(-1)?.body).toMatch(/no longer finds it/);
    await check("broken", OPEN, env);
    expect(server.issues).toHaveLength(others + 1);
    expect(issue?.state).toBe("open");

    // A person says no: that is an answer.
    for (const answer of ["not_planned", "duplicate"]) {
      Object.assign(issue ?? {}, { state: "closed", state_reason: answer });
      server.writes.length = 0;
      await check("broken", OPEN, env);
      expect(server.writes).toEqual([]);
    }
  });

  test("of two projects in one repository are each other's business nowhere, though they name things alike", async () => {
    const { server, env } = await github();
    const shop = await moodyProject("");
    const desk = await moodyProject("", '"front desk"');
    await shop.check("broken", OPEN, env);
    await desk.check("broken", OPEN, env);
    expect(server.issues.map(({ state }) => state)).toEqual(["open", "open"]);
    await desk.check("fine", OPEN, env);
    expect(server.issues.map(({ state }) => state)).toEqual(["open", "closed"]);
  });

  test("where nobody heard that one was made, no second one is; of two that runs at a time made, none stays open", async () => {
    const { check } = await moodyProject("");
    const { server, env } = await github();
    server.unheard = 1;
    const { report } = await check("broken", OPEN, env);
    expect(report.findings).toMatchObject([{ severity: "error" }]);
    expect(server.issues).toHaveLength(1);
    const [first] = server.issues;
    if (first) server.issues.push({ ...first, number: first.number + 1000, comments: [] });
    await check("fine", OPEN, env);
    expect(server.issues.map(({ state }) => state)).toEqual(["closed", "closed"]);
  });

  test("that GitHub leaves out our label, by which issues are found again, is told", async () => {
    const { check } = await moodyProject("");
    const { server, env } = await github();
    server.dropsLabels = true;
    const { code, report } = await check("broken", OPEN, env);
    expect(code).toBe(1);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ rule: "check/not-told", message: expect.stringContaining("label `integ`") }),
    );
  });

  test("a GitHub that fails is asked again, and is a finding where it goes on; a wrong token is one too", async () => {
    const { check } = await moodyProject("");
    const { server, env } = await github();
    server.failures.push(502, SLOW_DOWN);
    await check("broken", OPEN, env);
    expect(server.issues).toHaveLength(1);
    const refused = await check("fine", OPEN, { ...env, GITHUB_TOKEN: "wrong" });
    expect(refused.code).toBe(3);
    expect(refused.report.findings).toMatchObject([
      { rule: "check/not-told", severity: "inconclusive", message: expect.stringContaining("401") },
    ]);
    await expect(check("fine", OPEN, {})).rejects.toMatchObject({ exitCode: 2, code: "usage/repository" });
    await expect(check("fine", OPEN, { ...env, GITHUB_TOKEN: "" })).rejects.toMatchObject({
      code: "usage/github-token",
    });
  });
});

describe("--pr-comment", () => {
  test("keeps one comment: none while all is well, replaced in place, found behind other comments", async () => {
    const { cwd, check } = await moodyProject("");
    const { server, env } = await github();
    const comment = { prComment: true };
    await fetch(`${server.url}/repos/acme/shop/issues`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}` },
      body: JSON.stringify({ title: "a pull request" }),
    });
    const [pull] = server.issues;
    const event = join(cwd, "event.json");
    await writeFile(event, JSON.stringify({ pull_request: { number: pull?.number } }));
    const there = { ...env, GITHUB_EVENT_PATH: event };
    await check("fine", comment, there);
    expect(pull?.comments).toEqual([]);
    for (let i = 0; i < 4; i++) pull?.comments.push({ id: 1000 + i, body: "a person's" });
    await check("broken", comment, there);
    expect(pull?.comments).toHaveLength(5);
    const ours = pull?.comments.at(-1);
    expect(ours?.body).toMatch(/^<!-- integ:report shop%20\(dev\) -->\r\n/);
    expect(ours?.body).toContain("integ check of `shop (dev)`");
    expect(ours?.body).toContain("1 error");
    server.writes.length = 0;
    await check("broken", comment, { ...env, GITHUB_REF: `refs/pull/${pull?.number}/merge` });
    expect(server.writes).toEqual([]);
    await check("fine", comment, there);
    expect(pull?.comments).toHaveLength(5);
    expect(ours?.body).toContain("no findings");
    const elsewhere = await check("fine", comment, env);
    expect(elsewhere.code).toBe(0);
    expect(elsewhere.stderr).toContain("no run for a pull request");
  });

  test("another environment has its own; one that somebody else wrote with our marker is passed over; none is written twice", async () => {
    const { check } = await moodyProject("environments: { dev: , prod: }\n");
    const { server, env } = await github();
    const post = { method: "POST", headers: { authorization: `Bearer ${server.token}` } };
    await fetch(`${server.url}/repos/acme/shop/issues`, {
      ...post,
      body: JSON.stringify({ title: "a pull request" }),
    });
    const [pull] = server.issues;
    const there = { ...env, GITHUB_REF: `refs/pull/${pull?.number}/merge` };
    const theirs = {
      id: 9000,
      body: "<!-- integ:report shop%20(dev) -->\n\nall is well",
      user: { login: "somebody" },
    };
    pull?.comments.push(theirs);
    await check("fine", { prComment: true }, there);
    expect(pull?.comments).toEqual([theirs]);
    server.unheard = 1;
    await check("broken", { prComment: true }, there);
    await check("broken", { prComment: true, env: "prod" }, there);
    await check("fine", { prComment: true, env: "prod" }, there);
    const [, dev, prod, ...more] = pull?.comments ?? [];
    expect(more).toEqual([]);
    expect(dev?.body).toContain("1 error");
    expect(prod?.body).toMatch(/integ check of `shop \(prod\)`: . no findings/u);
    expect(theirs.body).toContain("all is well");
    await expect(check("fine", { prComment: true, shard: "1/2" }, there)).rejects.toMatchObject({
      code: "usage/pr-comment",
    });
  });
});
