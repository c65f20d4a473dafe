import type { Json } from "../../../src/contract/shape.ts";
import { maybe, nullable } from "./apis-objects.ts";
import type { Random } from "./random.ts";

type Fields = { [key: string]: Json };

function user(r: Random): Fields {
  const login = r.text(7, "abcdefghijklmnopqrstuvwxyz");
  return {
    login,
    id: r.int(1000, 9_000_000),
    node_id: r.text(20),
    avatar_url: `https://avatars.example.com/u/${r.int(1, 9999)}?v=4`,
    html_url: `https://code.example.com/${login}`,
    type: r.skewed(["User", "Bot"]),
    site_admin: false,
  };
}

/** An array as the body; which repository it is decides on milestones and assignees of all items. */
export function issues(r: Random): Json {
  const repository = { milestones: r.chance(0.3), assigns: r.next() };
  return r.list(0, 15, () => {
    const open = r.chance(0.6);
    const pull = r.chance(0.3);
    const number = r.int(1, 9000);
    return {
      url: `https://api.example.com/repos/o/r/issues/${number}`,
      id: r.int(1_000_000, 2_000_000_000),
      number,
      title: r.words(3, 8),
      user: user(r),
      labels: r.list(0, 3, () => ({
        id: r.int(1, 9e6),
        name: r.words(1, 1),
        color: r.hex(6),
        default: r.chance(0.5),
        description: nullable(r, 0.3, () => r.words(1, 4)),
      })),
      state: open ? "open" : "closed",
      locked: r.chance(0.02),
      assignee: r.chance(repository.assigns) ? user(r) : null,
      milestone:
        repository.milestones && r.chance(0.5)
          ? { number: r.int(1, 20), title: "next", due_on: nullable(r, 0.5, () => r.dateTime()) }
          : null,
      comments: r.int(0, 40),
      created_at: r.dateTime(),
      closed_at: open ? null : r.dateTime(),
      author_association: r.skewed(["NONE", "CONTRIBUTOR", "MEMBER", "OWNER"]),
      ...(pull
        ? {
            draft: r.chance(0.1),
            pull_request: {
              url: `https://api.example.com/pulls/${number}`,
              merged_at: nullable(r, 0.4, () => r.dateTime()),
            },
          }
        : {}),
      body: nullable(r, 0.1, () => r.words(5, 50)),
      state_reason: open ? null : r.skewed(["completed", "not_planned"]),
    };
  });
}

/** Properties with null where nothing was entered, ids as digits in strings, a cursor on all pages but the last. */
export function contacts(r: Random): Json {
  const last = r.chance(0.4);
  return {
    results: r.list(1, 10, () => ({
      id: r.text(11, "123456789"),
      properties: {
        createdate: r.dateTime(),
        email: nullable(r, 0.05, () => r.email()),
        firstname: nullable(r, 0.2, () => r.person()),
        hs_object_id: r.text(11, "123456789"),
        lastmodifieddate: r.dateTime(),
        lifecyclestage: nullable(r, 0.15, () => r.skewed(["lead", "customer", "subscriber", "opportunity"])),
      },
      createdAt: r.dateTime(),
      updatedAt: r.dateTime(),
      archived: false,
    })),
    ...(last
      ? {}
      : {
          paging: { next: { after: r.text(8), link: `https://api.example.com/contacts?after=${r.text(8)}` } },
        }),
  };
}

/** JSON:API: resources of two types, relationships, and things included beside. */
export function monitors(r: Random): Json {
  const monitor = (): Fields => ({
    id: String(r.int(1, 99_999)),
    type: "monitor",
    attributes: {
      name: r.words(2, 5),
      query: `avg(last_5m):avg:system.load.1{*} > ${r.int(1, 9)}`,
      priority: nullable(r, 0.6, () => r.int(1, 5)),
      threshold: r.next() * 100,
      tags: r.list(0, 4, () => `team:${r.text(4)}`),
      created: r.dateTime(),
      modified: r.dateTime(),
      multi: r.chance(0.5),
      overallState: r.skewed(["OK", "Alert", "No Data", "Warn"]),
      ...maybe(r, 0.5, () => ({ restrictedRoles: r.list(0, 2, () => r.uuid()) })),
    },
    relationships: { author: { data: { id: r.uuid(), type: "users" } } },
  });
  return {
    data: r.list(1, 8, monitor),
    ...maybe(r, 0.5, () => ({
      included: r.list(1, 3, () => ({
        id: r.uuid(),
        type: "users",
        attributes: { handle: r.email(), disabled: false },
      })),
    })),
    meta: { page: { totalCount: r.int(1, 400), totalFilteredCount: r.int(1, 400) } },
  };
}

