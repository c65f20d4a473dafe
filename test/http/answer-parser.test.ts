import { describe, expect, test } from "vitest";
import { AnswerParser } from "../../src/http/wire/answer-parser.ts";
import { NOT_PLAIN, readPlainHead } from "../../src/http/wire/plain-answer.ts";

const WHOLE = { maxHeaderBytes: 16_384, whole: true };

function parse(text: string, method = "GET", size = text.length): AnswerParser {
  const parser = new AnswerParser(WHOLE);
  parser.expect(method);
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += size) parser.read(bytes.subarray(at, at + size));
  return parser;
}

/** What a reader of one answer sees, by the way its end is said. */
const ANSWERS = {
  "a length": {
    text: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Limit: 7\r\n\r\nhello",
    sees: { status: 200, bytes: 5, complete: true, keepAlive: true },
  },
  "chunks and trailers": {
    text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Limit: 7\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nX-Late: 1\r\n\r\n",
    sees: { status: 200, bytes: 5, complete: true, keepAlive: true },
  },
  "no body by its status": {
    text: "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nX-Limit: 7\r\n\r\n",
    sees: { status: 304, bytes: 0, complete: true, keepAlive: true },
  },
  "heads that come before it": {
    text: "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\nX-Limit: 7\r\n\r\n",
    sees: { status: 201, bytes: 0, complete: true, keepAlive: true },
  },
  "a connection that ends with it": {
    text: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\nX-Limit: 7\r\n\r\nhello",
    sees: { status: 200, bytes: 5, complete: true, keepAlive: false },
  },
};

