import type { Clock } from "../../../base/context.ts";
import { IncompleteError, type IntegError } from "../../../base/errors.ts";
import type { IamKeys } from "../../../config/project.ts";
import type { Exchange, HttpRequest } from "../../../http/exchange.ts";
import { refused } from "../../states.ts";
import type { DoomedKey, NewKey, ProviderKey, RotationDriver, Verdict, Verifier } from "../driver.ts";
import { WAITS_MS } from "../patience.ts";
import {
  type AccessKey,
  elements,
  elementText,
  type QueryAnswer,
  type QueryService,
  query,
} from "./aws-query.ts";

export interface IamPlace {
  iam: IamKeys;
  /** Full name of the secret that holds the access key id. */
  idName: string;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  send(request: HttpRequest): Promise<Exchange>;
  /** The access key id that belongs to a secret access key. */
  idOf(value: string): string | undefined;
}

/** A user has at most so many access keys (docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
const MOST_KEYS = 2;

/** What a key answers that is not known everywhere yet, or not any more. */
const UNKNOWN_KEY = ["InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure"];
const REJECTED = [...UNKNOWN_KEY, "SignatureDoesNotMatch", "AccessDenied", "ExpiredToken"];

function failed(action: string, { error = "" }: QueryAnswer): IntegError {
  const denied = error.startsWith("AccessDenied");
  return new IncompleteError(`AWS IAM refused ${action}: ${error}`, {
    code: "rotation/provider",
    hint: denied
      ? `allow the user iam:${action} on itself, then \`integ secrets rotate --resume\``
      : "`integ secrets rotate --resume` goes on from here, --abort goes back",
  });
}

function services({ iam, env, send }: IamPlace): { iam: QueryService; sts: QueryService } {
  const all = env.AWS_ENDPOINT_URL;
  return {
    iam: {
      name: "iam",
      version: "2010-05-08",
      endpoint: iam.endpoint ?? env.AWS_ENDPOINT_URL_IAM ?? all ?? "https://iam.amazonaws.com",
      send,
    },
    sts: {
      name: "sts",
      version: "2011-06-15",
      endpoint: iam.stsEndpoint ?? env.AWS_ENDPOINT_URL_STS ?? all ?? "https://sts.amazonaws.com",
      send,
    },
  };
}

function keyOf({ idOf, idName }: IamPlace, secret: string): AccessKey {
  const id = idOf(secret);
  if (id !== undefined) return { id, secret };
  throw refused(
    `The access key id that belongs to the secret access key is not known: ${idName} has no value`,
    `integ secrets set ${idName}`,
  );
}

/**
 * Access keys of a user of AWS IAM (docs.aws.amazon.com/IAM/latest/APIReference): key id and secret are two secrets that
 * move together. Keys have no names, so one that a crash left behind is told by not having been there before and never used.
 */
class IamDriver implements RotationDriver {
  readonly unnamed = true;
  readonly #place: IamPlace;
  readonly #service: QueryService;

  constructor(place: IamPlace) {
    this.#place = place;
    this.#service = services(place).iam;
  }

