import type { Location } from "../base/errors.ts";
import type { Severity } from "../base/finding.ts";
import type { Auth, OAuth2Auth, PlainAuth, SignedAuth } from "../signing/schemes.ts";

export type { Auth, OAuth2Auth, PlainAuth, SignedAuth };

/** Where the values of an environment's secrets live. */
export type StoreKind = "keychain" | "vault" | "env" | "hashicorp-vault" | "aws-secrets-manager";

export interface Environment {
  name: string;
  /** Changes and reads of a protected environment ask first. */
  protected: boolean;
  store: StoreKind;
}

/** Where a service keeps the secrets: `{project}` and `{environment}` in it are replaced. */
export interface RemotePlace {
  path: string;
}

/** Where a target is, by what it is. */
export type PushPlace =
  | { to: "github"; repository: string; repositoryEnvironment?: string; address?: string }
  | { to: "hashicorp-vault"; path: string; mount: string; address?: string; namespace?: string }
  | { to: "aws-secrets-manager"; name: string; whole: boolean; region?: string; endpoint?: string }
  | { to: "command"; command: readonly string[] };

/** A place that reads copies of secrets of one environment. */
export interface PushTarget {
  name: string;
  environment: string;
  /** `stripe` or `stripe/api_key`. */
  secrets: readonly string[];
  /** Names there, by full name of the secret; the secret's variable where there is none. */
  as: Readonly<Record<string, string>>;
  place: PushPlace;
}

/** integ.config.yaml with every default filled in. */
export interface ProjectConfig {
  /** Names the project in keychains: stable, unique on this machine. */
  project: string;
  /** Directory of the integrations, relative to the project's root, with forward slashes; default `src/integrations`. */
  integrations: string;
  environments: readonly Environment[];
  defaultEnvironment: string;
  secrets: {
    /** File of the encrypted vault, relative to the root, `{environment}` in it; default in the user's data directory. */
    vaultFile?: string;
    hashicorpVault: RemotePlace & { address?: string; mount: string; namespace?: string };
    awsSecretsManager: RemotePlace & { region?: string; endpoint?: string };
    /** Sorted by name. */
    push: readonly PushTarget[];
  };
  quota: {
    /** Share of every quota that integ never touches, 0 to 1. */
    reserve: number;
  };
  notify: Notify;
  issues: IssuePlace;
  /** Rule id → severity, `off` silences it. */
  rules: Readonly<Record<string, Severity | "off">>;
  waivers: readonly Waiver[];
}

/** Name of an environment variable, or `integration/secret`: never the credential. */
export type CredentialReference = string;

type ToldSeverity = Exclude<Severity, "inconclusive">;

/** How people are told of findings. */
export interface Notify {
  /** The least severity that is told. */
  severity: ToldSeverity;
  slack?: { url: CredentialReference };
  webhook?: { url: CredentialReference; secret: CredentialReference };
  email?: { smtp: CredentialReference; from: string; to: readonly string[] };
}

/** Where issues and comments go; what is absent is asked of the environment. */
export interface IssuePlace {
  repository?: string;
  address?: string;
  labels: readonly string[];
  severity: ToldSeverity;
}

export interface Waiver {
  rule: string;
  target?: string;
  path?: string;
  reason: string;
  /** ISO date, the last day on which the waiver holds. */
  until: string;
  location: Location;
}

export interface SecretPolicy {
  name: string;
  /** The environment variable that wins over every store. */
  env: string;
  /** Milliseconds; undefined where the secret is not rotated by age. */
  rotateEveryMs?: number;
  /** What a value must look like, by environment; `*` for every other. */
  pattern: Readonly<Record<string, RegExp>>;
  rotation: Rotation;
}

/** A request to a provider's key management. `{{tag}}`, `{{id}}`, `{{environment}}` in path, headers and body are replaced. */
export interface KeyRequest {
  method: string;
  /** Path below the integration's base URL, or an absolute URL. */
  path: string;
  headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as a form, in place of `body`. */
  form?: Readonly<Record<string, string>>;
  /** The form goes as multipart/form-data. */
  multipart?: boolean;
}

