import { IncompleteError } from "../../../base/errors.ts";
import type { OAuth2Auth } from "../../../config/project.ts";
import type { Exchange, HttpRequest } from "../../../http/exchange.ts";
import { readTokenAnswer, refreshRequest } from "../../../http/signing/oauth2.ts";
import { refused } from "../../states.ts";
import type { NewKey, RotationDriver, Verifier } from "../driver.ts";

type RefreshAuth = Extract<OAuth2Auth, { scheme: "oauth2-refresh" }>;

export interface RefreshPlace {
  auth: RefreshAuth;
  /** Values of all secrets of the integration: the client's secret is one of them. */
  secrets: ReadonlyMap<string, string>;
  send(request: HttpRequest): Promise<Exchange>;
}

/**
 * The refresh token grant (RFC 6749 §6) on purpose: the answer's refresh token takes the old one's place. Such tokens may be
 * for one use only, so none is ever sent to see whether it works: the access token that came with the new one tells that.
 */
export class RefreshDriver implements RotationDriver {
  readonly inPlace = true;
  readonly #place: RefreshPlace;
  /** Refresh token → the access token that came with it. */
  readonly #accessTokens = new Map<string, string>();

  constructor(place: RefreshPlace) {
    this.#place = place;
  }

  async create(_tag: string, proof: string | undefined): Promise<NewKey> {
    const { auth, secrets, send } = this.#place;
    if (proof === undefined)
      throw refused("There is no refresh token yet", "sign in, then `integ secrets set`");
    const exchange = await send(refreshRequest(auth, new Map(secrets).set(auth.refreshTokenSecret, proof)));
    const { accessToken, refreshToken, error } = readTokenAnswer(exchange);
    if (error === "invalid_grant") {
      throw refused(
        "The provider refuses the refresh token (invalid_grant): it was used, revoked or has expired",
        "sign in again; `integ secrets rotate --abort`, then `integ secrets set` stores the new one",
      );
    }
    if (accessToken === undefined) {
      const { response, failure } = exchange;
      const why = response ? `answered ${response.status}${error ? ` (${error})` : ""}` : failure?.message;
      throw new IncompleteError(`The token endpoint gave no token: ${why ?? "no answer"}`, {
        code: "rotation/provider",
        hint: "`integ secrets rotate --resume` asks again, --abort ends the rotation",
      });
    }
    if (refreshToken === undefined) return { value: proof };
    this.#accessTokens.set(refreshToken, accessToken);
    return { value: refreshToken };
  }

  /** The old token died, or dies by itself, when it was replaced. */
  async revoke(): Promise<boolean> {
    return true;
  }

  /** @param bearer asks with an access token */
  verifierWith(bearer: Verifier): Verifier {
    return {
      judges: (refreshToken) => this.#accessTokens.has(refreshToken),
      verify: (refreshToken) => bearer.verify(this.#accessTokens.get(refreshToken) ?? ""),
      lost: async () => [],
    };
  }
}