  async list(proof: string): Promise<ProviderKey[]> {
    const listed = await this.#must("ListAccessKeys", this.#user(), proof);
    const ids = elements(listed.xml, "member").flatMap((member) => elementText(member, "AccessKeyId") ?? []);
    return Promise.all(ids.map(async (id) => ({ id, name: "", used: await this.#wasUsed(id, proof) })));
  }

  async identify(proof: string): Promise<string> {
    return keyOf(this.#place, proof).id;
  }

  async create(_tag: string, proof: string | undefined): Promise<NewKey> {
    if (proof === undefined)
      throw refused("There is no access key yet", "store the first one: `integ secrets set`");
    const answer = await this.#call("CreateAccessKey", this.#user(), proof);
    if (answer.error === "LimitExceeded") throw await this.#full(proof);
    if (answer.error !== undefined) throw failed("CreateAccessKey", answer);
    const [id, value] = [elementText(answer.xml, "AccessKeyId"), elementText(answer.xml, "SecretAccessKey")];
    if (id !== undefined && value !== undefined) return { id, value, with: { [this.#place.idName]: id } };
    throw failed("CreateAccessKey", { ...answer, error: "its answer holds no key" });
  }

  /** Inactive first, as AWS advises: what cannot be deleted at least no longer works. */
  async revoke({ id }: DoomedKey, proof: string): Promise<boolean> {
    if (id === undefined) return false;
    const key = { ...this.#user(), AccessKeyId: id };
    for (const [action, more] of [
      ["UpdateAccessKey", { Status: "Inactive" }],
      ["DeleteAccessKey", {}],
    ] as const) {
      const answer = await this.#patiently(action, { ...key, ...more }, proof);
      if (answer.error === "NoSuchEntity") return true;
      if (answer.error !== undefined) throw failed(action, answer);
    }
    return true;
  }

  #user(): Record<string, string> {
    const { user } = this.#place.iam;
    return user === undefined ? {} : { UserName: user };
  }

  #call(action: string, parameters: Readonly<Record<string, string>>, proof: string): Promise<QueryAnswer> {
    return query(this.#service, action, parameters, keyOf(this.#place, proof));
  }

  async #must(action: string, parameters: Readonly<Record<string, string>>, proof: string) {
    const answer = await this.#call(action, parameters, proof);
    if (answer.error !== undefined) throw failed(action, answer);
    return answer;
  }

  /** A key that was made a moment ago is not known everywhere at once. */
  async #patiently(action: string, parameters: Readonly<Record<string, string>>, proof: string) {
    let answer = await this.#call(action, parameters, proof);
    for (const wait of WAITS_MS) {
      if (!UNKNOWN_KEY.includes(answer.error ?? "")) break;
      await this.#place.clock.sleep(wait);
      answer = await this.#call(action, parameters, proof);
    }
    return answer;
  }

  /** Where nobody may ask, a key counts as used: it is not ours to delete. */
  async #wasUsed(id: string, proof: string): Promise<boolean> {
    const answer = await this.#call("GetAccessKeyLastUsed", { AccessKeyId: id }, proof);
    return answer.error !== undefined || elementText(answer.xml, "LastUsedDate") !== undefined;
  }

  async #full(proof: string): Promise<IntegError> {
    const own = keyOf(this.#place, proof).id;
    const others = (await this.list(proof)).filter(({ id }) => id !== own);
    const told = others
      .map(({ id, used }) => `${id} (${used ? "in use at some time" : "never used"})`)
      .join(", ");
    return refused(
      `The user has ${MOST_KEYS} access keys, more are not allowed: besides ours ${told}`,
      `see who uses it, then \`aws iam delete-access-key --access-key-id ${others[0]?.id ?? "ID"}\` and \`integ secrets rotate --resume\``,
    );
  }
}

export function iamDriver(place: IamPlace): RotationDriver {
  return new IamDriver(place);
}

/** Asks STS whose key it is, which every key may (docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html). */
export function stsVerifier(place: IamPlace): Verifier {
  const { sts } = services(place);
  const verify = async (value: string): Promise<Verdict> => {
    const { xml, error } = await query(sts, "GetCallerIdentity", {}, keyOf(place, value)).catch(
      (thrown: unknown) => {
        if (thrown instanceof IncompleteError) return { xml: "", error: thrown.message };
        throw thrown;
      },
    );
    if (error === undefined) {
      const identity = elementText(xml, "UserId");
      return { state: "works", ...(identity === undefined ? {} : { identity }) };
    }
    const reason = `STS GetCallerIdentity answered ${error}`;
    return { state: REJECTED.includes(error) ? "rejected" : "unknown", reason };
  };
  return { verify, lost: async () => [] };
}
