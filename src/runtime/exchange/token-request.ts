import type { AskForToken } from "../auth/oauth2.ts";
import type { SecretCache } from "../auth/secrets.ts";
import { readLimits } from "../limiter/quota-reading.ts";
import type { Clock } from "../time/clock.ts";
import { orStop, Scope } from "../time/scope.ts";
import {
  AttemptFailed,
  attemptTimedOut,
  connectionFailed,
  statusFailed,
  unusableResponse,
  withoutToken,
} from "./failure.ts";
import { type ResponseHead, type Transport, UnusableBody } from "./transport.ts";

interface Tools {
  transport: Transport;
  clock: Clock;
  timeoutMs: number;
  secrets: SecretCache;
}

class TokenTimeout extends Error {}

/**
 * Asks a token endpoint through the client's own transport. Not bound to the call that needs the token first: when that
 * one is given up, the others still wait for it.
 * @returns a function that throws AttemptFailed where there was no answer, or one that says "later"
 */
export function askForToken({ transport, clock, timeoutMs, secrets }: Tools): AskForToken {
  return async (request) => {
    const scope = new Scope(clock, clock.now() + timeoutMs, () => new TokenTimeout(), undefined);
    let head: ResponseHead | undefined;
    try {
      const sent = transport(request, scope, (arrived) => {
        head = arrived;
      });
      const text = await orStop(sent, scope);
      if (head === undefined) throw new UnusableBody("there is no head to the body");
      const limits = readLimits(head, clock);
      const later = limits.limited || head.status >= 500 || head.status === 408;
      if (!later) return { head, text };
      throw withoutToken(statusFailed(head, undefined, limits, clock.now(), secrets.seen));
    } catch (error) {
      if (error instanceof TokenTimeout) throw withoutToken(attemptTimedOut(timeoutMs));
      if (error instanceof UnusableBody) {
        throw withoutToken(unusableResponse(error.message, head?.status ?? 0, secrets.seen));
      }
      throw error instanceof AttemptFailed
        ? error
        : withoutToken(connectionFailed(error, new URL(request.url).host));
    } finally {
      scope.release();
    }
  };
}
