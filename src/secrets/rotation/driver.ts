/** A key as the provider lists it: never with its value. */
export interface ProviderKey {
  id: string;
  name: string;
  /** The last characters of its value, where the provider shows them. */
  ending?: string;
  /** It was used at least once, as far as the provider says. */
  used?: boolean;
}

/** A key that was just made. The value is shown this once. */
export interface NewKey {
  value: string;
  id?: string;
  /** Values of secrets that come with it, by their full names, such as a key's id. */
  with?: Readonly<Record<string, string>>;
}

/** What there is to know of a key that is to be revoked. */
export interface DoomedKey {
  id?: string | undefined;
  value?: string | undefined;
}

/**
 * How a provider's keys are made and revoked. `proof` is the value that proves who asks. Every method throws an
 * `IntegError` that holds no value when the provider cannot be asked or refuses.
 */
export interface RotationDriver {
  /** The old value dies when the new one is made: there is no way back. */
  inPlace?: boolean;
  /** Requests prove themselves with another secret than the one that is replaced. */
  provedApart?: boolean;
  /** Keys at the provider have no names: a key of ours is told by what there was before. */
  unnamed?: boolean;
  /** A person makes and revokes the keys, and knows of them. */
  guided?: boolean;
  /** Keys alive at the provider; absent, or undefined, where it cannot be asked. */
  list?(proof: string): Promise<ProviderKey[] | undefined>;
  /** The id of the key that `proof` is. */
  identify?: ((proof: string) => Promise<string | undefined>) | undefined;
  /** Makes a key named `tag`. @param proof undefined where the secret has no value yet */
  create(tag: string, proof: string | undefined): Promise<NewKey>;
  /**
   * Revokes a key; one that is gone already is no error.
   * @returns false where it cannot tell which key that is
   */
  revoke(key: DoomedKey, proof: string): Promise<boolean>;
}

/** What a live request said of a value. */
export type Verdict =
  | { state: "works"; identity?: string }
  | { state: "rejected"; reason: string }
  /** The provider could not be asked, or its answer says nothing about the value; `unfit`: no request can carry it. */
  | { state: "unknown"; reason: string; unfit?: true };

/** Shows by live requests whether a value works. */
export interface Verifier {
  /** Whether asking with a value says something and costs nothing; absent: always. A refresh token is spent by asking. */
  judges?(value: string): boolean;
  verify(value: string): Promise<Verdict>;
  /** Endpoints that `before` may use and `after` may not: permissions that were lost. */
  lost(before: string, after: string): Promise<string[]>;
}
