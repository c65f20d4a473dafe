/** A place that keeps short texts under account names: what an OS keychain offers, and all we ask of it. */
export interface Entries {
  get(account: string): Promise<string | undefined>;
  set(account: string, text: string): Promise<void>;
  /** Whether there was one. */
  remove(account: string): Promise<boolean>;
}
