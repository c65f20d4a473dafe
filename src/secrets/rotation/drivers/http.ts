import { IncompleteError } from "../../../base/errors.ts";
import type { Endpoint, KeyApi, KeyRequest } from "../../../config/project.ts";
import { readBody } from "../../../http/body.ts";
import type { Exchange } from "../../../http/exchange.ts";
import { strangerOf } from "../../../http/redirect.ts";
import { refused } from "../../states.ts";
import type { DoomedKey, NewKey, ProviderKey, RotationDriver } from "../driver.ts";
import { fillTemplate, textAt, valueAt } from "../place.ts";
import type { Requester } from "../requests.ts";

/** What a DELETE of a key that is gone answers. */
const GONE = [404, 410];

type Values = Readonly<Record<string, unknown>>;

async function contentOf(
  { body, form, multipart }: KeyRequest,
  values: Values,
): Promise<Pick<Endpoint, "body" | "headers">> {
  if (!form) return { headers: {}, ...(body === undefined ? {} : { body: fillTemplate(body, values) }) };
  const fields = new URLSearchParams();
  for (const [name, text] of Object.entries(form)) fields.set(name, String(fillTemplate(text, values)));
  if (!multipart) {
    return { headers: { "content-type": "application/x-www-form-urlencoded" }, body: fields.toString() };
  }
  const data = new FormData();
  for (const [name, text] of fields) data.set(name, text);
  const encoded = new Response(data);
  const type = encoded.headers.get("content-type") ?? "";
  return { headers: { "content-type": type }, body: await encoded.text() };
}

async function endpointOf(request: KeyRequest, values: Values): Promise<Endpoint> {
  const encoded = Object.fromEntries(
    Object.entries(values).map(([k, v]) => [k, encodeURIComponent(String(v))]),
  );
  const headers = Object.entries(request.headers).map(([k, v]) => [k, String(fillTemplate(v, values))]);
  const content = await contentOf(request, values);
  return {
    ...content,
    name: "key-management",
    method: request.method,
    path: String(fillTemplate(request.path, encoded)),
    headers: { ...content.headers, ...Object.fromEntries(headers) },
    unsafe: true,
    expect: { status: [] },
    budget: {},
    location: { file: "", line: 1, column: 1 },
  };
}

const GO_ON = "`integ secrets rotate --resume` goes on from here, --abort goes back";

/** From a key that is being revoked no way leads back. */
const ASK_AGAIN = "`integ secrets rotate --resume` asks again";

function failure(
  what: string,
  request: KeyRequest,
  { response, failure: why }: Exchange,
  hint = GO_ON,
): IncompleteError {
  const answer = response ? `the provider answered ${response.status}` : (why?.message ?? "no answer");
  return new IncompleteError(`The provider did not ${what}: ${request.method} ${request.path}: ${answer}`, {
    code: "rotation/provider",
    hint,
  });
}

const succeeded = ({ response }: Exchange) =>
  response !== undefined && response.status >= 200 && response.status < 300;

function documentOf({ response }: Exchange): unknown {
  const body = response && readBody(response);
  return body?.kind === "json" ? body.value : undefined;
}

function misread(what: string, place: string): IncompleteError {
  return new IncompleteError(`The provider's answer has no ${what} at ${place}`, {
    code: "rotation/answer",
    hint: "mend `rotation` in its integration.yaml; `integ secrets rotate --abort` takes back what was made",
  });
}

const NO_PROOF = "There is no value yet that could prove who asks for a new key";

export interface HttpDriverOptions {
  environment: string;
  inPlace?: boolean;
  /** The value of the secret that `api.proof` names. */
  proof?: string | undefined;
}

/** A provider's key management, described in the manifest: any provider with a key API is data, not code. */
class HttpDriver implements RotationDriver {
  readonly inPlace: boolean;
  readonly provedApart: boolean;
  readonly list?: (proof: string) => Promise<ProviderKey[]>;
  readonly identify: ((proof: string) => Promise<string | undefined>) | undefined;
  readonly #api: KeyApi;
  readonly #requester: Requester;
  readonly #options: HttpDriverOptions;

