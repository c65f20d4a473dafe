import { describe, expect, test } from "vitest";
import * as z from "zod";
import {
  BadResponseError,
  type CallRequest,
  createClient,
  cursorPagination,
  linkPagination,
  offsetPagination,
  type Pagination,
  pagePagination,
} from "../../src/runtime/index.ts";
import { failureOf, provider, type Reaction, type Seen } from "./support.ts";

const ids = Array.from({ length: 25 }, (_, index) => `item-${index}`);
const Page = z.object({
  data: z.array(z.string()),
  next: z.string().nullish(),
  total: z.number().optional(),
});
type Page = z.infer<typeof Page>;
const items = ({ data }: Page) => data;
const list: CallRequest<Page> = { operation: "list", method: "GET", path: "/items", schema: Page };

const parameter = (seen: Seen, name: string) => new URL(seen.url).searchParams.get(name);

interface Family {
  pagination: Pagination<Page, string>;
  react: (seen: Seen) => Reaction;
}

const families: Record<string, Family> = {
  cursor: {
    pagination: cursorPagination({ items, parameter: "after", next: ({ next }) => next }),
    react: (seen) => {
      const from = Number(parameter(seen, "after") ?? 0);
      return {
        json: { data: ids.slice(from, from + 10), next: from + 10 < ids.length ? String(from + 10) : null },
      };
    },
  },
  page: {
    pagination: pagePagination({ items }),
    react: (seen) => {
      const from = (Number(parameter(seen, "page")) - 1) * 10;
      return { json: { data: ids.slice(from, from + 10) } };
    },
  },
  offset: {
    pagination: offsetPagination({ items, limit: 10 }),
    react: (seen) => {
      const from = Number(parameter(seen, "offset"));
      return { json: { data: ids.slice(from, from + Number(parameter(seen, "limit"))) } };
    },
  },
  "offset with a total and shorter pages": {
    pagination: offsetPagination({ items, limit: 10, total: ({ total }) => total }),
    react: (seen) => {
      const from = Number(parameter(seen, "offset"));
      return { json: { data: ids.slice(from, from + 7), total: ids.length } };
    },
  },
  link: {
    pagination: linkPagination({ items }),
    react: (seen) => {
      const from = Number(parameter(seen, "from") ?? 0);
      const next = `</items?from=${from + 10}&sort=a,b>; rel="next", <https://api.example.com/items>; rel=first`;
      return {
        json: { data: ids.slice(from, from + 10) },
        headers: from + 10 < ids.length ? { link: next } : {},
      };
    },
  },
};

describe.each(Object.entries(families))("pages by %s", (_name, { pagination, react }) => {
  const world = () => {
    const made = provider(react);
    return { ...made, acme: made.client() };
  };

  test("give every item once, in order", async () => {
    const { acme, time } = world();
    expect(await time.run(acme.paginate({ ...list, pagination }).all())).toEqual(ids);
  });

  test("are asked for only as they are needed", async () => {
    const { acme, time, seen } = world();
    const walk = async () => {
      for await (const id of acme.paginate({ ...list, pagination })) if (id === ids[3]) return;
    };
    await time.run(walk());
    expect(seen).toHaveLength(1);
  });

  test("stop at a number of items or pages", async () => {
    const { acme, time, seen } = world();
    expect(await time.run(acme.paginate({ ...list, pagination, maxItems: 12 }).all())).toEqual(
      ids.slice(0, 12),
    );
    expect(seen).toHaveLength(2);
    const onePage = await time.run(acme.paginate({ ...list, pagination, maxPages: 1 }).all());
    expect(ids.slice(0, onePage.length)).toEqual(onePage);
    expect(seen).toHaveLength(3);
  });

  test("go on another day, in another process, from a page's cursor", async () => {
    const { acme, time } = world();
    const begin = async () => {
      for await (const page of acme.paginate({ ...list, pagination }).pages()) return page;
      return undefined;
    };
    const first = await time.run(begin());
    const cursor = first?.cursor ?? "";
    const rest = await time.run(
      world()
        .acme.paginate({ ...list, pagination, from: cursor })
        .all(),
    );
    expect([...(first?.items ?? []), ...rest]).toEqual(ids);
  });
});

test("a page cut short is given again from its cursor: nothing is left out", async () => {
  const { react, pagination } = families.cursor ?? expect.fail();
  const { client, time } = provider(react);
  const acme = client();
  const cut = async () => {
    let last: string | undefined;
    for await (const page of acme.paginate({ ...list, pagination, maxItems: 15 }).pages()) last = page.cursor;
    return last;
  };
  const from = (await time.run(cut())) ?? "";
  expect(await time.run(acme.paginate({ ...list, pagination, from }).all())).toEqual(ids.slice(10));
});

test("the caller's signal ends a walk with its reason", async () => {
  const { react, pagination } = families.page ?? expect.fail();
  const { client, time, seen } = provider(react);
  const controller = new AbortController();
  const reason = new Error("enough");
  const walk = async () => {
    for await (const _id of client().paginate({ ...list, pagination, signal: controller.signal })) {
      controller.abort(reason);
    }
  };
  expect(await failureOf(time.run(walk()))).toBe(reason);
  expect(seen).toHaveLength(1);
});

test("pages in a circle are an error, not an endless walk", async () => {
  const { client, time, seen } = provider([{ json: { data: ["a"], next: "same" } }]);
  const pagination = cursorPagination({ items, parameter: "after", next: ({ next }: Page) => next });
  const error = await failureOf(
    time.run(
      client()
        .paginate({ ...list, pagination })
        .all(),
    ),
  );
  expect(error).toBeInstanceOf(BadResponseError);
  expect(seen).toHaveLength(2);
});