/** Provider's keys as data: which requests make, list and revoke them, and where in the answers things stand (`$.data.id`). */
export interface KeyApi {
  create: KeyRequest & {
    value: string;
    id?: string;
    /** Other secrets of the integration that come with the value, such as a key's id, and where they stand. */
    with: Readonly<Record<string, string>>;
    /** What the new key takes over from the old one: read first, then `{{name}}` in the request. */
    copy?: KeyRequest & { values: Readonly<Record<string, string>> };
  };
  list?: KeyRequest & { keys: string; id: string; name: string; ending?: string };
  /** Tells the id of the key that the request proves. */
  identify?: KeyRequest & { id: string };
  /** Finds the id within a value, as the first group. */
  idPattern?: RegExp;
  /** Absent where the old value ends by itself. */
  revoke?: KeyRequest;
  /** The secret that proves who asks, where the key itself may not manage keys. */
  proof?: string;
}

/** The access keys of a user of AWS IAM. */
export interface IamKeys {
  /** The secret that holds the access key id. */
  idSecret: string;
  /** Default: the user whose key it is. */
  user?: string;
  /** Other addresses than AWS's own: an emulator, another partition. */
  endpoint?: string;
  stsEndpoint?: string;
}

/** How a secret is replaced. */
export type Rotation = {
  /** Endpoint that shows whether a value works. */
  verify?: string;
  /** Where in its answer stands whose key it is, `$.account.id`: old and new must agree. */
  identity?: string;
  /** Milliseconds that the old value stays valid after the new one took over. */
  graceMs?: number;
} & (
  | { driver: "manual"; page?: string }
  | { driver: "command"; command: readonly string[]; inPlace: boolean }
  | { driver: "http"; api: KeyApi; inPlace: boolean }
  /** What signs webhooks: no request proves itself with it, and the application takes old and new for a time. */
  | { driver: "webhook"; api: KeyApi }
  /** The refresh token of `auth`. */
  | { driver: "oauth2" }
  | { driver: "aws-iam"; iam: IamKeys }
);

export interface Budget {
  /** Milliseconds. */
  p95?: number;
  /** 0 to 1. */
  errorRate?: number;
  /** Share of the limit that must remain, 0 to 1. */
  quotaRemaining?: number;
}

/** What one request costs. */
export interface Price {
  amount: number;
  /** ISO 4217, `USD`. */
  currency: string;
}

export interface Endpoint {
  name: string;
  method: string;
  /** Path with query, `/v1/customers?limit=3`, or an absolute URL. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: unknown;
  /** The manifest allows a method that changes something. */
  unsafe: boolean;
  /** Statuses that mean success; none listed: any 2xx. */
  expect: { status: readonly number[] };
  /** Export of the version's schemas.ts that our code needs of the response. */
  consumer?: string;
  budget: Budget;
  price?: Price;
  location: Location;
}

export interface Version {
  name: string;
  headers: Readonly<Record<string, string>>;
  /** Directory of the version's module, absolute. */
  directory: string;
  /** We are moving away from it. `sunset`: ISO date, the last day on which our code may call it. */
  deprecated?: { sunset?: string; reason?: string };
}

/** A version that gets a share of the traffic before it becomes the active one. */
export interface Canary {
  version: string;
  /** 0 to 1. */
  share: number;
}

/** One integration as its manifest says. */
export interface Integration {
  name: string;
  provider?: string;
  /** Empty where the manifest does not say. */
  purpose: string;
  owner: string;
  /** Absolute directory, and manifest file. */
  directory: string;
  manifestFile: string;
  /** By environment; `*` for every other. */
  baseUrl: Readonly<Record<string, string>>;
  auth: Auth;
  /** How long a request and its phases may take, milliseconds. */
  deadlines?: {
    deadlineMs?: number;
    phaseMs: { dns?: number; connect?: number; tls?: number; ttfb?: number; download?: number };
  };
  /** What a request costs whose endpoint does not say. */
  price?: Price;
  secrets: readonly SecretPolicy[];
  active: string;
  canary?: Canary;
  versions: readonly Version[];
  endpoints: readonly Endpoint[];
}

/** Everything integ knows of the user's repository; integrations, environments and endpoints sorted by name. */
export interface Project {
  /** Absolute directory that holds integ.config.yaml. */
  root: string;
  configFile: string;
  config: ProjectConfig;
  integrations: readonly Integration[];
}

/** One endpoint of one version in one environment: what probe, record, diff and check work on. */
export interface Target {
  project: Project;
  integration: Integration;
  version: Version;
  endpoint: Endpoint;
  environment: Environment;
  /** Absolute URL without credentials. */
  url: string;
  /** `stripe@v1/get-balance`. */
  label: string;
}
