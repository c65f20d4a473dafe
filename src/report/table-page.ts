import { momentHtml, pageHtml } from "./reporters/html-page.ts";
import { html, type Markup } from "./reporters/html-text.ts";

/** A cell of a page: text, and how good or bad it is where that matters. */
export type PageCell = string | { text: string; tone: "error" | "good" };

export interface TablePage {
  title: string;
  /** In one sentence, for who cannot see the table. */
  caption: string;
  /** Version of integ. */
  version: string;
  /** ISO date and time. */
  at: string;
  head: readonly string[];
  /** The first cell of a row names it. */
  rows: readonly (readonly PageCell[])[];
}

function cellHtml(cell: PageCell, index: number): Markup {
  if (index === 0) return html`<th scope="row">${typeof cell === "string" ? cell : cell.text}</th>`;
  if (typeof cell === "string") return html`<td>${cell}</td>`;
  const tag =
    cell.tone === "error" ? html`<td class="error"><span class="word">${cell.text}</span></td>` : undefined;
  return tag ?? html`<td><ins>${cell.text}</ins></td>`;
}

/** A table as a page of its own. */
export function tablePage({ title, caption, version, at, head, rows }: TablePage): string {
  const body = rows.map((row) => html`<tr>${row.map(cellHtml)}</tr>\n`);
  return pageHtml({
    title,
    about: html`<p class="soft">integ ${version}, ${momentHtml(at)}</p>`,
    main: html`<div class="scroll" role="region" aria-label="${title}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${body}</tbody>
</table></div>
`,
  });
}
