import { describe, expect, test } from "vitest";
import type { Exchange, HttpClient } from "../../src/http/exchange.ts";
import { recordHar, replayHar } from "../../src/http/har.ts";
import { brokenNotes } from "../../src/http/har-entries.ts";

const base = { phases: { ttfb: 2, download: 1 }, connection: { reused: true }, hops: [], totalMs: 3 };

function clientOf(exchanges: Exchange[]): HttpClient {
  const queue = [...exchanges];
  const none: Exchange = { ...base, request: { method: "GET", url: "none" }, startedAt: 0 };
  return { exchange: async () => queue.shift() ?? none, close: async () => {} };
}

const get = (url: string, headers: Record<string, string> = {}) => ({ method: "GET", url, headers });
const exchange = (url: string, body: Uint8Array, startedAt: number): Exchange => ({
  ...base,
  request: { method: "GET", url },
  response: { status: 200, headers: { "content-type": "application/json" }, body, httpVersion: "1.1" },
  startedAt,
});

const secret = ["tok", "en", "0123456789abcdef"].join("");

describe("HAR", () => {
  test("what was recorded comes back byte for byte, in the order it was asked", async () => {
    const url = "https://api.test/v1/things?limit=3";
    const seen: Exchange[] = [
      exchange(url, Buffer.from('{"a":1.0,"b":9007199254740993}'), 1000),
      exchange(url, Buffer.from([0xff, 0xfe, 0x00, 0x80]), 2000),
      {
        ...base,
        request: { method: "GET", url },
        failure: { kind: "timeout", message: "late" },
        startedAt: 3000,
      },
    ];
    const { client, har } = recordHar(clientOf(seen));
    for (const _ of seen) await client.exchange(get(url));
    const replay = replayHar(har(), "x.har");
    expect(replay.recordedAt).toBe(1000);
    for (const original of seen) {
      const again = await replay.client.exchange(get(url));
      expect({
        ...again,
        response: again.response && { ...again.response, body: [...again.response.body] },
      }).toEqual({
        ...original,
        response: original.response && { ...original.response, body: [...original.response.body] },
      });
    }
  });

  test("no credential is in the file: header, query, cookie of the answer", async () => {
    const url = `https://api.test/x?api_key=${secret}`;
    const shown = "https://api.test/x?api_key=REDACTED";
    const answer = exchange(shown, Buffer.from("{}"), 1);
    const { client, har } = recordHar(
      clientOf([
        {
          ...answer,
          response: answer.response && { ...answer.response, headers: { "set-cookie": secret } },
        } as Exchange,
      ]),
    );
    await client.exchange({
      ...get(url, { authorization: `Bearer ${secret}`, "x-own": secret }),
      credentials: { headers: ["authorization", "x-own"], query: ["api_key"] },
    });
    expect(har()).not.toContain(secret);
    const again = await replayHar(har(), "x").client.exchange({
      ...get(url),
      credentials: { headers: [], query: ["api_key"] },
    });
    expect(again.response?.status).toBe(200);
  });

  test("a request that was not recorded has no answer, and none is made up", async () => {
    const { client } = replayHar('{"log":{"entries":[]}}', "x.har");
    expect((await client.exchange(get("https://api.test/"))).failure?.message).toContain(
      "holds no answer for GET",
    );
  });

  test("a browser's HAR is read too: repeated headers, base64, status 0 for no answer", async () => {
    const entry = (status: number, text: string) => ({
      startedDateTime: "2026-01-01T00:00:00.000Z",
      time: 12,
      request: { method: "GET", url: "https://api.test/a" },
      response: {
        status,
        httpVersion: "h2",
        headers: [
          { name: "Vary", value: "a" },
          { name: "vary", value: "b" },
        ],
        content: { text, encoding: "base64" },
      },
    });
    const file = JSON.stringify({ log: { entries: [entry(200, "e30="), entry(0, "")] } });
    const { client } = replayHar(file, "x.har");
    const first = await client.exchange(get("https://api.test/a"));
    expect(first.response).toMatchObject({ status: 200, httpVersion: "2", headers: { vary: "a, b" } });
    expect(Buffer.from(first.response?.body ?? []).toString()).toBe("{}");
    expect((await client.exchange(get("https://api.test/a"))).failure?.kind).toBe("unreachable");
  });

  test.each(["", "[]", '{"log":{}}', '{"log":{"entries":[{}]}}'])(
    "%j is no HAR, and that is said",
    (text) => {
      expect(() => replayHar(text, "x.har")).toThrow(/x\.har is no HAR file/);
    },
  );

  test("a broken entry is told with its place", () => {
    expect(() => replayHar('{"log":{"entries":[{"request":5}]}}', "x.har")).toThrow(
      /^x\.har is no HAR file: log\.entries\[0\]\.request: .*expected object, received number$/,
    );
  });

  test("an entry without what nobody needs of it is a whole one: version, times, headers", async () => {
    const entry = {
      request: { method: "GET", url: "https://api.test/a" },
      response: { status: 200, content: { mimeType: "application/json; charset=utf-8", text: '{"a":1}' } },
    };
    const file = `\ufeff${JSON.stringify({ log: { entries: [entry] } })}`;
    const { client, broken, recordedAt } = replayHar(file, "x.har");
    expect([broken, recordedAt]).toEqual([[], undefined]);
    const { response, startedAt } = await client.exchange(get("https://api.test/a"));
    expect(startedAt).toBe(0);
    expect(response).toMatchObject({
      status: 200,
      httpVersion: "1.1",
      headers: { "content-type": "application/json; charset=utf-8" },
    });
    expect(Buffer.from(response?.body ?? []).toString()).toBe('{"a":1}');
  });

  test("what a header says of the type holds, whatever else is written beside the body", async () => {
    const entry = {
      request: { method: "GET", url: "https://api.test/a" },
      response: {
        status: 200,
        headers: [{ name: "Content-Type", value: "application/hal+json" }],
        content: { mimeType: "application/json", text: "{}" },
      },
    };
    const { client } = replayHar(JSON.stringify({ log: { entries: [entry] } }), "x.har");
    const { response } = await client.exchange(get("https://api.test/a"));
    expect(response?.headers).toEqual({ "content-type": "application/hal+json" });
  });

  test("a broken entry does not spoil the others: whoever asks for it gets a failure, and its place is told", async () => {
    const sound = (url: string) => ({
      startedDateTime: "2026-01-01T00:00:00.000Z",
      time: 12,
      request: { method: "GET", url },
      response: { status: 200, httpVersion: "h2", headers: [], content: { text: "{}" } },
    });
    const { response: _, ...unanswered } = sound("https://api.test/a");
    const entries = [unanswered, sound("https://api.test/a"), 5, sound("https://api.test/b")];
    const { client, broken } = replayHar(JSON.stringify({ log: { entries } }), "x.har");
    expect(broken.map(({ reason }) => reason.split(":")[0])).toEqual([
      "log.entries[0].response",
      "log.entries[2]",
    ]);
    const first = await client.exchange(get("https://api.test/a"));
    expect(first.failure).toMatchObject({
      kind: "protocol",
      message: expect.stringContaining("log.entries[0].response"),
    });
    for (const url of ["https://api.test/a", "https://api.test/b"])
      expect((await client.exchange(get(url))).response?.status).toBe(200);
    expect(brokenNotes("x.har", broken)).toHaveLength(2);
    const many = brokenNotes(
      "x.har",
      Array.from({ length: 12 }, () => ({ reason: "log.entries[0]: broken", asked: undefined })),
    );
    expect([many.length, many.at(-1)]).toEqual([11, "and 2 further entries"]);
  });
});