describe("where an answer ends", () => {
  test.each(Object.entries(ANSWERS))("%s, however its bytes come", (_what, { text, sees }) => {
    const head = text.lastIndexOf("\r\n\r\n") + 4;
    for (const size of [text.length, 1, 2, 7, 20, head, head + 1]) {
      const parser = parse(text, "GET", size);
      const { status, bytes, complete, keepAlive } = parser;
      expect({ status, bytes, complete, keepAlive }, `pieces of ${size}`).toEqual(sees);
      expect(Buffer.from(parser.body()).toString(), `pieces of ${size}`).toBe("hello".slice(0, sees.bytes));
      // Of the head that counts, neither an earlier one nor the trailers.
      expect(parser.headers()["x-limit"]).toBe("7");
      expect(Object.keys(parser.headers())).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/early|late/)]),
      );
    }
  });

  test("an answer without a length ends with the connection", () => {
    const parser = parse("HTTP/1.1 200 OK\r\n\r\nhello");
    expect([parser.complete, parser.end(), parser.bytes, parser.keepAlive]).toEqual([false, true, 5, false]);
  });

  test.each([
    "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "HTTP/1.1 200 OK\r\ncontent-le",
    "",
  ])("one with a length does not: %j", (text) => {
    expect(parse(text).end()).toBe(false);
  });

  test("the answer to a HEAD request has no body, whatever length it names", () => {
    expect(parse("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n", "HEAD").complete).toBe(true);
  });

  test("one answer after another on the same connection", () => {
    const parser = new AnswerParser(WHOLE);
    for (const word of ["one", "three", ""]) {
      parser.expect("GET");
      parser.read(
        Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${word.length}\r\nx-w: ${word}\r\n\r\n${word}`),
      );
      expect([parser.complete, parser.bytes, parser.headers()["x-w"]]).toEqual([true, word.length, word]);
    }
  });

  test("what comes after an answer is no answer to the next request", () => {
    const answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    for (const surplus of [answer, "garbage", "HTTP/1.1 500 "]) {
      const { status, bytes, complete, keepAlive } = parse(answer + surplus);
      expect([status, bytes, complete, keepAlive], surplus).toEqual([200, 2, true, false]);
    }
  });
});

/** Everything that tells one reading of an answer from another. */
function reading(text: string, size: number) {
  try {
    const parser = parse(text, "GET", size);
    const { status, bytes, complete, keepAlive } = parser;
    const body = Buffer.from(parser.body()).toString("latin1");
    return { status, bytes, complete, keepAlive, body, headers: complete ? parser.headers() : {} };
  } catch {
    return "refused";
  }
}

// A plain head in one piece is recognised without llhttp: it must be one that llhttp, which sees the pieces, reads alike.
describe("the short way and the long one say the same of", () => {
  const plain = "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 2\r\n\r\nok";
  const variants = [
    plain,
    `${plain}x`,
    plain.slice(0, -1),
    ...[
      "204 No Content",
      "304 Not Modified",
      "100 Continue",
      "99 OK",
      "2000 OK",
      "2x0 OK",
      "200",
      "200 ",
      "200\tOK",
      "200 \u00e9",
      "200 \u0001",
      "599 Last",
    ].map((status) => plain.replace("200 OK", status)),
    ...["HTTP/1.0", "HTTP/2.0", "http/1.1", "HTTP/1.1 ", " HTTP/1.1"].map((version) =>
      plain.replace("HTTP/1.1", version),
    ),
    ...[
      "2 ",
      " 2",
      "\t2",
      "02",
      "+2",
      "-2",
      "0x2",
      "2,2",
      "2, 2",
      "",
      "two",
      "2\r\nContent-Length: 2",
      "2\r\ncontent-length: 3",
      "99999999999999999999",
      "1000000000",
    ].map((length) => plain.replace(": 2", `: ${length}`)),
    ...[
      "Connection: keep-alive",
      "connection: KEEP-ALIVE",
      "Connection: close",
      "Connection: keep-alive, close",
      "Connection: upgrade",
      "Connection:",
      "Connection: keep-alive ",
      "Proxy-Connection: close",
      "Transfer-Encoding: chunked",
      "TRANSFER-ENCODING: identity",
      "Transfer-Encoding:",
      "Upgrade: h2c",
      "Empty:",
      "Empty: ",
      "Spaces:   a  b  ",
      "Tab:\ta",
      "Colon : a",
      " Folded: a",
      "\tFolded: a",
      "A: b\r\n folded",
      ": nameless",
      "nameless",
      "N\u00e4me: a",
      "Na me: a",
      "Value: \u00e9",
      "Value: a\u0000b",
      "Value: a\u007fb",
      "Value: a\rb",
      "Value: a\nb",
      "Content-Lengths: 9",
      "xContent-Length: 9",
      "Content_Length: 9",
      "A: b\nTransfer-Encoding: chunked",
    ].map((line) => plain.replace("Content-Type: a/b", line)),
    plain.replace("Content-Type: a/b\r\n", ""),
    plain.replace("Content-Length: 2\r\n", ""),
    plain.replaceAll("\r\n", "\n"),
    plain.replace("\r\n\r\n", "\r\n\n"),
    plain.replace("\r\n\r\n", "\n\r\n"),
    `\r\n${plain}`,
  ];
  test("there is a short way", () => {
    const seen = { status: 0, bytes: 0, length: 0, parts: [], count: 0 };
    for (const missing of [0, 1, 2]) {
      const head = readPlainHead(Buffer.from(plain.slice(0, plain.length - missing)), seen);
      expect(head).toBe(plain.length - 2);
      expect(seen).toMatchObject({ status: 200, length: 2, count: 8 });
    }
    expect(readPlainHead(Buffer.from(`${plain}x`), seen)).toBe(NOT_PLAIN);
  });

  test.each(["", "HTTP/1.1 500 Oops\r\n\r\n"])("a body in pieces with %j after it", (surplus) => {
    const head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
    const text = `${head}0123456789${surplus}`;
    for (const size of [head.length, head.length + 3, head.length + 9]) {
      expect(reading(text, size), `pieces of ${size}`).toEqual(reading(text, 1));
    }
  });

  test.each(variants)("%j", (text) => {
    expect(reading(text, text.length)).toEqual(reading(text, 1));
  });
});

describe("what is no answer", () => {
  test.each([
    ["no HTTP", "<html>hello</html>"],
    ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nok"],
    [
      "a length and chunks",
      "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a control character in a header", "HTTP/1.1 200 OK\r\nx: a\u0000b\r\n\r\n"],
    ["an invalid chunk size", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nbanana\r\n"],
    [
      "another protocol that nobody asked for",
      "HTTP/1.1 101 Go\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
    ],
  ])("%s", (_what, text) => {
    expect(() => parse(text)).toThrow(/does not match the HTTP\/1\.1 protocol/);
    expect(() => parse(text, "GET", 1)).toThrow(/does not match the HTTP\/1\.1 protocol/);
  });

  test("a head beyond the bound, whether it comes at once or for ever", () => {
    const line = `x: ${"y".repeat(100)}\r\n`;
    const endless = `HTTP/1.1 200 OK\r\n${line.repeat(1000)}`;
    for (const text of [endless, `${endless}\r\n`, "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(10_000)])
      for (const size of [text.length, 1000])
        expect(() => parse(text, "GET", size)).toThrow(
          expect.objectContaining({ code: "UND_ERR_HEADERS_OVERFLOW" }),
        );
  });
});

test("headers of one name are joined, and names are in lower case", () => {
  const parser = parse(
    "HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\nEmpty:\r\nB:  c \r\ncontent-length: 0\r\n\r\n",
  );
  expect(parser.headers()).toEqual({ "x-a": "1, 2", empty: "", b: "c", "content-length": "0" });
});

test("a body is kept only where answers are wanted whole", () => {
  for (const size of [1, 1000]) {
    const parser = new AnswerParser({ ...WHOLE, whole: false });
    parser.expect("GET");
    const text = Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
    for (let at = 0; at < text.length; at += size) parser.read(text.subarray(at, at + size));
    expect([parser.complete, parser.bytes, parser.body().length]).toEqual([true, 5, 0]);
  }
});

test("an answer larger than what is read at a time", () => {
  const parser = parse(`HTTP/1.1 200 OK\r\ncontent-length: 300000\r\n\r\n${"x".repeat(300_000)}`);
  expect([parser.complete, parser.bytes]).toEqual([true, 300_000]);
});