export function droplets(r: Random): Json {
  const one = (): Fields => ({
    id: r.int(1, 9e6),
    name: r.text(12),
    memory: r.pick([512, 1024, 2048, 4096]),
    vcpus: r.pick([1, 2, 4]),
    locked: false,
    status: r.skewed(["active", "off", "new", "archive"]),
    kernel: null,
    created_at: r.dateTime(),
    features: r.list(0, 3, () => r.pick(["ipv6", "backups", "monitoring"])),
    backup_ids: r.list(0, 2, () => r.int(1, 9e6)),
    next_backup_window: nullable(r, 0.7, () => ({ start: r.dateTime(), end: r.dateTime() })),
    image: {
      id: r.int(1, 9e6),
      slug: nullable(r, 0.3, () => "ubuntu-22-04-x64"),
      public: r.chance(0.9),
      regions: r.list(0, 3, () => r.pick(["nyc1", "ams3", "fra1"])),
    },
    networks: {
      v4: r.list(1, 2, () => ({
        ip_address: `203.0.113.${r.int(1, 254)}`,
        netmask: "255.255.255.0",
        type: r.pick(["public", "private"]),
      })),
      v6: r.list(0, 1, () => ({ ip_address: `2001:db8::${r.hex(4)}`, netmask: 64, type: "public" })),
    },
    region: { slug: r.pick(["nyc1", "ams3", "fra1"]), available: true },
    tags: r.list(0, 2, () => r.text(5)),
    vpc_uuid: r.uuid(),
  });
  return {
    droplets: r.list(0, 8, one),
    links: r.chance(0.6)
      ? {
          pages: {
            next: `https://api.example.com/v2/droplets?page=${r.int(2, 9)}`,
            last: "https://api.example.com/v2/droplets?page=9",
          },
        }
      : {},
    meta: { total: r.int(0, 90) },
  };
}

export function zone(r: Random): Json {
  const record = (): Fields => {
    const type = r.skewed(["A", "TXT", "MX", "CNAME", "AAAA"]);
    return {
      id: r.hex(32),
      type,
      name: `${r.text(4, "abcdef")}.example.com`,
      content: r.text(12),
      priority: type === "MX" ? r.int(1, 50) : null,
      ttl: r.pick([60, 300, 3600]),
      proxied: r.chance(0.4),
      modified_on: r.dateTime(),
    };
  };
  return {
    success: true,
    errors: [],
    result: {
      id: r.hex(32),
      name: "example.com",
      paused: r.chance(0.05),
      name_servers: r.list(2, 4, () => `ns${r.int(1, 9)}.example.net`),
      plan: { legacy_id: r.pick(["free", "pro"]), price: r.pick([0, 20]) },
      records: r.list(0, 10, record),
      activated_on: nullable(r, 0.1, () => r.dateTime()),
    },
    result_info: nullable(r, 0.1, () => ({ page: 1, total_count: r.int(0, 50) })),
  };
}

/** Maps by currency, by number and by a made-up name. */
export function rates(r: Random): Json {
  const currencies = r
    .shuffled(["USD", "GBP", "CHF", "JPY", "SEK", "NOK", "CZK", "PLN", "HUF"])
    .slice(0, r.int(3, 9));
  return {
    base: "EUR",
    date: r.dateTime().slice(0, 10),
    rates: Object.fromEntries(currencies.map((code) => [code, Math.round(r.next() * 100_000) / 1000])),
    limits: Object.fromEntries(
      r.list(1, 5, () => [String(r.int(100, 999)), { used: r.int(0, 90), max: 100 }]),
    ),
    features: Object.fromEntries(r.list(1, 6, () => [`flag-${r.text(6)}`, r.chance(0.5)])),
  };
}
