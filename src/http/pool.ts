import type { Client } from "undici";
import { Link, type LinkOptions } from "./link.ts";

/** Idle connections kept for one destination. */
const MAX_IDLE = 256;

/** Connections by destination. A link is either idle here or lent to one exchange. */
export class LinkPool {
  readonly #idle = new Map<string, Link[]>();
  readonly #lent = new Set<Link>();
  #Undici: typeof Client | undefined;

  async load(): Promise<typeof Client> {
    this.#Undici ??= (await import("undici/lib/dispatcher/client.js")).default;
    return this.#Undici;
  }

  /** Takes an idle connection, where there is one. */
  reuse(options: LinkOptions): Link | undefined {
    const link = this.#idle.get(keyOf(options))?.pop();
    if (link) this.#lent.add(link);
    return link;
  }

  /** Takes a new connection. */
  async open(options: LinkOptions): Promise<Link> {
    const link = new Link(options, await this.load());
    this.#lent.add(link);
    return link;
  }

  /** Takes a connection back; broken ones, and those beyond what is kept, are closed. */
  give(link: Link, options: LinkOptions): void {
    this.#lent.delete(link);
    const key = keyOf(options);
    const idle = this.#idle.get(key) ?? [];
    this.#idle.set(key, idle);
    if (!link.broken && idle.length < MAX_IDLE) idle.push(link);
    else void link.destroy();
  }

  async close(): Promise<void> {
    const links = [...this.#lent, ...[...this.#idle.values()].flat()];
    this.#idle.clear();
    this.#lent.clear();
    await Promise.all(links.map((link) => link.destroy()));
  }
}

const keyOf = ({ origin, proxy, maxHeaderBytes }: LinkOptions) =>
  `${origin.origin} ${proxy?.url.origin ?? ""} ${maxHeaderBytes}`;
