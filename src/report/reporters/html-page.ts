import { createHash } from "node:crypto";
import { STYLE } from "./html-style.ts";
import { html, type Markup } from "./html-text.ts";

/** What stands on a page. */
export interface Page {
  title: string;
  /** Below the title: where it is from, and of when. */
  about: Markup;
  main: Markup | readonly Markup[];
}

/** One self-contained page: nothing is loaded from anywhere, no script runs, and the page itself forbids both. */
export function pageHtml({ title, about, main }: Page): string {
  const hash = createHash("sha256").update(STYLE).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ html: policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${about}
</header>
<main>
${main}</main>
</body>
</html>
`;
  return page.html;
}

/** A moment as a person reads it, in UTC. @param at ISO date and time */
export function momentHtml(at: string): Markup {
  return html`<time datetime="${at}">${at.slice(0, 16).replace("T", " ")} UTC</time>`;
}
