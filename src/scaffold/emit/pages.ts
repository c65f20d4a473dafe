import { camelCase } from "../names.ts";
import type { ModuleSpec, OperationSpec, PagesSpec } from "../spec.ts";
import { ASSERTIONS } from "./assertions.ts";
import { emitImport, inBrackets, WIDTH } from "./layout.ts";
import { commentText, emitLiteral, quote } from "./literal.ts";

/** `list-customers` → `allCustomers`: its items instead of one page. */
export const allName = (operation: string) => camelCase(operation.replace(/^(?:list-)?/, "all-"));

/** What a client imports of the runtime. */
export function emitRuntimeImport({ operations }: Pick<ModuleSpec, "operations">): string {
  const paged = operations.some(({ pages }) => pages !== undefined);
  return emitImport("integ/runtime", ["createClient", ...(paged ? ["cursorPagination"] : [])]);
}

/** Where the next page is: a pointer in the page, or the last item where the page says that there are more. */
function nextLines({ items, more, next }: PagesSpec): string[] {
  if (next !== undefined) return [`        next: (page) => page.${next},`];
  const line = `        next: (page) => (page.${more} ? page.${items}.at(-1)?.id : undefined),`;
  return line.length <= WIDTH
    ? [line]
    : ["        next: (page) =>", `          page.${more} ? page.${items}.at(-1)?.id : undefined,`];
}

/** The method that walks the pages of a list. */
export function emitPagesMethod(operation: OperationSpec): string[] {
  const { name, method, path, consumer, pages } = operation;
  if (!pages) return [];
  return [
    [
      `  /** Every item of \`${commentText(`${method} ${path}`)}\`, page by page as they are read. */`,
      `  ${allName(operation.name)}(call: CallOptions = {}) {`,
      "    return this.#client.paginate({",
      `      operation: ${quote(name)},`,
      `      method: ${quote(method)},`,
      `      path: ${quote(path)},`,
      `      schema: schemas.${consumer},`,
      "      ...call,",
      "      pagination: cursorPagination({",
      `        parameter: ${quote(pages.parameter)},`,
      `        items: (page: schemas.${consumer}) => page.${pages.items},`,
      ...nextLines(pages),
      "      }),",
      "    });",
      "  }",
    ].join("\n"),
  ];
}

/** That a page leads to the next, and the last to none. The last holds more than the first: a page that comes twice is an error. */
export function pagesTest(spec: ModuleSpec, operation: OperationSpec): string[] {
  const { pages, path, sample } = operation;
  if (!pages) return [];
  const expected = ASSERTIONS[spec.testRunner];
  const pointer = pages.next === undefined ? `sample.${pages.items}[0]?.id` : '"more"';
  const leads = pages.next === undefined ? `${pages.more}: true` : `${pages.next}: "more"`;
  const call = `${camelCase(spec.name)}.${allName(operation.name)}().all()`;
  return [
    [
      `test(${quote(`${operation.name} is walked to its last page`)}, async () => {`,
      `  const sample = ${emitLiteral(sample, "  ")};`,
      `  const once = sample.${pages.items};`,
      inBrackets(
        "  ",
        "const last = answer(",
        [quote(path), `{ ...sample, ${pages.items}: [...once, ...once] }`],
        ");",
      ),
      `  const first = { ...sample, ${leads} };`,
      inBrackets("  ", "answer(", [quote(path), "first", "{ once: true }"], ");"),
      `  const items = await ${call};`,
      `  ${expected.alike("items", "[...once, ...once, ...once]").trim()}`,
      '  const { searchParams } = new URL(last[0]?.url ?? "");',
      expected.same(`searchParams.get(${quote(pages.parameter)})`, pointer),
      "});",
    ].join("\n"),
  ];
}
