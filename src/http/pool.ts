import { Link } from "./link.ts";
import type { Http2Module } from "./wire/http2.ts";
import { type ConnectionOptions, mayBeHttp2 } from "./wire/open.ts";

/** Idle connections kept for one destination. */
const MAX_IDLE = 256;

/** Connections by destination. A link is either idle here or lent to one exchange. */
export class LinkPool {
  readonly #idle = new Map<string, Link[]>();
  readonly #lent = new Set<Link>();
  #http2: Http2Module | undefined;

  /** Where the connection may come to speak HTTP/2: loading it takes its time, which belongs to no phase. */
  async http2For(options: ConnectionOptions): Promise<Http2Module | undefined> {
    if (!mayBeHttp2(options)) return undefined;
    this.#http2 ??= await import("node:http2");
    return this.#http2;
  }

  /** Takes an idle connection, where there is one. */
  reuse(options: ConnectionOptions): Link | undefined {
    const idle = this.#idle.get(keyOf(options));
    for (let link = idle?.pop(); link; link = idle?.pop()) {
      if (link.usable) {
        this.#lent.add(link);
        return link;
      }
      void link.destroy();
    }
    return undefined;
  }

  /** Takes a new connection. */
  async open(options: ConnectionOptions): Promise<Link> {
    const link = new Link(options, await this.http2For(options));
    this.#lent.add(link);
    return link;
  }

  /** Takes a connection back; broken ones, and those beyond what is kept, are closed. */
  give(link: Link, options: ConnectionOptions): void {
    this.#lent.delete(link);
    const key = keyOf(options);
    const idle = this.#idle.get(key) ?? [];
    this.#idle.set(key, idle);
    if (link.usable && idle.length < MAX_IDLE) idle.push(link);
    else void link.destroy();
  }

  async close(): Promise<void> {
    const links = [...this.#lent, ...[...this.#idle.values()].flat()];
    this.#idle.clear();
    this.#lent.clear();
    await Promise.all(links.map((link) => link.destroy()));
  }
}

const keyOf = ({ origin, proxy, maxHeaderBytes }: ConnectionOptions) =>
  `${origin.origin} ${proxy?.url.origin ?? ""} ${maxHeaderBytes}`;
