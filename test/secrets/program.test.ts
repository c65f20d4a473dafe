import { expect, test } from "vitest";
import { execute } from "../../src/secrets/program.ts";
import { temporaryDirectory } from "../support/cli.ts";

test("a program whose child lives on and holds the output open is waited for until the deadline, not until that child ends", async () => {
  const place = { cwd: await temporaryDirectory(), env: { PATH: process.env.PATH }, deadlineMs: 500 };
  const lingering = await execute({ ...place, command: ["sh", "-c", "sleep 20 & echo said"] }, "");
  expect(lingering).toEqual({ code: 0, stdout: "said\n", stderr: "" });
  expect(await execute({ ...place, command: ["sh", "-c", "sleep 20; echo late"] }, "")).toMatchObject({
    code: null,
    stdout: "",
  });
}, 15_000);