  constructor(api: KeyApi, requester: Requester, options: HttpDriverOptions) {
    this.inPlace = options.inPlace ?? false;
    this.provedApart = api.proof !== undefined;
    this.#api = api;
    this.#requester = requester;
    this.#options = options;
    const { list } = api;
    this.identify = this.#identifier();
    if (list) this.list = async (proof) => keysOf(await this.#ask("list its keys", list, {}, proof), list);
  }

  async create(tag: string, proof: string | undefined): Promise<NewKey> {
    if (proof === undefined) throw refused(NO_PROOF, "store the first one: `integ secrets set`");
    const { create } = this.#api;
    const values = { tag, ...(await this.#ownId(proof)), ...(await this.#copied(proof)) };
    const answer = await this.#ask("make a key", create, values, proof);
    const value = textAt(answer, create.value);
    if (value === undefined) throw misread("new value", create.value);
    const id = create.id === undefined ? undefined : textAt(answer, create.id);
    return { value, ...(id === undefined ? {} : { id }), with: this.#partners(answer) };
  }

  async revoke({ id }: DoomedKey, proof: string): Promise<boolean> {
    const { revoke } = this.#api;
    // The provider ends the old one by itself.
    if (!revoke) return true;
    if (id === undefined) return false;
    const exchange = await this.#send(revoke, { id }, proof);
    if (succeeded(exchange) || GONE.includes(exchange.response?.status ?? 0)) return true;
    throw failure("revoke the key", revoke, exchange, ASK_AGAIN);
  }

  /** The id of a key: the provider tells it, it stands in the value, or it is a secret beside it. */
  #identifier(): RotationDriver["identify"] {
    const { identify, idPattern, create } = this.#api;
    if (identify) {
      return async (proof) => textAt(await this.#ask("identify the key", identify, {}, proof), identify.id);
    }
    if (idPattern) return async (proof) => idPattern.exec(proof)?.[1];
    const [partner] = Object.entries(create.with).find(([, place]) => place === create.id) ?? [];
    if (partner === undefined) return undefined;
    return async (proof) => this.#requester.beside(proof).get(partner);
  }

  async #send(request: KeyRequest, values: Values, proof: string): Promise<Exchange> {
    const { environment } = this.#options;
    const endpoint = await endpointOf(request, { environment, ...values });
    const exchange = await this.#requester.send(endpoint, this.#proving(proof));
    const stranger = strangerOf(exchange);
    if (stranger === undefined) return exchange;
    throw new IncompleteError(
      `The provider redirected ${request.method} ${request.path} to ${stranger}, where no credential is sent`,
      { code: "rotation/provider", hint: GO_ON },
    );
  }

  async #ask(what: string, request: KeyRequest, values: Values, proof: string): Promise<unknown> {
    const exchange = await this.#send(request, values, proof);
    if (!succeeded(exchange)) throw failure(what, request, exchange);
    return documentOf(exchange);
  }

  #proving(value: string): string {
    if (this.#api.proof === undefined) return value;
    if (this.#options.proof !== undefined) return this.#options.proof;
    const name = `${this.#requester.integration.name}/${this.#api.proof}`;
    throw refused(`${NO_PROOF}: ${name} has none`, `integ secrets set ${name}`);
  }

  /** `{{id}}` while a key is made is the id of the one in use: the one whose value is replaced in place. */
  async #ownId(proof: string): Promise<{ id?: string }> {
    if (!JSON.stringify(this.#api.create).includes("{{id}}")) return {};
    const id = await this.identify?.(proof);
    if (id !== undefined) return { id };
    throw misread("id of the key in use", this.#api.identify?.id ?? "`identify`");
  }

  async #copied(proof: string): Promise<Values> {
    const { copy } = this.#api.create;
    if (!copy) return {};
    const answer = await this.#ask("tell what the key may do", copy, await this.#ownId(proof), proof);
    return Object.fromEntries(
      Object.entries(copy.values).map(([name, place]) => {
        const value = valueAt(answer, place);
        if (value === undefined) throw misread(`\`${name}\``, place);
        return [name, value];
      }),
    );
  }

  #partners(answer: unknown): Record<string, string> {
    return Object.fromEntries(
      Object.entries(this.#api.create.with).map(([secret, place]) => {
        const value = textAt(answer, place);
        if (value === undefined) throw misread(`value of ${secret}`, place);
        return [`${this.#requester.integration.name}/${secret}`, value];
      }),
    );
  }
}

export function httpDriver(api: KeyApi, requester: Requester, options: HttpDriverOptions): RotationDriver {
  return new HttpDriver(api, requester, options);
}

/** Where an empty list is left out there are no keys; of any other answer nobody knows whether a key was left behind. */
function keysOf(document: unknown, list: NonNullable<KeyApi["list"]>): ProviderKey[] {
  const keys = valueAt(document, list.keys);
  if (document !== undefined && (keys === undefined || keys === null)) return [];
  if (!Array.isArray(keys)) throw misread("list of keys", list.keys);
  return keys.flatMap((key: unknown) => {
    const id = textAt(key, list.id);
    if (id === undefined) return [];
    const ending = list.ending === undefined ? undefined : textAt(key, list.ending);
    return [{ id, name: textAt(key, list.name) ?? "", ...(ending === undefined ? {} : { ending }) }];
  });
}
