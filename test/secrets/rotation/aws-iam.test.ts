import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type IamServer, startIam } from "../../support/iam-server.ts";
import { type RotatingProject, rotatingProject } from "./project.ts";

let iam: IamServer;
let first: { id: string; secret: string };
let project: RotatingProject;

/** Somebody used it before. */
function use(id: string): void {
  const key = iam.keys.get(id);
  if (key) key.used = true;
}

beforeEach(async () => {
  iam = await startIam();
  first = iam.add();
  use(first.id);
  project = await rotatingProject(
    iam.url,
    `auth: { scheme: aws-sigv4, region: eu-central-1, service: execute-api, accessKeySecret: key_id, secretKeySecret: key_secret }
secrets:
  key_id: { rotateEvery: 90d }
  key_secret:
    rotateEvery: 90d
    rotation: { driver: aws-iam, idSecret: key_id, endpoint: "${iam.url}", stsEndpoint: "${iam.url}" }
endpoints: {}
`,
    { "acme/key_id": first.id, "acme/key_secret": first.secret },
  );
});
afterEach(() => iam.close());

const pair = async () => [await project.current("acme/key_id"), await project.current("acme/key_secret")];

/** The one key there is, and it is the one in use. */
async function expectRotated(): Promise<void> {
  const [[id, key] = []] = [...iam.keys];
  expect([...iam.keys.keys()]).not.toContain(first.id);
  expect(iam.keys.size).toBe(1);
  expect(await pair()).toEqual([id, key?.secret]);
}

const rotations = ({ stdout }: { stdout: string }) => JSON.parse(stdout).rotations;

describe("access keys of AWS IAM", () => {
  test("id and secret move in one write; the old key is made inactive, deleted, and seen to be dead", async () => {
    iam.lag = 1;
    const graced = await project.cli("secrets rotate acme --grace 1h --yes --json");
    expect(rotations(graced)).toMatchObject([{ secret: "acme/key_secret", result: "in-grace" }]);
    const [id, secret] = await pair();
    expect(iam.keys.get(id ?? "")?.secret).toBe(secret);
    expect([iam.keys.size, iam.honours(first.id)]).toEqual([2, true]);
    expect(await project.cli("secrets remove acme/key_id --yes")).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/A rotation of acme\/key_id is under way/),
    });
    const ended = await project.cli("secrets rotate acme --end-grace --yes --json");
    expect(rotations(ended)).toMatchObject([{ result: "rotated", observedDead: true }]);
    expect(iam.actions.indexOf("UpdateAccessKey")).toBeLessThan(iam.actions.indexOf("DeleteAccessKey"));
    await expectRotated();
  });

  test("--abort brings both back", async () => {
    await project.cli("secrets rotate acme --grace 1h --yes");
    expect(await project.cli("secrets rotate acme --abort --yes")).toMatchObject({ code: 0 });
    expect(await pair()).toEqual([first.id, first.secret]);
    expect([...iam.keys.keys()]).toEqual([first.id]);
  });

  test("a second key that somebody uses is never deleted: it is named, and the rotation waits", async () => {
    const other = iam.add();
    use(other.id);
    const full = await project.cli("secrets rotate acme --grace 0s --yes --json");
    expect(full.code).toBe(4);
    expect(rotations(full)[0].error.message).toContain(`${other.id} (in use at some time)`);
    expect([...iam.keys.keys()]).toEqual([first.id, other.id]);
    expect(await pair()).toEqual([first.id, first.secret]);
    iam.keys.delete(other.id);
    expect(await project.cli("secrets rotate --resume --end-grace --yes")).toMatchObject({ code: 0 });
    await expectRotated();
  });

  test("a key that was there before is not taken for ours although nobody used it yet", async () => {
    const other = iam.add();
    expect((await project.cli("secrets rotate acme --yes")).code).toBe(4);
    expect((await project.cli("secrets rotate --resume --yes")).code).toBe(4);
    expect(iam.honours(other.id)).toBe(true);
  });

  test("a key that was made while the connection broke is found by never having been used, and deleted", async () => {
    iam.dropCreated = true;
    expect(await project.cli("secrets rotate acme --grace 0s --yes")).toMatchObject({ code: 3 });
    expect(iam.keys.size).toBe(2);
    const resumed = await project.cli("secrets rotate --resume --end-grace --yes --json");
    expect(rotations(resumed)).toMatchObject([{ result: "rotated", orphansRevoked: 1 }]);
    await expectRotated();
  });

  test("the id alone is not rotated: its hint names the secret that takes it along", async () => {
    const alone = await project.cli("secrets rotate acme/key_id --yes");
    expect(alone).toMatchObject({ code: 4, stdout: expect.stringMatching(/together with acme\/key_secret/) });
  });
});