describe("a provider that gives one page over and over", () => {
  const list = { operation: "list", method: "GET", path: "/list" } as const;
  const numbered = pagePagination({ items: (page: unknown[]) => page });
  const byOffset = offsetPagination({ items: (page: unknown[]) => page, limit: 2 });
  const walk = (page: unknown[], pagination: Pagination<unknown[], unknown>, bounds = {}) => {
    const { client, time, seen } = provider([{ json: page }]);
    const pages = client().paginate({ ...list, pagination, ...bounds });
    return { seen, all: () => time.run(pages.all()) };
  };

  test.each<[string, unknown[], Pagination<unknown[], unknown>]>([
    ["numbered pages", [{ id: 1 }, { id: 2 }], numbered],
    ["numbered pages with one thing each", [{ id: 1 }], numbered],
    ["stretches", [{ id: 1 }, { id: 2 }], byOffset],
    ["stretches of names", ["a", "b"], byOffset],
  ])(
    "does not heed what is asked for: %s end with an error at the second",
    async (_what, page, pagination) => {
      const { all, seen } = walk(page, pagination);
      const error = await failureOf(all());
      expect(error).toBeInstanceOf(BadResponseError);
      expect(error).toMatchObject({ operation: "list", attempts: [{ status: 200 }] });
      expect(seen).toHaveLength(2);
    },
  );

  test("is found out though the caller changes the items that it is given", async () => {
    const { client, time } = provider([{ json: [{ id: 1 }, { id: 2 }] }]);
    const pagination = pagePagination({ items: (page: { id: number; seen?: boolean }[]) => page });
    const mark = async () => {
      for await (const item of client().paginate({ ...list, pagination })) item.seen = true;
    };
    expect(await failureOf(time.run(mark()))).toBeInstanceOf(BadResponseError);
  });

  test("is not taken for one where alike things may follow each other", async () => {
    for (const page of [[0, 0], [{ kwh: 0 }, { kwh: 0 }], [0]]) {
      const { all } = walk(page, numbered, { maxPages: 3 });
      expect(await all()).toHaveLength(3 * page.length);
    }
  });
});

test("a list that has no end after 10,000 pages is an error, unless `maxPages` says so", async () => {
  const head = { status: 200, headers: {}, asHeaders: () => new Headers() };
  let asked = 0;
  const client = createClient({
    integration: "acme",
    version: "v1",
    baseUrl: "https://api.example.com",
    env: {},
    transport: async (_request, _scope, onHead) => {
      onHead(head);
      return String(asked++);
    },
  });
  const pagination = pagePagination({ items: (page: number) => [page] });
  const list = { operation: "list", method: "GET", path: "/list", pagination } as const;
  const error = await failureOf(client.paginate(list).all());
  expect(error).toBeInstanceOf(BadResponseError);
  expect(String(error)).toContain("maxPages");
  expect(asked).toBe(10_000);
  expect(await client.paginate({ ...list, maxPages: 10_001 }).all()).toHaveLength(10_001);
});

test("a link to another origin is not followed: our credential would go there", async () => {
  const headers = { link: '<https://evil.example/items?page=2>; rel="next"' };
  const { client, time, seen } = provider([{ json: { data: ["a"] }, headers }]);
  const walk = client().paginate({ ...list, pagination: linkPagination({ items }) });
  expect(await failureOf(time.run(walk.all()))).toBeInstanceOf(BadResponseError);
  expect(seen).toHaveLength(1);
});

test("what is no cursor is refused before anything is sent", async () => {
  const { client, time, seen } = provider([{}]);
  const pagination = pagePagination({ items });
  for (const from of ["", "abc", Buffer.from('{"query":{"a":{}}}').toString("base64url")]) {
    const error = await failureOf(
      time.run(
        client()
          .paginate({ ...list, pagination, from })
          .all(),
      ),
    );
    expect(String(error)).toContain("not the cursor of a page");
  }
  expect(seen).toHaveLength(0);
});

describe("a page of another form than the strategy knows", () => {
  const list = { operation: "list", method: "GET", path: "/list" } as const;
  const page = (data: unknown) => provider([{ json: data, headers: { "x-request-id": "r1" } }]).client();

  test.each<[string, unknown, string]>([
    ["has no list", {}, "`items` found undefined"],
    ["has null for its list", { data: null }, "`items` found null"],
    ["has an object for its list", { data: { a: 1 } }, "`items` found object"],
  ])("that %s is the provider's bad response, not a TypeError of ours", async (_what, data, words) => {
    const pagination = cursorPagination({
      items: (body: { data: number[] }) => body.data,
      parameter: "after",
      next: () => undefined,
    });
    const error = await failureOf(
      page(data)
        .paginate<{ data: number[] }, number>({ ...list, pagination })
        .all(),
    );
    expect(error).toBeInstanceOf(BadResponseError);
    expect(error).toMatchObject({ code: "bad_response", operation: "list", requestId: "r1", status: 200 });
    expect(String(error)).toContain(words);
  });

  test.each(["items", "next"] as const)(
    "in which `%s` throws keeps that error as its cause",
    async (which) => {
      const boom = new TypeError("deep in there");
      const fail = () => {
        throw boom;
      };
      const pagination = {
        ...cursorPagination({ items: () => [1], parameter: "after", next: () => undefined }),
        [which]: fail,
      };
      const error = await failureOf(
        page({})
          .paginate({ ...list, pagination })
          .all(),
      );
      expect(error).toBeInstanceOf(BadResponseError);
      expect(error).toHaveProperty("cause", boom);
    },
  );
});
