import { expect, test } from "vitest";
import { InterruptedError } from "../../src/base/errors.ts";
import { execute } from "../../src/secrets/program.ts";
import { commandDriver } from "../../src/secrets/rotation/drivers/command.ts";
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

test("Ctrl-C ends the program of a rotation that hangs, and is told as that, not as the program's failure", async () => {
  const controller = new AbortController();
  const driver = commandDriver({
    command: ["sh", "-c", "sleep 20; echo late"],
    cwd: await temporaryDirectory(),
    env: { PATH: process.env.PATH },
    integration: "acme",
    secret: "api_key",
    environment: "dev",
    inPlace: false,
    signal: controller.signal,
  });
  const made = driver.create("tag", "value");
  setTimeout(() => controller.abort(new InterruptedError()), 200);
  await expect(made).rejects.toBeInstanceOf(InterruptedError);
  await expect(driver.create("tag", "value")).rejects.toBeInstanceOf(InterruptedError);
}, 15_000);
