import { onTestFinished } from "vitest";
import { temporaryDirectory } from "./cli.ts";
import { type Bus, startBusIn } from "./secret-service.ts";

export { type Bus, hasKeyring } from "./secret-service.ts";

/** A private D-Bus with nobody on it. It goes away with the test (or the suite, from `beforeAll`). */
export async function startBus(finished: (work: () => Promise<void>) => void = onTestFinished): Promise<Bus> {
  return startBusIn(await temporaryDirectory(finished), finished);
}
