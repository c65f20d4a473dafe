import { createHash } from "node:crypto";
import { errorReply, type SandboxReply, type SandboxRequest } from "./exchange.ts";

/** Keys that are remembered; the oldest is forgotten first. */
const REMEMBERED = 1000;

/** Answers a repeated POST with the first answer, as Stripe does: same key, same parameters, same result. */
export class Idempotency {
  readonly #answers = new Map<string, { print: string; reply: SandboxReply }>();

  /** @param owner the API key's id: two accounts may use the same idempotency key */
  answer(owner: string, request: SandboxRequest, first: () => SandboxReply): SandboxReply {
    const key = request.headers["idempotency-key"];
    if (request.method !== "POST" || key === undefined) return first();
    const id = `${owner} ${key}`;
    const print = createHash("sha256").update(`${request.target}\n${request.body}`).digest("hex");
    const known = this.#answers.get(id);
    if (known && known.print !== print) {
      return errorReply(400, {
        type: "idempotency_error",
        message:
          "Keys for idempotent requests can only be used with the same parameters they were first used with.",
      });
    }
    if (known) {
      return { ...known.reply, headers: { ...known.reply.headers, "idempotent-replayed": "true" } };
    }
    const reply = first();
    this.#answers.set(id, { print, reply });
    if (this.#answers.size > REMEMBERED) this.#answers.delete(this.#answers.keys().next().value ?? "");
    return reply;
  }
}
